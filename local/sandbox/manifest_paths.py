"""Which files of a repository can declare what it needs; standard library only, as the emulator reads it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

DEPENDENCIES_FOLDER = ".slipway-deps"
"""Where other repositories of the organisation lie whose code is imported, each in a folder of its own."""
_AT_ROOT = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
_REQUIREMENTS = re.compile(r"(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.(?:txt|in)$")
_CONSTRAINTS = re.compile(r"(?:[\w.-]+[-_.])?constraints(?:[-_.][\w.-]+)?\.txt$")
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml$")


def is_manifest(path: str) -> bool:
    """Whether a file at this path, relative to the repository's root, can declare what is needed."""
    inside = split_dependency(path)[1]
    return inside in _AT_ROOT or is_requirements(inside) or is_constraints(inside) or is_workflow(inside)


def split_dependency(path: str) -> tuple[str, str]:
    """The dependency's name ("" for the repository itself) and the path within it."""
    parts = PurePosixPath(path).parts
    if len(parts) > 2 and parts[0] == DEPENDENCIES_FOLDER:
        return parts[1], "/".join(parts[2:])
    return "", path


def is_requirements(path: str) -> bool:
    """`requirements.txt`, its relatives at the root, and what a folder `requirements` holds."""
    pure = PurePosixPath(path)
    in_folder = pure.parts[:-1] == ("requirements",) and pure.suffix in {".txt", ".in"}
    return (in_folder and not is_constraints(pure.name)) or bool(_REQUIREMENTS.match(path))


def is_constraints(path: str) -> bool:
    """`constraints.txt` and its relatives at the root."""
    return bool(_CONSTRAINTS.match(path))


def is_workflow(path: str) -> bool:
    """A workflow of GitHub Actions, whose steps install packages by name."""
    return bool(_WORKFLOW.match(path))
