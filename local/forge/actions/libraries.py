"""The libraries of one commit: read from its manifests, fetched by the runner's host before the run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from local.forge.git.repository import GitRepository
from local.sandbox.libraries import Libraries, prepare, remember_organisation
from local.sandbox.manifest_paths import DEPENDENCIES_FOLDER, is_manifest, split_dependency
from local.sandbox.manifests import project_name

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIGURATION = ".slipway.yml"
MAX_DEPENDENCIES = 20


def prepare_for_commit(
    root: Path, *, bare: Path, sha: str, repositories: Path, toolchain: Path, index: Sequence[str] = ()
) -> Libraries:
    """What the code at this commit may import: the same folder as for anyone else who needs the same.

    `repositories` is the forge's folder: code of other repositories there is imported from them, and an index
    is never asked for it.
    """
    remember_organisation(root, organisation_projects(repositories))
    manifests = _manifests(bare, sha)
    for name, other in _dependencies(bare, sha, repositories=repositories):
        found = _manifests(other, "HEAD")
        manifests |= {f"{DEPENDENCIES_FOLDER}/{name}/{path}": text for path, text in found.items()}
    return prepare(root, manifests, toolchain=toolchain, index=index)


def organisation_projects(repositories: Path) -> set[str]:
    """Names of the projects in the forge; a repository that does not name its project counts by its own."""
    return {project_name(_manifests(bare, "HEAD")) or bare.stem for bare in repositories.glob("*/*.git")}


def _manifests(bare: Path, ref: str) -> dict[str, str]:
    repository = GitRepository(bare)
    sha = repository.resolve(ref)
    if sha is None:
        return {}
    return {
        entry.path: (repository.blob(entry.sha) or b"").decode(errors="replace")
        for entry in repository.tree(sha, recursive=True)
        if entry.kind == "blob" and is_manifest(entry.path) and not split_dependency(entry.path)[0]
    }


def _dependencies(bare: Path, sha: str, *, repositories: Path) -> Iterator[tuple[str, Path]]:
    """Repositories (short name and folder) that the configuration names, and those that they name."""
    waiting = [*_named(bare, sha)]
    seen: set[str] = set()
    while waiting and len(seen) < MAX_DEPENDENCIES:
        full_name = waiting.pop(0)
        other = repositories / f"{full_name}.git"
        if full_name in seen or other == bare or not other.is_dir():
            continue
        seen.add(full_name)
        waiting += _named(other, "HEAD")
        yield full_name.rpartition("/")[2], other


def _named(bare: Path, ref: str) -> list[str]:
    repository = GitRepository(bare)
    sha = repository.resolve(ref)
    text = repository.file(sha, CONFIGURATION) if sha else None
    try:
        document = yaml.safe_load(text or b"")
    except yaml.YAMLError:
        return []  # Whoever works on the repository is told; the run does not depend on it.
    listed = document.get("depends_on") if isinstance(document, dict) else None
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
