"""The folder a run works in: the checkout that act reads, the event, and what stands in for the network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.git.command import run_git
from local.forge.git.repository import GitRepository
from local.sandbox.environment import library_environment

if TYPE_CHECKING:
    from local.forge.shapes.account import Shape
    from local.sandbox.libraries import Libraries

HERE = Path(__file__).resolve().parent
STUBS, SHIMS = HERE / "stubs", HERE / "shims"

_REPLACED = {
    "actions/checkout": "checkout",
    "actions/setup-python": "setup-python",
    "actions/cache": "cache",
    "actions/upload-artifact": "upload-artifact",
    "actions/download-artifact": "download-artifact",
}
_USES = re.compile(
    r"""^\s*(?:-\s+)?uses:\s*['"]?([\w.-]+)/([\w.-]+)((?:/[\w./-]+)?)@([\w./-]+)""", re.MULTILINE
)


@dataclass(frozen=True)
class Workspace:
    """Where a run's files lie."""

    root: Path

    @property
    def checkout(self) -> Path:
        """The commit's files, from which act reads the workflow."""
        return self.root / "checkout"

    @property
    def event(self) -> Path:
        """The event's payload."""
        return self.root / "event.json"

    @property
    def home(self) -> Path:
        """HOME of act and of every step."""
        return self.root / "home"

    def environment(self, *, repositories: Path, toolchain: Path, libraries: Libraries) -> dict[str, str]:
        """What act and its steps find in their environment."""
        return {
            **library_environment(
                toolchain, [libraries.folder] if libraries.folder else [], first=[self.root / "bin"]
            ),
            "FORGE_REFUSED": json.dumps(dict(libraries.refused)),
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "PYTHONPATH": str(SHIMS),
            "FORGE_SHIMS": str(SHIMS),  # A step may set PYTHONPATH for itself.
            "FORGE_EDITABLES": str(self.root / "editables"),
            "FORGE_ARTIFACTS": str(self.root / "artifacts"),
            "FORGE_REPOSITORIES": str(repositories),
            "FORGE_STUBS": str(STUBS),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_TERMINAL_PROMPT": "0",
        }


def prepare(root: Path, *, bare: Path, sha: str, event: Shape) -> Workspace:
    """Lay the folder out."""
    workspace = Workspace(root)
    for folder in ("home", "bin", "artifacts"):
        (root / folder).mkdir(parents=True)
    (root / "editables").touch()
    workspace.event.write_text(json.dumps(event))
    for name in ("pip", "pip3"):
        launcher = root / "bin" / name
        launcher.write_text('#!/bin/sh\nexec python -m pip "$@"\n')
        launcher.chmod(0o755)
    run_git(root, "clone", "--quiet", "--shared", "--no-checkout", str(bare), str(workspace.checkout))
    run_git(workspace.checkout, "checkout", "--quiet", "--detach", sha)
    return workspace


def action_folders(workspace: Workspace, *, repositories: Path) -> Mapping[str, Path]:
    """Give every `owner/name@ref` that the checkout's workflows use a folder on this machine."""
    folders: dict[str, Path] = {}
    for owner, name, ref in _used_actions(workspace.checkout / ".github"):
        folders[f"{owner}/{name}@{ref}"] = _folder(
            workspace, owner=owner, name=name, ref=ref, repositories=repositories
        )
    return folders


def _folder(workspace: Workspace, *, owner: str, name: str, ref: str, repositories: Path) -> Path:
    replaced = _REPLACED.get(f"{owner}/{name}")
    if replaced is not None:
        return STUBS / replaced
    bare = repositories / owner / f"{name}.git"
    sha = GitRepository(bare).resolve(ref) if bare.is_dir() else None
    if sha is None:
        return STUBS / "unavailable"
    target = workspace.root / "actions" / f"{owner}-{name}-{sha[:12]}"
    if not target.exists():
        run_git(workspace.root, "clone", "--quiet", "--shared", "--no-checkout", str(bare), str(target))
        run_git(target, "checkout", "--quiet", "--detach", sha)
    return target


def _used_actions(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.yaml")]):
        if path.is_file():
            for owner, name, _, ref in _USES.findall(path.read_text(errors="replace")):
                yield owner, name, ref
