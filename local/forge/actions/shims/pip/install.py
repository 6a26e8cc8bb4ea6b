"""`pip install` without a network: requirements must be there already; local projects become importable."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .in_place import describe, install_in_place

_WITH_VALUE = {
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix",
    "--timeout", "--retries", "--cache-dir", "--python", "--upgrade-strategy", "--progress-bar",
    "--config-settings", "--trusted-host", "--no-binary", "--only-binary",
}  # fmt: skip
_THE_RUNNERS_OWN = {"pip", "setuptools", "wheel", "uv", "build"}


@dataclass
class Asked:
    """What a command line asks for, in order."""

    requirements: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)


def install(arguments: list[str]) -> int:
    """Check and list; the exit code and the last words are pip's."""
    asked = _read(arguments)
    for file in asked.files:
        if not Path(file).is_file():
            return _fail(f"Could not open requirements file: [Errno 2] No such file or directory: '{file}'")
        nested = _read_file(Path(file))
        asked.requirements += nested.requirements
        asked.projects += nested.projects
    for project in asked.projects:
        problem = _install_project(project, asked)
        if problem:
            return _fail(problem)
    for text in asked.requirements:
        complaints = _check(text)
        if complaints:
            return _fail(*complaints)
    return 0


def _read(arguments: list[str]) -> Asked:
    asked, rest = Asked(), iter(arguments)
    for argument in rest:
        option, has_value, value = (
            argument.partition("=") if argument.startswith("--") else (argument, "", "")
        )
        if option in ("-r", "--requirement"):
            asked.files.append(value if has_value else next(rest, ""))
        elif option in ("-c", "--constraint"):
            asked.constraints.append(value if has_value else next(rest, ""))
        elif option in ("-e", "--editable"):
            asked.projects.append(value if has_value else next(rest, ""))
        elif option in _WITH_VALUE:
            if not has_value:
                next(rest, "")
        elif argument.startswith("-"):
            continue
        elif _is_path(argument):
            asked.projects.append(argument)
        else:
            asked.requirements.append(argument)
    return asked


def _read_file(path: Path) -> Asked:
    asked = Asked()
    text = path.read_text().replace("\\\n", " ")
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).split(" --hash")[0].strip()
        if not line:
            continue
        option, _, value = (
            line.replace("=", " ", 1).partition(" ") if line.startswith("--") else line.partition(" ")
        )
        if option in ("-r", "--requirement"):
            nested = _read_file(path.parent / value.strip())
            asked.requirements += nested.requirements
            asked.projects += nested.projects
        elif option in ("-e", "--editable"):
            asked.projects.append(str(path.parent / value.strip()))
        elif _is_path(line):
            asked.projects.append(str(path.parent / line))
        elif not line.startswith("-"):
            asked.requirements.append(line)
    return asked


def _is_path(text: str) -> bool:
    bare = text.split("[")[0]
    return bare.startswith((".", "/")) and Path(bare).is_dir()


def _install_project(text: str, asked: Asked) -> str | None:
    folder = Path(re.sub(r"\[[^\]]*\]$", "", text)).resolve()
    extras = set(re.findall(r"[\w.-]+", text[text.index("[") :])) if text.endswith("]") else set()
    if not (folder / "pyproject.toml").is_file() and not (folder / "setup.py").is_file():
        return (
            f"{text} does not appear to be a Python project: neither 'setup.py' nor 'pyproject.toml' found."
        )
    asked.requirements += _dependencies(folder, extras)
    project = describe(folder)
    install_in_place(project)
    print(f"Successfully installed {project.name}-{project.version} (in place)")
    return None


def _dependencies(folder: Path, extras: set[str]) -> list[str]:
    path = folder / "pyproject.toml"
    if not path.is_file():
        return []
    project = tomllib.loads(path.read_text()).get("project", {})
    optional = project.get("optional-dependencies", {})
    return [
        *project.get("dependencies", []),
        *(text for extra in sorted(extras) for text in optional.get(extra, [])),
    ]


def _check(text: str) -> tuple[str, ...] | None:
    try:
        wanted = Requirement(text)
    except InvalidRequirement as error:
        return (f"Invalid requirement: {text!r}: {error}",)
    if wanted.marker is not None and not wanted.marker.evaluate():
        return None
    name = canonicalize_name(wanted.name)
    refused = json.loads(os.environ.get("FORGE_REFUSED", "{}")).get(str(wanted))
    if refused is not None:
        return (
            f"Could not find a version that satisfies the requirement {text} ({refused})",
            f"No matching distribution found for {text}",
        )
    if name in _THE_RUNNERS_OWN or name in _listed_projects():
        return None
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return (
            f"Could not find a version that satisfies the requirement {text} (from versions: none)",
            f"No matching distribution found for {text}",
        )
    if wanted.specifier.contains(version, prereleases=True):
        print(f"Requirement already satisfied: {text} ({version})")
    else:
        print(f"Using {wanted.name} {version} for {text}: this runner has no network and no other version")
    return None


def _listed_projects() -> set[str]:
    """Names of the projects that were installed in place."""
    listed = Path(os.environ["FORGE_EDITABLES"])
    names: set[str] = set()
    for root in listed.read_text().splitlines() if listed.is_file() else []:
        path = Path(root) / "pyproject.toml"
        if path.is_file():
            names.add(canonicalize_name(tomllib.loads(path.read_text()).get("project", {}).get("name", "")))
    return names


def _fail(*messages: str) -> int:
    for message in messages:
        print(f"ERROR: {message}", file=sys.stderr)
    return 1
