"""Unpacks a code asset once per content and lets every process share it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import threading
import zipfile
from pathlib import Path

_locks: dict[str, threading.Lock] = {}
_locks_guard = threading.Lock()


class UnreadableAsset(RuntimeError):
    """A code asset is not a zip file that can be unpacked."""


def unpack(archive: bytes, *, root: Path) -> Path:
    """Return the folder that holds `archive` unpacked under `root`, unpacking it if it is new."""
    digest = hashlib.sha256(archive).hexdigest()
    target = root / digest[:32]
    with _lock_for(str(target)):
        if not target.exists():
            root.mkdir(parents=True, exist_ok=True)
            _unpack_into_place(archive, target)
    return target


def _lock_for(key: str) -> threading.Lock:
    with _locks_guard:
        return _locks.setdefault(key, threading.Lock())


def _unpack_into_place(archive: bytes, target: Path) -> None:
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
            for entry in bundle.infolist():
                path = Path(bundle.extract(entry, partial))
                mode = (entry.external_attr >> 16) & 0o777
                if mode and not entry.is_dir():
                    path.chmod(mode | 0o400)
        # Shared by every process of this code: none of them may change it.
        for folder, _, names in os.walk(partial, topdown=False):
            for name in names:
                path = Path(folder, name)
                path.chmod(path.stat().st_mode & ~0o222)
            Path(folder).chmod(0o755 if Path(folder) == partial else 0o555)
        partial.rename(target)
        target.chmod(0o555)
    except (zipfile.BadZipFile, OSError) as error:
        _discard(partial)
        raise UnreadableAsset(f"code asset {target.name} cannot be unpacked: {error}") from error


def _discard(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
