"""How repositories depend on each other, by what their manifests, imports, addresses and events say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Literal

from slipway.domain.discovery import CrossRepositoryDependency
from slipway.domain.errors import InvalidInput
from slipway.domain.repository_config import RepositoryConfig, repository_config

Tree = Mapping[str, str]
Kind = Literal["API", "shared-lib", "event"]

_CODE = (".py", ".js", ".ts", ".tsx", ".go", ".java", ".rb")
_MANIFEST = re.compile(
    r"(^|/)(requirements[\w.-]*\.txt|constraints[\w.-]*\.txt|pyproject\.toml|setup\.(cfg|py)|package\.json)$"
)
_PUBLISHES = re.compile(
    r"\b(?:publish|emit|send_event|put_events?|produce)\(\s*(?:\w+\s*=\s*)?[\"']([\w.:/-]{3,})"
)
_LISTENS = re.compile(
    r"\b(?:subscribe|consume|on_event|listen|handles?)\(\s*(?:\w+\s*=\s*)?[\"']([\w.:/-]{3,})"
)


def dependencies(trees: Mapping[str, Tree]) -> tuple[CrossRepositoryDependency, ...]:
    """Every dependency of one given repository on another, one for each pair and kind."""
    packages = {name: _packages(tree) for name, tree in trees.items()}
    projects = {name: _project_names(name, tree) for name, tree in trees.items()}
    found: dict[tuple[str, str, Kind], str] = {}
    for source, tree in trees.items():
        declared = _configuration(tree).depends_on
        for target in trees:
            if target == source:
                continue
            for kind, description in _reasons(
                tree,
                declared=target in declared,
                packages=packages[target],
                projects=projects[target],
                other=trees[target],
                name=target,
            ):
                found.setdefault((source, target, kind), description)
    return tuple(
        CrossRepositoryDependency(source=source, target=target, type=kind, description=description)
        for (source, target, kind), description in found.items()
    )


def _reasons(
    tree: Tree, *, declared: bool, packages: frozenset[str], projects: frozenset[str], other: Tree, name: str
) -> Iterator[tuple[Kind, str]]:
    if path := _importing(tree, packages):
        yield "shared-lib", f"{path} imports {', '.join(sorted(packages))}"
    elif path := _requiring(tree, projects):
        yield "shared-lib", f"{path} requires {', '.join(sorted(projects))}"
    elif declared:
        yield "shared-lib", "its .slipway.yml says so"
    if path := _addressing(tree, name.rpartition("/")[2]):
        yield "API", f"{path} calls its address"
    topics = _matches(tree, _LISTENS) & _matches(other, _PUBLISHES)
    if topics:
        yield "event", f"listens to {', '.join(sorted(topics))}"


def _configuration(tree: Tree) -> RepositoryConfig:
    try:
        return repository_config(tree)
    except InvalidInput:
        # A broken file is reported where the repository is worked in; here it only says nothing.
        return RepositoryConfig()


def _packages(tree: Tree) -> frozenset[str]:
    """Top-level Python packages that a repository offers to others."""
    inits = (path.removeprefix("src/") for path in tree if path.endswith("/__init__.py"))
    names = {path.partition("/")[0] for path in inits if path.count("/") == 1}
    return frozenset(names - {"tests", "test", "scripts", "examples", "docs"})


def _project_names(repository: str, tree: Tree) -> frozenset[str]:
    names = {repository.rpartition("/")[2]}
    if "pyproject.toml" in tree:
        try:
            project = tomllib.loads(tree["pyproject.toml"]).get("project", {})
        except tomllib.TOMLDecodeError:
            project = {}
        if isinstance(project, dict) and isinstance(project.get("name"), str):
            names.add(project["name"])
    return frozenset(names)


def _importing(tree: Tree, packages: frozenset[str]) -> str | None:
    own = _packages(tree)
    wanted = packages - own
    if not wanted:
        return None
    pattern = re.compile(rf"^\s*(?:from|import)\s+(?:{'|'.join(map(re.escape, sorted(wanted)))})\b", re.M)
    return next((path for path, text in tree.items() if path.endswith(".py") and pattern.search(text)), None)


def _requiring(tree: Tree, projects: frozenset[str]) -> str | None:
    spelled = "|".join(re.sub(r"[-_.]+", "[-_.]+", name) for name in sorted(projects))
    pattern = re.compile(
        rf"""(?:^|["'\s,\[/])(?:{spelled})(?=\s*(?:[<>=!~@;\["',]|$))""", re.IGNORECASE | re.MULTILINE
    )
    for path, text in tree.items():
        if not _MANIFEST.search(path):
            continue
        # A project's own name stands in its own manifest too.
        others = re.sub(r"(?m)^\s*(?:name\s*=|\"name\":).*$", "", text)
        if pattern.search(others):
            return path
    return None


def _addressing(tree: Tree, name: str) -> str | None:
    pattern = re.compile(rf"https?://{re.escape(name)}(?:[.:/\"']|$)", re.IGNORECASE)
    return next((path for path, text in tree.items() if path.endswith(_CODE) and pattern.search(text)), None)


def _matches(tree: Tree, pattern: re.Pattern[str]) -> set[str]:
    return {name for path, text in tree.items() if path.endswith(_CODE) for name in pattern.findall(text)}
