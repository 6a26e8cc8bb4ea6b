"""Files of a sandbox as seen from outside it, where nothing that a sandboxed command left may lead us astray.

A command can leave symbolic links, pipes or devices in its workspace. Every part of a path is therefore
opened by itself and without following links, and only regular files are read or written.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

MAX_FILE_BYTES = 100_000_000


class RefusedPath(ValueError):
    """A path that leaves the folder or does not lead to a regular file."""


class SandboxFolder:
    """One folder on this machine that sandboxed commands write to."""

    def __init__(self, root: Path) -> None:
        """`root` exists."""
        self.root = root

    def write(self, path: str, content: bytes) -> None:
        """Make or replace a file, with the folders on the way."""
        with self._parent_of(path, create=True) as (folder, name):
            descriptor = self._open(path, name, folder, os.O_WRONLY | os.O_CREAT)
            with os.fdopen(descriptor, "wb") as handle:
                handle.truncate(0)
                handle.write(content)

    def read(self, path: str) -> bytes:
        """The whole file; FileNotFoundError when there is none."""
        with (
            self._parent_of(path) as (folder, name),
            os.fdopen(self._open(path, name, folder, os.O_RDONLY), "rb") as handle,
        ):
            content = handle.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise RefusedPath(f"{path!r} is larger than {MAX_FILE_BYTES} bytes")
        return content

    def remove(self, path: str) -> None:
        """Delete a file, a link (not what it leads to), or a folder with all in it."""
        with self._parent_of(path) as (folder, name):
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                shutil.rmtree(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)

    def entries(self, path: str = "") -> list[tuple[str, bool]]:
        """Names in a folder, sorted, each with whether it is a folder itself."""
        parts = _parts(path) if path.strip("./") else []
        with contextlib.ExitStack() as opened:
            folder = self._enter(parts, opened, create=False, path=path)
            with os.scandir(folder) as entries:
                return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)

    @contextlib.contextmanager
    def _parent_of(self, path: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        *folders, name = _parts(path)
        with contextlib.ExitStack() as opened:
            yield self._enter(folders, opened, create=create, path=path), name

    def _enter(self, parts: Sequence[str], opened: contextlib.ExitStack, *, create: bool, path: str) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        folder = os.open(self.root, flags)
        opened.callback(os.close, folder)
        for part in parts:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=folder)
            try:
                folder = os.open(part, flags, dir_fd=folder)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise RefusedPath(f"{path!r}: {part!r} is not a folder of the sandbox") from error
            opened.callback(os.close, folder)
        return folder

    def _open(self, path: str, name: str, folder: int, flags: int) -> int:
        try:
            descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644, dir_fd=folder)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise RefusedPath(f"{path!r} is not a regular file of the sandbox") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise RefusedPath(f"{path!r} is not a regular file of the sandbox")
        return descriptor


def _parts(path: str) -> list[str]:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
        raise RefusedPath(f"{path!r} must be a path relative to the sandbox's folder")
    return list(pure.parts)
