"""Every sandbox keeps the port's promises: in memory, and through boto3 on the laptop's code interpreter."""

from __future__ import annotations

import re
import shlex
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws import code_interpreter
from local.aws.context import Handler, Route
from local.sandbox.toolchain import ensure_toolchain
from slipway.adapters.aws import code_interpreter as adapter
from slipway.adapters.aws.code_interpreter import CodeInterpreterSandboxes
from slipway.adapters.memory.sandbox import MemorySandboxes
from slipway.domain.errors import NotFound, Permanent
from slipway.ports.sandbox import CommandResult, Sandboxes

ROOT = Path(__file__).parents[2]


class EmulatorRoutes:
    """What `install` is given: collects the routes and serves them over HTTP as the emulator does."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self.stop: Callable[[], object] = lambda: None

    def route(self, method: str, path_regex: str, handler: Handler) -> None:
        self.routes.append(Route(method, re.compile(path_regex), handler))

    def on_stop(self, action: Callable[[], object]) -> None:
        self.stop = action

    def answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        for route in self.routes:
            if route.method == method and (match := route.path.fullmatch(parts.path)):
                return route.handler(match, headers, body, parse_qs(parts.query))
        return 404, {}, b"{}"


def serve(routes: EmulatorRoutes) -> ThreadingHTTPServer:
    class OneRequest(BaseHTTPRequestHandler):
        def any_method(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answered, content = routes.answer(self.command, self.path, headers, body)
            self.send_response(status)
            for name, value in {**answered, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = any_method

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OneRequest)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLIPWAY_STATE_DIR", str(state))
        patch.setenv("SLIPWAY_SANDBOX_TOOLCHAIN", str(ensure_toolchain(ROOT / ".slipway" / "toolchain")))
        routes = EmulatorRoutes()
        code_interpreter.install(routes)
        server = serve(routes)
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        routes.stop()
    assert list((state / "code-interpreter").glob("*")) == []


@pytest.fixture
def laptop(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> CodeInterpreterSandboxes:
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    return CodeInterpreterSandboxes("slipway_sandbox-0123456789")


def shell(line: str, files: Mapping[str, bytes]) -> CommandResult:
    """A shell that knows `cat` and `exit`, for the memory sandbox."""
    program, *arguments = shlex.split(line)
    if program == "exit":
        return CommandResult(line, int(arguments[0]), "", "", 0.0)
    return CommandResult(line, 0, "".join(files[path].decode() for path in arguments), "", 0.0)


@pytest.fixture(params=["memory", "laptop"])
def sandboxes(request: pytest.FixtureRequest) -> Sandboxes:
    if request.param == "memory":
        return MemorySandboxes(script=shell)
    opened: CodeInterpreterSandboxes = request.getfixturevalue("laptop")
    return opened


def test_files_come_back_as_they_went_in(sandboxes: Sandboxes) -> None:
    files = {
        "text.py": b"x = 1\r\n",
        "deep/er/text.py": "grüße\n".encode(),
        "deep/binary": bytes(range(256)),
        "empty": b"",
    }
    with sandboxes.open(name="files", timeout_seconds=60) as sandbox:
        sandbox.upload(files)
        assert sandbox.read(list(files)) == files


def test_an_upload_replaces_what_is_there(sandboxes: Sandboxes) -> None:
    with sandboxes.open(name="replace", timeout_seconds=60) as sandbox:
        sandbox.upload({"a": b"long content"})
        sandbox.upload({"a": b"short"})
        assert sandbox.read(["a"]) == {"a": b"short"}


def test_a_removed_file_is_gone(sandboxes: Sandboxes) -> None:
    with sandboxes.open(name="remove", timeout_seconds=60) as sandbox:
        sandbox.upload({"a": b"1", "b": b"2"})
        sandbox.remove(["a"])
        assert sandbox.read(["b"]) == {"b": b"2"}
        with pytest.raises(NotFound, match="a"):
            sandbox.read(["a"])


def test_reading_or_removing_what_is_not_there_says_its_name(sandboxes: Sandboxes) -> None:
    with sandboxes.open(name="missing", timeout_seconds=60) as sandbox:
        with pytest.raises(NotFound, match="nothing"):
            sandbox.read(["nothing.txt"])
        with pytest.raises(NotFound, match="nothing"):
            sandbox.remove(["nothing.txt"])


def test_commands_see_the_files_and_give_their_exit_code(sandboxes: Sandboxes) -> None:
    with sandboxes.open(name="run", timeout_seconds=60) as sandbox:
        sandbox.upload({"my file": b"hello\n"})
        seen = sandbox.run(["cat", "my file"], timeout_seconds=20)
        assert (seen.exit_code, seen.stdout, seen.command) == (0, "hello\n", "cat 'my file'")
        assert not seen.timed_out
        assert sandbox.run("exit 7", timeout_seconds=20).exit_code == 7


def test_sandboxes_do_not_see_each_other(sandboxes: Sandboxes) -> None:
    with (
        sandboxes.open(name="one", timeout_seconds=60) as one,
        sandboxes.open(name="two", timeout_seconds=60) as two,
    ):
        one.upload({"a": b"1"})
        with pytest.raises(NotFound):
            two.read(["a"])


def test_a_closed_sandbox_refuses_and_can_be_closed_again(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.open(name="closed", timeout_seconds=60)
    sandbox.close()
    sandbox.close()
    with pytest.raises(Permanent):
        sandbox.read(["a"])


def test_a_command_that_takes_too_long_is_stopped_and_shows_what_it_said(
    laptop: CodeInterpreterSandboxes,
) -> None:
    with laptop.open(name="slow", timeout_seconds=60) as sandbox:
        seen = sandbox.run("echo before; sleep 30", timeout_seconds=1)
    assert (seen.exit_code, seen.stdout, seen.timed_out) == (124, "before\n", True)


def test_a_command_s_own_124_is_not_a_timeout(laptop: CodeInterpreterSandboxes) -> None:
    with laptop.open(name="own", timeout_seconds=60) as sandbox:
        seen = sandbox.run("exit 124", timeout_seconds=20)
    assert (seen.exit_code, seen.timed_out) == (124, False)


def test_a_red_test_run_comes_back_with_its_report(laptop: CodeInterpreterSandboxes) -> None:
    with laptop.open(name="red", timeout_seconds=60) as sandbox:
        sandbox.upload({"test_it.py": b"def test_it():\n    assert 1 == 2\n"})
        seen = sandbox.run("python -m pytest -q", timeout_seconds=60)
    assert seen.exit_code == 1
    assert "assert 1 == 2" in seen.output


def test_many_and_large_files_travel_in_several_calls(
    laptop: CodeInterpreterSandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "MAX_BATCH_BYTES", 1000)
    monkeypatch.setattr(adapter, "MAX_BATCH_FILES", 7)
    files = {f"folder/{number}": b"x" * (number * 20) for number in range(60)}
    with laptop.open(name="many", timeout_seconds=60) as sandbox:
        sandbox.upload(files)
        assert sandbox.read(list(files)) == files


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "link", "pipe", "up/passwd"])
def test_nothing_outside_can_be_read_through_the_files_of_a_sandbox(
    laptop: CodeInterpreterSandboxes, path: str
) -> None:
    with laptop.open(name="escape", timeout_seconds=60) as sandbox:
        sandbox.run("ln -s /etc/passwd link; ln -s /etc up; mkfifo pipe", timeout_seconds=20)
        with pytest.raises(Permanent):
            sandbox.read([path])
        with pytest.raises(Permanent):
            sandbox.upload({path: b"overwritten"})
    assert "overwritten" not in Path("/etc/passwd").read_text()


def test_removing_a_link_leaves_what_it_leads_to(laptop: CodeInterpreterSandboxes) -> None:
    with laptop.open(name="link", timeout_seconds=60) as sandbox:
        sandbox.upload({"kept/a": b"1"})
        sandbox.run("ln -s kept link", timeout_seconds=20)
        sandbox.remove(["link"])
        assert sandbox.read(["kept/a"]) == {"kept/a": b"1"}


def test_sessions_are_listed_described_and_stopped(laptop: CodeInterpreterSandboxes) -> None:
    client, identifier = laptop.client, "listed-0123456789"
    started = client.start_code_interpreter_session(
        codeInterpreterIdentifier=identifier, name="one", sessionTimeoutSeconds=60
    )
    described = client.get_code_interpreter_session(
        codeInterpreterIdentifier=identifier, sessionId=started["sessionId"]
    )
    assert (described["name"], described["status"], described["sessionTimeoutSeconds"]) == (
        "one",
        "READY",
        60,
    )
    client.stop_code_interpreter_session(codeInterpreterIdentifier=identifier, sessionId=started["sessionId"])
    (listed,) = client.list_code_interpreter_sessions(codeInterpreterIdentifier=identifier)["items"]
    assert (listed["sessionId"], listed["status"]) == (started["sessionId"], "TERMINATED")
    ready = client.list_code_interpreter_sessions(codeInterpreterIdentifier=identifier, status="READY")
    assert ready["items"] == []


def test_files_are_listed(laptop: CodeInterpreterSandboxes) -> None:
    client, identifier = laptop.client, "files-0123456789"
    session = client.start_code_interpreter_session(codeInterpreterIdentifier=identifier)["sessionId"]
    written = client.invoke_code_interpreter(
        codeInterpreterIdentifier=identifier,
        sessionId=session,
        name="writeFiles",
        arguments={"content": [{"path": "a/b", "text": "1"}, {"path": "c", "text": "2"}]},
    )
    assert [event["result"]["isError"] for event in written["stream"]] == [False]
    answer = client.invoke_code_interpreter(
        codeInterpreterIdentifier=identifier,
        sessionId=session,
        name="listFiles",
        arguments={"directoryPath": ""},
    )
    (event,) = answer["stream"]
    names = [(block["name"], block["description"]) for block in event["result"]["content"]]
    assert names == [("a", "Directory"), ("c", "File")]


def test_what_the_laptop_does_not_serve_is_refused_by_name(laptop: CodeInterpreterSandboxes) -> None:
    session = laptop.client.start_code_interpreter_session(codeInterpreterIdentifier=laptop.identifier)
    with pytest.raises(ClientError, match=r"executeCode.*not served") as refused:
        laptop.client.invoke_code_interpreter(
            codeInterpreterIdentifier=laptop.identifier,
            sessionId=session["sessionId"],
            name="executeCode",
            arguments={"code": "1", "language": "python"},
        )
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_session_of_another_interpreter_is_not_found(laptop: CodeInterpreterSandboxes) -> None:
    session = laptop.client.start_code_interpreter_session(codeInterpreterIdentifier=laptop.identifier)
    other = boto3.client("bedrock-agentcore")
    with pytest.raises(ClientError, match="no session"):
        other.get_code_interpreter_session(
            codeInterpreterIdentifier="another-0123456789", sessionId=session["sessionId"]
        )


def test_a_session_ends_by_itself(laptop: CodeInterpreterSandboxes) -> None:
    sandbox = laptop.open(name="short", timeout_seconds=1)
    assert sandbox.run("sleep 20", timeout_seconds=30).exit_code == 124
    with pytest.raises(Permanent):
        sandbox.read(["a"])


def test_a_limit_beyond_the_service_s_patience_is_refused(laptop: CodeInterpreterSandboxes) -> None:
    with laptop.open(name="limit", timeout_seconds=60) as sandbox, pytest.raises(ValueError, match="840"):
        sandbox.run("true", timeout_seconds=3600)
