"""Whether the toolchain already has what a repository declares."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.sandbox.manifests import Declared


def satisfied_by(toolchain: Path, need: Declared) -> bool:
    """Whether everything is there in a version that fits, with the extras that are asked for."""
    found = _distributions(toolchain)
    limits = {str(canonicalize_name(limit.name)): limit for limit in map(Requirement, need.constraints)}
    return all(_has(found, Requirement(text), limits) for text in need.requirements)


def _has(found: dict[str, Distribution], wanted: Requirement, limits: dict[str, Requirement]) -> bool:
    if wanted.marker is not None and not wanted.marker.evaluate():
        return True
    name = canonicalize_name(wanted.name)
    held = found.get(name)
    if held is None or not wanted.specifier.contains(held.version, prereleases=True):
        return False
    limit = limits.get(name)
    if limit is not None and not limit.specifier.contains(held.version, prereleases=True):
        return False
    return all(
        _has(found, part, limits)
        for extra in wanted.extras
        for part in map(Requirement, held.requires or ())
        if part.marker is not None and not part.marker.evaluate() and part.marker.evaluate({"extra": extra})
    )


def _distributions(toolchain: Path) -> dict[str, Distribution]:
    """Of the toolchain's own packages, by name."""
    folders = [str(folder) for folder in toolchain.glob("lib/python*/site-packages")]
    return {canonicalize_name(each.metadata["Name"]): each for each in distributions(path=folders)}
