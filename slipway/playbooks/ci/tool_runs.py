"""Lets tools change files in a probe and brings the changed files back in what the probe prints."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator, Iterable, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Probe, ProbeResult, Tree

MARKER = "@@changed-files@@"
TOOL_SECONDS = 120
_PROGRAM = """
import json, os, pathlib, subprocess, sys
LEFT_OUT = {'.git', '.slipway-deps', '__pycache__', '.ruff_cache', '.mypy_cache', '.pytest_cache', 'node_modules'}
def texts():
    found = {}
    for folder, folders, names in os.walk('.'):
        folders[:] = [each for each in folders if each not in LEFT_OUT]
        for name in names:
            path = pathlib.Path(folder, name)
            try:
                found[path.as_posix()] = path.read_bytes().decode()
            except (UnicodeDecodeError, OSError):
                pass  # Not a text.
    return found
before = texts()
codes = []
for command in json.loads(sys.argv[1]):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    print(done.stdout[-4000:], done.stderr[-4000:])
    codes.append(done.returncode)
after = texts()
changed = {path: text for path, text in after.items() if before.get(path) != text}
print(json.dumps({'changed': changed, 'codes': codes}).join([%r, %r]))
""" % (f"\n{MARKER}", f"{MARKER}\n")  # noqa: UP031  (braces are the program's own)


def changed_by(
    commands: Iterable[str], tree: Tree, *, repository: str = ""
) -> Generator[Probe, ProbeResult, Mapping[str, str | None]]:
    """Files of the tree that the commands change; NeedsHuman when a tool is not there."""
    lines = list(commands)
    result = yield Probe(
        repository=repository,
        command=f"python -c {shlex.quote(_PROGRAM)} {shlex.quote(json.dumps(lines))}",
        timeout_seconds=TOOL_SECONDS,
    )
    parts = result.output.split(MARKER)
    if len(parts) < 3:
        raise NeedsHuman(f"`{lines[0]}` could not be run in the sandbox: {result.output[-500:].strip()}")
    answer = json.loads(parts[-2])
    if 127 in answer["codes"]:
        missing = lines[answer["codes"].index(127)]
        raise NeedsHuman(f"`{missing}` is not available in the sandbox; run it and commit the result")
    changed: dict[str, str] = answer["changed"]
    return {path: text for path, text in changed.items() if path in tree}
