"""Commands that rewrite files: they run in the sandbox, and what they changed comes back as JSON in their output."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator, Mapping, Sequence

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Probe, ProbeResult, Tree

MARK = "--changed-files--"
_READER = """
import json, pathlib, subprocess, sys
paths = json.loads(sys.argv[2])
def read(path):
    try:
        return pathlib.Path(path).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
before = {path: read(path) for path in paths}
for command in json.loads(sys.argv[1]):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    if done.returncode:
        print(command, "ended with", done.returncode, (done.stdout + done.stderr)[-2000:])
        sys.exit(done.returncode)
after = {path: read(path) for path in paths}
print(sys.argv[3] + json.dumps({path: after[path] for path in paths if after[path] != before[path]}))
"""


def run_and_read(
    commands: Sequence[str], *, tree: Tree, suffixes: tuple[str, ...] = (".py", ".pyi")
) -> Generator[Probe, ProbeResult, Mapping[str, str | None]]:
    """Changed paths to new texts after `commands`; NeedsHuman with its output when one fails."""
    paths = sorted(path for path in tree if path.endswith(suffixes))
    line = " ".join(
        ["python", "-c", *map(shlex.quote, (_READER, json.dumps(list(commands)), json.dumps(paths), MARK))]
    )
    seen = yield Probe(repository="", command=line, timeout_seconds=120)
    _, mark, listed = seen.output.partition(MARK)
    if seen.exit_code != 0 or not mark:
        raise NeedsHuman(f"`{' && '.join(commands)}` did not run: {seen.output.strip()[-800:]}")
    changed: dict[str, str | None] = json.loads(listed)
    return changed
