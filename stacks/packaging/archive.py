"""Zip files whose bytes depend on nothing but the names, modes and bytes that go in."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE = 0o100644
_PROGRAM = 0o100755


@dataclass(frozen=True)
class Entry:
    """One file of an archive: where it lies inside, and where its bytes come from."""

    path: str
    source: Path


def write(archive: Path, entries: Iterable[Entry], *, mode: str = "w") -> None:
    """Write `entries` in order of path; mode `a` adds to an archive that exists."""
    with zipfile.ZipFile(
        archive, "a" if mode == "a" else "w", zipfile.ZIP_DEFLATED, compresslevel=9
    ) as bundle:
        for entry in sorted(entries, key=lambda each: each.path):
            info = zipfile.ZipInfo(entry.path, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (_PROGRAM if entry.source.stat().st_mode & 0o100 else _FILE) << 16
            bundle.writestr(info, entry.source.read_bytes())


def tree(root: Path, *, prefix: str = "") -> list[Entry]:
    """Every file below `root`, bytecode included when it was compiled on purpose."""
    return [
        Entry(f"{prefix}{path.relative_to(root).as_posix()}", path)
        for path in root.rglob("*")
        if path.is_file()
    ]


def unpacked_bytes(archive: Path) -> int:
    """Size of the files once unpacked."""
    with zipfile.ZipFile(archive) as bundle:
        return sum(info.file_size for info in bundle.infolist())
