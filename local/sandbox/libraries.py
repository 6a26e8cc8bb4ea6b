"""Folders of libraries that repositories declare, fetched as wheels outside the sandbox, one for each set.

A set of requirements always has the same folder, whoever asks: a repository that is added, a commit that
is about to run its workflows, a sandbox session. Nothing of a repository is run, and nothing is built.
Projects of the organisation are never asked of an index, where somebody else could have taken their names.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel, ConfigDict

from local.sandbox.installed import satisfied_by
from local.sandbox.manifests import Declared, declared
from local.sandbox.project_metadata import write_metadata
from local.sandbox.toolchain import STAMP
from local.sandbox.wheels import Refusal, Unreachable, Wheels

REFUSALS_HOLD_SECONDS = 600
KEPT_SETS = 40
_OURS = "organisation.json"


class Record(BaseModel):
    """What was prepared for one set; `refused` says why, by requirement."""

    model_config = ConfigDict(frozen=True)

    folder: str
    requirements: tuple[str, ...]
    refused: dict[str, str]
    prepared_at: float

    @property
    def names(self) -> set[str]:
        """The projects that were asked for."""
        return {canonicalize_name(Requirement(text).name) for text in self.requirements}


@dataclass(frozen=True)
class Libraries:
    """What a command may import beside the toolchain; no folder when the toolchain has it all."""

    folder: Path | None
    refused: Mapping[str, str]
    remarks: tuple[str, ...]


def prepare(
    root: Path,
    manifests: Mapping[str, str],
    *,
    toolchain: Path,
    index: Sequence[str] = (),
) -> Libraries:
    """The libraries for what these files (path to text) declare; what cannot be had is said, not raised.

    `index` holds options of `uv pip install` that name another index than the user's own.
    """
    need = declared(manifests, ours=_ours(root))
    remarks = [f"{text} is not fetched: only an index is asked" for text in need.left_out]
    if satisfied_by(toolchain, need):
        return Libraries(None, {}, tuple(remarks))
    root.mkdir(parents=True, exist_ok=True)
    key = _key(need, toolchain)
    with _locked(root / f"{key}.lock"):
        record = _held(root, key)
        if record is None:
            try:
                record = _fetch(root, key, need, wheels=Wheels(toolchain, options=tuple(index)))
            except Unreachable as problem:
                return _what_is_there(root, need, [*remarks, _offline(need, problem)])
    _prune(root, keep=record.folder)
    remarks += [f"{text} cannot be had: {why}" for text, why in record.refused.items()]
    return Libraries(root / record.folder, record.refused, tuple(remarks))


def remember_organisation(root: Path, projects: Collection[str]) -> None:
    """Keep the names of the organisation's own projects, of which no index is asked."""
    root.mkdir(parents=True, exist_ok=True)
    _replace(root / _OURS, json.dumps(sorted(projects)))


def _ours(root: Path) -> list[str]:
    path = root / _OURS
    return [str(name) for name in json.loads(path.read_text())] if path.exists() else []


def _key(need: Declared, toolchain: Path) -> str:
    stamp = toolchain / STAMP
    parts = [*need.requirements, "limited by", *need.constraints, stamp.read_text() if stamp.exists() else ""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _held(root: Path, key: str) -> Record | None:
    """The record of an earlier call; one with refusals counts for a while, since indexes grow."""
    path = root / f"{key}.json"
    if not path.exists():
        return None
    record = Record.model_validate_json(path.read_text())
    is_old = bool(record.refused) and time.time() - record.prepared_at > REFUSALS_HOLD_SECONDS
    if is_old or not (root / record.folder).is_dir():
        return None
    path.touch()
    return record


def _fetch(root: Path, key: str, need: Declared, *, wheels: Wheels) -> Record:
    """Install all of the set; where that is impossible, as much of it as goes together."""
    folder = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=root))
    folder.chmod(0o755)
    refused: dict[str, str] = {}
    try:
        try:
            wheels.install(need.requirements, limits=need.constraints, folder=folder)
        except Refusal:
            accepted, refused = _sorted_out(need, wheels)
            wheels.install(accepted, limits=need.constraints, folder=folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    record = Record(
        folder=folder.name, requirements=need.requirements, refused=refused, prepared_at=time.time()
    )
    _replace(root / f"{key}.json", record.model_dump_json(indent=2))
    return record


def _sorted_out(need: Declared, wheels: Wheels) -> tuple[list[str], dict[str, str]]:
    accepted: list[str] = []
    refused: dict[str, str] = {}
    for text in need.requirements:
        try:
            wheels.check([*accepted, text], limits=need.constraints)
        except Refusal as problem:
            refused[text] = str(problem)
        else:
            accepted.append(text)
    return accepted, refused


def _what_is_there(root: Path, need: Declared, remarks: list[str]) -> Libraries:
    """The folder that was prepared for the most similar set, such as the one before a version was raised."""
    names = {canonicalize_name(Requirement(text).name) for text in need.requirements}
    found: list[tuple[int, float, Record]] = []
    for path in root.glob("*.json"):
        if path.name != _OURS:
            record = Record.model_validate_json(path.read_text())
            if (root / record.folder).is_dir() and names & record.names:
                found.append((len(names & record.names), path.stat().st_mtime, record))
    if not found:
        return Libraries(None, {}, (*remarks, "nothing was prepared earlier: only the toolchain is there"))
    best = max(found, key=lambda each: each[:2])[2]
    said = f"using what was prepared earlier for {', '.join(best.requirements)}"
    return Libraries(root / best.folder, {}, (*remarks, said))


def _offline(need: Declared, problem: Unreachable) -> str:
    return f"{', '.join(need.requirements)} could not be fetched, no index was reached: {problem}"


def _prune(root: Path, *, keep: str) -> None:
    """Forget the sets that were not asked for longest, and folders that no record names any more."""
    records = [path for path in root.glob("*.json") if path.name != _OURS]
    for path in sorted(records, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT_SETS:]:
        path.unlink(missing_ok=True)
    named = {json.loads(path.read_text())["folder"] for path in root.glob("*.json") if path.name != _OURS}
    for folder in root.iterdir():
        unused = folder.is_dir() and folder.name not in {*named, keep}
        if unused and time.time() - folder.stat().st_mtime > 24 * REFUSALS_HOLD_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".new", delete=False) as draft:
        draft.write(text)
    Path(draft.name).replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Manifests as JSON on standard input; folders, metadata first, and remarks on standard output."""
    parser = argparse.ArgumentParser(prog="python -m local.sandbox.libraries", description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--toolchain", type=Path, required=True)
    options = parser.parse_args()
    root, manifests = options.root.absolute(), json.load(sys.stdin)
    found = prepare(root, manifests, toolchain=options.toolchain.absolute())
    folders = [folder for folder in (write_metadata(root, manifests), found.folder) if folder]
    print(json.dumps({"folders": [str(folder) for folder in folders], "remarks": found.remarks}))


if __name__ == "__main__":
    main()
