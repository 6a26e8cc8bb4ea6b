"""What a sandboxed command finds around it: a clean environment, the toolchain, the system's programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SYSTEM_FILES = (
    "/etc/alternatives",
    "/etc/group",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/ssl/certs",
)

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
LIBRARY_VARIABLE = "SLIPWAY_LIBRARY_PATH"  # Read by `slipway_libraries` in the toolchain.


@dataclass(frozen=True)
class Visible:
    """What a command may see of this machine: symbolic links (target, link) and read-only paths."""

    symlinks: tuple[tuple[str, str], ...]
    paths: tuple[Path, ...]


def interpreter_of(toolchain: Path) -> Path:
    """The toolchain's Python."""
    return toolchain / "bin" / "python"


def visible(toolchain: Path) -> Visible:
    """The system's programs, the toolchain, and the installation that its interpreter belongs to."""
    links, paths = [], []
    for folder in map(Path, SYSTEM_FOLDERS):
        if folder.is_symlink():
            links.append((str(folder.readlink()), str(folder)))
        elif folder.is_dir():
            paths.append(folder)
    paths += [path for path in map(Path, SYSTEM_FILES) if path.exists()]
    for needed in (toolchain, *_installation(toolchain)):
        if not any(needed.is_relative_to(path) for path in paths):
            paths.append(needed)
    return Visible(symlinks=tuple(links), paths=tuple(paths))


def _installation(toolchain: Path) -> tuple[Path, ...]:
    """Prefixes of the real interpreter, also by the names that symbolic links on the way to it use."""
    link = interpreter_of(toolchain)
    prefixes = [link.resolve().parent.parent]
    while link.is_symlink():
        link = link.parent / link.readlink()
        prefixes.append(link.parent.parent)
    return tuple(dict.fromkeys(prefix for prefix in prefixes if prefix not in {toolchain, Path("/")}))


def library_environment(
    toolchain: Path, libraries: Sequence[Path], *, first: Sequence[Path] = ()
) -> dict[str, str]:
    """What lets a command import libraries and run their programs; they come before the toolchain's own."""
    programs = [*first, *(folder / "bin" for folder in libraries), toolchain / "bin", SYSTEM_PATH]
    return {
        "PATH": ":".join(map(str, programs)),
        LIBRARY_VARIABLE: ":".join(map(str, libraries)),
    }


def clean_environment(toolchain: Path, *, home: str, extra: Mapping[str, str] | None) -> dict[str, str]:
    """The whole environment of a command: nothing of ours, so no credential of ours."""
    return {
        "PATH": f"{toolchain / 'bin'}:{SYSTEM_PATH}",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": str(toolchain),
        "NO_COLOR": "1",
        **(extra or {}),
    }
