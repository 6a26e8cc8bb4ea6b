"""A session's libraries follow from the manifests that its caller wrote, never from what a command did."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.aws import eventstream
from local.aws.code_interpreter import SESSION_HEADER, CodeInterpreter
from local.aws.session_libraries import SessionLibraries
from local.sandbox import open_executor
from local.sandbox.folder import SandboxFolder
from tests.unit.local.sandbox.wheelhouse import add_wheel, serve

ROOT = Path(__file__).parents[4]


class Session:
    """A session as the service offers it."""

    def __init__(self, interpreter: CodeInterpreter) -> None:
        self.interpreter = interpreter
        self.id = json.loads(interpreter.start("code", {}, {}, {})[2])["sessionId"]

    def use(self, tool: str, arguments: Mapping[str, object]) -> str:
        body = {"name": tool, "arguments": arguments}
        status, _, answer = self.interpreter.invoke("code", {SESSION_HEADER: self.id}, body, {})
        assert status == 200
        return answer.decode(errors="replace")

    def write(self, **files: str) -> None:
        blocks = [{"path": path.replace("__", "/"), "text": text} for path, text in files.items()]
        self.use("writeFiles", {"content": blocks})

    def version(self) -> str:
        code = "import gizmo; print('version', gizmo.__version__)"
        answer = self.use("executeCommand", {"command": f'export PYTHONPATH=$PWD && python -c "{code}"'})
        return answer.partition('"stdout": "version ')[2].partition("\\n")[0]


@pytest.fixture
def session(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    wheels = serve(monkeypatch, tmp_path)
    for version in ("1.0", "2.0"):
        add_wheel(wheels, "gizmo", version)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("SLIPWAY_LIBRARIES", str(tmp_path / "libraries"))
    monkeypatch.setenv("SLIPWAY_LIBRARIES_PYTHON", sys.executable)
    monkeypatch.setenv("SLIPWAY_SANDBOX_TOOLCHAIN", str(installed))
    return Session(CodeInterpreter(tmp_path / "sessions", executor=open_executor(installed)))


def test_the_stream_is_text_that_these_tests_can_search() -> None:
    assert b'"stdout": "version 1' in eventstream.event("result", {"stdout": "version 1"})


def test_commands_import_what_the_files_declare(session: Session) -> None:
    session.write(**{"requirements.txt": "gizmo==1.0\n"})
    assert session.version() == "1.0"


def test_a_repository_knows_its_own_version(session: Session) -> None:
    session.write(**{"pyproject.toml": '[project]\nname = "The.Shop"\nversion = "7.1"\n'})
    code = "import importlib.metadata as m; print('version', m.version('the-shop'))"
    answer = session.use("executeCommand", {"command": f'python -c "{code}"'})
    assert '"stdout": "version 7.1' in answer


def test_a_change_laid_over_the_tree_counts_until_it_is_gone(session: Session) -> None:
    session.write(tree__app="", **{"tree__requirements.txt": "gizmo==1.0\n"})
    session.write(**{"overlay__requirements.txt": "gizmo==2.0\n"})
    assert session.version() == "2.0"
    session.use("executeCommand", {"command": "rm -r overlay"})
    assert session.version() == "1.0"


def test_what_a_command_writes_fetches_nothing(session: Session, tmp_path: Path) -> None:
    session.use("executeCommand", {"command": "echo gizmo==1.0 > requirements.txt"})
    assert session.version() == ""
    assert not (tmp_path / "libraries").exists()


def test_bytes_are_manifests_too_and_huge_ones_are_not(tmp_path: Path) -> None:
    found = SessionLibraries(tmp_path, "no-python", tmp_path)
    found.note([{"path": "requirements.txt", "blob": "Z2l6bW8="}, {"path": "notes.md", "text": "gizmo"}])
    assert found._written == {"requirements.txt": "gizmo"}
    found.note([{"path": "requirements.txt", "text": "x" * 300_000}])
    assert found._written == {}


def test_a_failure_leaves_the_toolchain(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("gizmo")
    found = SessionLibraries(tmp_path, "/usr/bin/false", tmp_path)
    found.note([{"path": "requirements.txt", "text": "gizmo"}])
    assert found.folders(SandboxFolder(tmp_path)) == ()
    assert "could not be prepared" in caplog.text
