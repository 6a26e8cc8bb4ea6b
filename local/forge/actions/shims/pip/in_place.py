"""What an editable install leaves behind: the project on the path, its metadata, its programs."""

from __future__ import annotations

import configparser
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

UNKNOWN_VERSION = "0.0.0"
_PROGRAM = """#!/usr/bin/env python
import sys
from {module} import {first}
sys.exit({function}())
"""


@dataclass(frozen=True)
class Project:
    """A folder with a project in it, as its own files describe it."""

    folder: Path
    name: str
    version: str
    scripts: Mapping[str, str]
    entry_points: Mapping[str, Mapping[str, str]]


def describe(folder: Path) -> Project:
    """Read pyproject.toml and setup.cfg; what only a build could tell stays unknown."""
    document = _toml(folder / "pyproject.toml")
    project, poetry = document.get("project", {}), document.get("tool", {}).get("poetry", {})
    setup = configparser.ConfigParser(interpolation=None, strict=False)
    setup.read(folder / "setup.cfg")
    metadata = {**(setup["metadata"] if setup.has_section("metadata") else {}), **poetry, **project}
    scripts = project.get("scripts") or poetry.get("scripts") or {}
    return Project(
        folder=folder,
        name=str(metadata.get("name", folder.name)),
        version=str(metadata.get("version", UNKNOWN_VERSION)),
        scripts={name: target for name, target in scripts.items() if isinstance(target, str)},
        entry_points=project.get("entry-points", {}),
    )


def install_in_place(project: Project) -> None:
    """List it for `sitecustomize`, with metadata and launchers beside the list."""
    listed = Path(os.environ["FORGE_EDITABLES"])
    records, programs = listed.with_name("installed"), listed.with_name("bin")
    name = canonicalize_name(project.name).replace("-", "_")
    about = records / f"{name}-{project.version}.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project.name}\nVersion: {project.version}\n"
    )
    (about / "INSTALLER").write_text("pip\n")
    groups = {**project.entry_points, "console_scripts": project.scripts}
    (about / "entry_points.txt").write_text("".join(_sections(groups)))
    programs.mkdir(exist_ok=True)
    for script, target in project.scripts.items():
        module, _, function = target.split("[")[0].strip().partition(":")
        launcher = programs / script
        first = function.split(".")[0]
        launcher.write_text(_PROGRAM.format(module=module, first=first, function=function))
        launcher.chmod(0o755)
    with listed.open("a") as lines:
        lines.writelines(f"{root}\n" for root in (*_source_roots(project.folder), records))


def _sections(groups: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for group, entries in groups.items():
        if entries:
            yield f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items()) + "\n"


def _source_roots(folder: Path) -> Iterator[Path]:
    if (folder / "src").is_dir():
        yield folder / "src"
    yield folder


def _toml(path: Path) -> dict[str, Any]:  # Any: whatever the file holds, as tomllib says
    return tomllib.loads(path.read_text()) if path.is_file() else {}
