"""What a repository declares that it needs, read from its files and never by running them."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from local.sandbox.manifest_paths import is_constraints, is_workflow, split_dependency
from local.sandbox.poetry_constraints import poetry_requirements

DEVELOPMENT = frozenset({"dev", "develop", "development", "test", "tests", "testing", "lint", "ci", "typing"})
"""Names of extras and groups that whoever works on the repository has installed."""
THE_TOOLCHAINS_OWN = frozenset({"pip", "setuptools", "wheel", "uv"})
_PIP_INSTALL = re.compile(r"\bpip3?\s+install\s+([^\n;&|#]+)")
_WITH_VALUE = {"-r", "-c", "-e", "-i", "-f", "-t", "--requirement", "--constraint", "--editable"}
_WITH_VALUE |= {"--index-url", "--extra-index-url", "--find-links", "--target", "--group", "--prefix"}
_ELSEWHERE = re.compile(r"^[.~/]|://|\.whl$|\.zip$|\.tar\.gz$")


@dataclass(frozen=True)
class Declared:
    """Requirements as PEP 508 has them, what limits their versions, and what cannot come from an index."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    left_out: tuple[str, ...]


def project_name(manifests: Mapping[str, str]) -> str | None:
    """The name under which an index would hold this repository's project."""
    document = read_toml(manifests.get("pyproject.toml", ""))
    name = table(document, "project").get("name") or table(document, "tool", "poetry").get("name")
    name = name or read_ini(manifests.get("setup.cfg", "")).get("metadata", "name", fallback=None)
    return canonicalize_name(name) if isinstance(name, str) and name else None


def declared(manifests: Mapping[str, str], *, ours: Iterable[str] = ()) -> Declared:
    """All that is needed to work on a repository; `ours` are projects that no index is asked for.

    Of its dependencies (at `.slipway-deps/<name>`) only what their code imports counts, not their tools.
    """
    projects = by_project(manifests)
    named = (*ours, *THE_TOOLCHAINS_OWN, *(project_name(files) or "" for files in projects.values()))
    private = {str(canonicalize_name(name)) for name in named if name}
    wanted: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for name, files in projects.items():
        for line in _imported(files) if name else _lines(files, DEVELOPMENT):
            try:
                requirement = Requirement(line)
            except InvalidRequirement:
                left_out[line] = None
                continue
            if canonicalize_name(requirement.name) not in private:
                (left_out if requirement.url else wanted)[str(requirement)] = None
    limits = dict.fromkeys(_constraints(projects[""], private))
    return Declared(tuple(sorted(wanted)), tuple(sorted(limits)), tuple(sorted(left_out)))


def by_project(manifests: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The files of the repository itself (by "") and of each of its dependencies (by name)."""
    found: dict[str, dict[str, str]] = {"": {}}
    for path, text in sorted(manifests.items()):
        name, inside = split_dependency(path)
        found.setdefault(name, {})[inside] = text
    return found


def _imported(files: Mapping[str, str]) -> Iterator[str]:
    kept = ("pyproject.toml", "setup.cfg", "setup.py", "requirements.txt")
    return _lines({path: text for path, text in files.items() if path in kept}, frozenset())


def _lines(files: Mapping[str, str], groups: frozenset[str]) -> Iterator[str]:
    for path, text in files.items():
        if path == "pyproject.toml":
            yield from _pyproject(read_toml(text), groups)
        elif path == "setup.cfg":
            yield from _setup_cfg(read_ini(text), groups)
        elif path == "setup.py":
            yield from _setup_py(text, groups)
        elif is_workflow(path):
            yield from _workflow(text)
        elif not is_constraints(path):
            yield from _requirements(text)


def _constraints(files: Mapping[str, str], private: set[str]) -> Iterator[str]:
    for path, text in files.items():
        for line in _requirements(text) if is_constraints(path) else ():
            try:
                requirement = Requirement(line)
            except InvalidRequirement:
                continue
            if not requirement.url and canonicalize_name(requirement.name) not in private:
                yield str(requirement)


def _requirements(text: str) -> Iterator[str]:
    """Lines of a requirements file; its options and the local projects that it names are not for an index."""
    for raw in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).split(" --")[0].strip()
        if line and not line.startswith("-") and not (_ELSEWHERE.search(line) and " @ " not in line):
            yield line


def _pyproject(document: Mapping[str, object], wanted: frozenset[str]) -> Iterator[str]:
    project = table(document, "project")
    yield from _strings(project.get("dependencies"))
    for name, listed in table(project, "optional-dependencies").items():
        if name.lower() in wanted:
            yield from _strings(listed)
    groups = table(document, "dependency-groups")
    for name in groups:
        if name.lower() in wanted:
            yield from _group(name, groups, seen=frozenset())
    if "dev" in wanted:
        yield from _strings(table(document, "tool", "uv").get("dev-dependencies"))
    poetry = table(document, "tool", "poetry")
    yield from poetry_requirements(table(poetry, "dependencies"))
    if "dev" in wanted:
        yield from poetry_requirements(table(poetry, "dev-dependencies"))
    for name in table(poetry, "group"):
        if name.lower() in wanted:
            yield from poetry_requirements(table(poetry, "group", name, "dependencies"))


def _group(name: str, groups: Mapping[str, object], *, seen: frozenset[str]) -> Iterator[str]:
    listed = groups.get(name)
    for item in listed if isinstance(listed, list) and name not in seen else []:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and isinstance(item.get("include-group"), str):
            yield from _group(item["include-group"], groups, seen=seen | {name})


def _setup_cfg(document: configparser.ConfigParser, wanted: frozenset[str]) -> Iterator[str]:
    yield from _requirements(document.get("options", "install_requires", fallback=""))
    if document.has_section("options.extras_require"):
        for name, listed in document.items("options.extras_require"):
            if name.lower() in wanted:
                yield from _requirements(listed)


def _setup_py(text: str, wanted: frozenset[str]) -> Iterator[str]:
    """Only what is written out as literals; the file is parsed, not run."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    given = [keyword for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords]
    for keyword in given:
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError):
            continue
        if keyword.arg == "install_requires" or (keyword.arg == "tests_require" and wanted):
            yield from _strings(value)
        elif keyword.arg == "extras_require" and isinstance(value, dict):
            for name, listed in value.items():
                if str(name).lower() in wanted:
                    yield from _strings(listed)


def _workflow(text: str) -> Iterator[str]:
    """What the steps of a workflow install by name, as a hosted runner would fetch it."""
    for command in _PIP_INSTALL.findall(text.replace("\\\n", " ")):
        try:
            words = iter(shlex.split(command))
        except ValueError:
            continue
        for word in words:
            if word in _WITH_VALUE:
                next(words, "")
            elif not word.startswith("-") and "$" not in word and not _ELSEWHERE.search(word):
                yield word


def read_toml(text: str) -> Mapping[str, object]:
    """The document; a broken one holds nothing."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def read_ini(text: str) -> configparser.ConfigParser:
    """The document; a broken one holds nothing."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return configparser.ConfigParser()
    return parser


def table(document: Mapping[str, object], *names: str) -> Mapping[str, object]:
    """A table within tables; one that is missing is empty."""
    for name in names:
        inner = document.get(name)
        document = inner if isinstance(inner, dict) else {}
    return document


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return list(_requirements(value))
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
