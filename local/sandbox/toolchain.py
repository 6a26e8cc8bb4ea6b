"""Creates the virtual environment that sandboxed commands use, from a lock with hashes, once per lock."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("toolchain.lock")
STAMP = "slipway-toolchain.stamp"
PTH = "slipway-libraries.pth"
LIBRARY_PATH = Path(__file__).with_name("library_path.py")


def ensure_toolchain(folder: Path, *, python: str = sys.executable) -> Path:
    """The toolchain at `folder`, made when it is missing, incomplete or from another lock or interpreter."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _ensure(folder, python=python)


def _ensure(folder: Path, *, python: str) -> Path:
    wanted = _stamp(python)
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == wanted and (folder / "bin" / "python").exists():
        _open_to_libraries(folder)
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _uv("venv", "--quiet", "--python", python, str(folder))
    _uv(
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--compile-bytecode",
        "--python",
        str(folder / "bin/python"),
        str(LOCK),
    )
    _open_to_libraries(folder)
    stamp.write_text(wanted)
    return folder


def _open_to_libraries(folder: Path) -> None:
    """Let every Python of the toolchain import what SLIPWAY_LIBRARY_PATH names."""
    module = LIBRARY_PATH.read_text()
    for packages in folder.glob("lib/python*/site-packages"):
        for name, text in (("slipway_libraries.py", module), (PTH, "import slipway_libraries\n")):
            path = packages / name
            if not path.exists() or path.read_text() != text:
                draft = path.with_suffix(".new")
                draft.write_text(text)
                draft.replace(path)


def _stamp(python: str) -> str:
    return (
        f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {Path(python).resolve()} {sys.version_info[:3]}\n"
    )


def _uv(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"uv {arguments[0]} failed while making the sandbox toolchain: {done.stderr.strip()}"
        )


def main() -> None:
    """`python -m local.sandbox.toolchain FOLDER` makes the toolchain and says which executor uses it."""
    from local.sandbox.choice import open_executor

    if len(sys.argv) != 2:
        sys.exit("usage: python -m local.sandbox.toolchain FOLDER")
    print(open_executor(ensure_toolchain(Path(sys.argv[1]).absolute())).description)


if __name__ == "__main__":
    main()
