"""Lets tools change files in a probe and brings the changed files back in what the probe prints."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator, Iterable, Mapping

from pydantic import BaseModel, ValidationError

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Probe, ProbeResult, Tree

Fixing = Generator[Probe, ProbeResult, Mapping[str, str | None]]

MARKER = "@@changed-files@@"
TOOL_SECONDS = 120
COMMAND_NOT_FOUND = 127
_SHOWN = 600
_PROGRAM = """
import json, os, pathlib, subprocess, sys
commands, check, marker = json.loads(sys.argv[1])
left_out = {'.git', '.slipway-deps', '__pycache__', '.venv', 'node_modules'}
left_out |= {'.ruff_cache', '.mypy_cache', '.pytest_cache'}
def texts():
    found = {}
    for folder, folders, names in os.walk('.'):
        folders[:] = [each for each in folders if each not in left_out]
        for name in names:
            path = pathlib.Path(folder, name)
            try:
                found[path.as_posix()] = path.read_bytes().decode()
            except (UnicodeDecodeError, OSError):
                pass  # Not a text.
    return found
def run(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    return {'command': command, 'code': done.returncode, 'said': (done.stdout + done.stderr)[-4000:]}
before = texts()
runs = [run(command) for command in commands]
left = run(check) if check else None
after = texts()
changed = {path: text for path, text in after.items() if before.get(path) != text}
print('\\n' + marker + json.dumps({'changed': changed, 'runs': runs, 'left': left}))
"""


class _Run(BaseModel):
    command: str
    code: int
    said: str


class _Answer(BaseModel):
    changed: dict[str, str]
    runs: list[_Run]
    left: _Run | None


def changed_by(commands: Iterable[str], tree: Tree, *, check: str = "") -> Fixing:
    """Files of the tree that `commands` change.

    NeedsHuman when a tool is not there or fails, and when `check` is still not content afterwards.
    """
    asked = json.dumps([list(commands), check, MARKER])
    seen = yield Probe(
        repository="",
        command=f"python -c {shlex.quote(_PROGRAM)} {shlex.quote(asked)}",
        timeout_seconds=TOOL_SECONDS,
    )
    try:
        answer = _Answer.model_validate_json(seen.output.rpartition(f"\n{MARKER}")[2].strip())
    except ValidationError as error:
        raise NeedsHuman(f"the tools did not run in the sandbox: {seen.output[-_SHOWN:].strip()}") from error
    for run in (*answer.runs, *([answer.left] if answer.left else [])):
        if run.code == COMMAND_NOT_FOUND:
            raise NeedsHuman(f"`{run.command}` is not available in the sandbox; run it and commit the result")
    if answer.left is not None and answer.left.code != 0:
        raise NeedsHuman(f"the tool cannot repair all of it: {answer.left.said[:_SHOWN].strip()}")
    return {path: text for path, text in answer.changed.items() if path in tree}
