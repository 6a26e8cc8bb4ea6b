"""AgentCore Code Interpreter on the laptop: sessions are folders, commands run in `local.sandbox`.

What a command finds: `python`, `pip`, `pytest`, `ruff`, `mypy` and the libraries of
`local/sandbox/toolchain.in`, and this machine's own programs below /usr (`git`, `sh`, coreutils; `node` or
`go` where they are installed). There is no network. What the files of a session declare to need is fetched
outside it, and shown to its commands (`local.aws.session_libraries`). The tools executeCommand, writeFiles,
readFiles, removeFiles and listFiles are served; executeCode and background tasks are refused, saying so.

Settings: SLIPWAY_SANDBOX_TOOLCHAIN (the folder that `local.sandbox.toolchain` made), SLIPWAY_STATE_DIR.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from local.aws import code_interpreter_tools as tools
from local.aws import eventstream
from local.aws.session_libraries import SessionLibraries
from local.sandbox import Completed, Executor, Limits, open_executor
from local.sandbox.environment import library_environment
from local.sandbox.folder import SandboxFolder

Query = Mapping[str, Sequence[str]]
Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[[re.Match[str], Mapping[str, str], bytes, Query], Reply]
Arguments = Mapping[str, object]
SESSION_HEADER = "x-amzn-code-interpreter-session-id"
DEFAULT_TIMEOUT_SECONDS = 900
OUTPUT_BYTES = 4 * 1024 * 1024


class Extensible(Protocol):
    """The part of the emulator's context that this extension needs."""

    def route(self, method: str, path_regex: str, handler: Handler) -> None:
        """Answer a request of the bedrock-agentcore data plane."""

    def on_stop(self, action: Callable[[], object]) -> None:
        """Run when the emulator stops."""


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


@dataclass
class Session:
    """One running session."""

    identifier: str
    session_id: str
    name: str
    folder: SandboxFolder
    timeout_seconds: int
    created_at: str
    ends_at: float
    libraries: SessionLibraries
    terminated_at: str | None = field(default=None)

    @property
    def status(self) -> str:
        """As the service names it."""
        return "TERMINATED" if self.terminated_at else "READY"

    def summary(self) -> dict[str, object]:
        """The members that every answer about a session shares."""
        return {
            "codeInterpreterIdentifier": self.identifier,
            "sessionId": self.session_id,
            "name": self.name,
            "status": self.status,
            "createdAt": self.created_at,
        }


def install(context: Extensible) -> None:
    """Add the routes to the emulator; sessions do not outlive it."""
    state = Path(os.environ.get("SLIPWAY_STATE_DIR", ".slipway/aws")).resolve()
    interpreter = CodeInterpreter(state / "code-interpreter")
    path = "/code-interpreters/(?P<identifier>[^/]+)"
    context.route("PUT", f"{path}/sessions/start", _answer(interpreter.start))
    context.route("PUT", f"{path}/sessions/stop", _answer(interpreter.stop))
    context.route("GET", f"{path}/sessions/get", _answer(interpreter.get))
    context.route("POST", f"{path}/sessions/list", _answer(interpreter.list))
    context.route("POST", f"{path}/tools/invoke", _answer(interpreter.invoke))
    context.on_stop(interpreter.close)


class CodeInterpreter:
    """All sessions of one emulator."""

    def __init__(self, root: Path, *, executor: Executor | None = None) -> None:
        """`executor` is chosen on first use when it is not given."""
        shutil.rmtree(root, ignore_errors=True)
        self._root = root
        self._executor = executor
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def start(self, identifier: str, _headers: Mapping[str, str], body: Arguments, _query: Query) -> Reply:
        """StartCodeInterpreterSession."""
        self._end_expired()
        session_id = secrets.token_hex(13)
        folder = self._root / session_id
        folder.mkdir(parents=True)
        timeout = _number(body.get("sessionTimeoutSeconds"), DEFAULT_TIMEOUT_SECONDS)
        session = Session(
            identifier=identifier,
            session_id=session_id,
            name=str(body.get("name") or session_id),
            folder=SandboxFolder(folder),
            timeout_seconds=timeout,
            created_at=_now(),
            ends_at=time.monotonic() + timeout,
            libraries=SessionLibraries.of_this_machine(),
        )
        with self._lock:
            self._sessions[session_id] = session
        return _json(session.summary())

    def stop(self, identifier: str, _headers: Mapping[str, str], _body: Arguments, query: Query) -> Reply:
        """StopCodeInterpreterSession; stopping twice is fine."""
        session = self._session(identifier, _first(query, "sessionId"))
        self._end(session)
        return _json({**session.summary(), "lastUpdatedAt": session.terminated_at})

    def get(self, identifier: str, _headers: Mapping[str, str], _body: Arguments, query: Query) -> Reply:
        """GetCodeInterpreterSession."""
        session = self._session(identifier, _first(query, "sessionId"))
        return _json({**session.summary(), "sessionTimeoutSeconds": session.timeout_seconds})

    def list(self, identifier: str, _headers: Mapping[str, str], body: Arguments, _query: Query) -> Reply:
        """ListCodeInterpreterSessions, in one page."""
        self._end_expired()
        wanted = body.get("status")
        found = [session for session in self._sessions.values() if session.identifier == identifier]
        return _json({"items": [each.summary() for each in found if wanted in {None, each.status}]})

    def invoke(self, identifier: str, headers: Mapping[str, str], body: Arguments, _query: Query) -> Reply:
        """InvokeCodeInterpreter; the answer is a stream of one event."""
        session = self._session(identifier, headers.get(SESSION_HEADER, ""))
        if session.terminated_at:
            raise Refused(409, "ConflictException", f"session {session.session_id} has ended")
        arguments = body.get("arguments")
        arguments = arguments if isinstance(arguments, dict) else {}
        try:
            result = tools.use(
                str(body.get("name")),
                arguments,
                folder=session.folder,
                run=lambda command: self._run(session, command),
            )
        except tools.InvalidArguments as error:
            raise Refused(400, "ValidationException", str(error)) from error
        if body.get("name") == "writeFiles":
            session.libraries.note(arguments.get("content"))
        headers_out = {"Content-Type": eventstream.CONTENT_TYPE, SESSION_HEADER: session.session_id}
        return 200, headers_out, eventstream.event("result", result)

    def close(self) -> None:
        """End every session and delete their files."""
        for session in list(self._sessions.values()):
            self._end(session)
        shutil.rmtree(self._root, ignore_errors=True)

    def _run(self, session: Session, command: str) -> Completed:
        sandbox = self._sandbox()
        libraries = session.libraries.folders(session.folder)
        seconds = max(1.0, session.ends_at - time.monotonic())
        return sandbox.run(
            ["sh", "-c", command],
            workspace=session.folder.root,
            env=library_environment(session.libraries.toolchain, libraries),
            read_only={folder: str(folder) for folder in libraries},
            limits=Limits(wall_seconds=seconds, cpu_seconds=int(seconds) + 1, output_bytes=OUTPUT_BYTES),
        )

    def _sandbox(self) -> Executor:
        with self._lock:
            if self._executor is None:
                toolchain = os.environ.get("SLIPWAY_SANDBOX_TOOLCHAIN")
                if not toolchain:
                    raise Refused(500, "InternalServerException", "SLIPWAY_SANDBOX_TOOLCHAIN is not set")
                self._executor = open_executor(Path(toolchain))
            return self._executor

    def _session(self, identifier: str, session_id: str) -> Session:
        self._end_expired()
        session = self._sessions.get(session_id)
        if session is None or session.identifier != identifier:
            raise Refused(404, "ResourceNotFoundException", f"no session {session_id!r} of {identifier}")
        return session

    def _end_expired(self) -> None:
        now = time.monotonic()
        for session in list(self._sessions.values()):
            if session.ends_at <= now:
                self._end(session)

    def _end(self, session: Session) -> None:
        if session.terminated_at is None:
            session.terminated_at = _now()
            shutil.rmtree(session.folder.root, ignore_errors=True)


Operation = Callable[[str, Mapping[str, str], Arguments, Query], Reply]


def _answer(operation: Operation) -> Handler:
    """The operation as a route: arguments parsed, refusals in the protocol's shape."""

    def handler(match: re.Match[str], headers: Mapping[str, str], body: bytes, query: Query) -> Reply:
        try:
            content = json.loads(body or b"{}")
            if not isinstance(content, dict):
                raise Refused(400, "ValidationException", "the body must be a JSON object")
            return operation(unquote(match["identifier"]), headers, content, query)
        except json.JSONDecodeError as error:
            return _refusal(400, "ValidationException", f"the body is not JSON: {error}")
        except Refused as refused:
            return _refusal(refused.status, refused.kind, str(refused))

    return handler


def _json(body: Mapping[str, object]) -> Reply:
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _refusal(status: int, kind: str, message: str) -> Reply:
    headers = {"Content-Type": "application/json", "x-amzn-errortype": kind}
    return status, headers, json.dumps({"message": message, "reason": "FieldValidationFailed"}).encode()


def _first(query: Query, name: str) -> str:
    return next(iter(query.get(name, ())), "")


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
