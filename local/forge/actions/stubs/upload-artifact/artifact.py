"""Keep files of a run in a folder that its later jobs see too, and give them back."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def main(direction: str) -> int:
    """Upload or download."""
    return {"upload": _upload, "download": _download}[direction]()


def _upload() -> int:
    workspace = Path(os.environ["GITHUB_WORKSPACE"])
    kept = _kept() / os.environ["INPUT_NAME"]
    found = [
        path
        for pattern in os.environ["INPUT_PATH"].split("\n")
        if pattern.strip() and not pattern.startswith("!")
        for path in _matches(workspace, pattern.strip())
    ]
    if not found:
        level = os.environ["INPUT_IF_NO_FILES_FOUND"]
        print(f"::{'error' if level == 'error' else 'warning'}::No files were found with the provided path.")
        return 1 if level == "error" else 0
    for path in found:
        target = kept / path.relative_to(workspace)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    print(f"Artifact {os.environ['INPUT_NAME']} holds {len(found)} files")
    return 0


def _download() -> int:
    target = Path(os.environ["GITHUB_WORKSPACE"]) / (os.environ["INPUT_PATH"] or ".")
    name = os.environ["INPUT_NAME"]
    source = _kept() / name if name else _kept()
    if not source.is_dir():
        print(f"::error::Artifact not found for name: {name}")
        return 1
    shutil.copytree(source, target, dirs_exist_ok=True)
    return 0


def _matches(workspace: Path, pattern: str) -> list[Path]:
    relative = os.path.relpath(workspace / pattern, workspace)
    found = [path for path in workspace.glob(relative) if not relative.startswith("..")]
    folders = [inside for path in found if path.is_dir() for inside in path.rglob("*")]
    return [path for path in (*found, *folders) if path.is_file()]


def _kept() -> Path:
    return Path(os.environ["FORGE_ARTIFACTS"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
