"""What a repository's files show about how to test, check and import it."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

TEST_FOLDERS = ("tests", "test")
NOT_SOURCE = frozenset({*TEST_FOLDERS, "docs", "doc", "examples", "scripts", "build", "dist"})
# A check that CI runs is the check that counts: these lines of a workflow are taken as they are.
CI_CHECKS = {
    "lint": re.compile(r"^(?:python -m )?(?:ruff check|flake8)\b(?!.*--fix).*"),
    "format": re.compile(r"^(?:python -m )?(?:ruff format|black)\b.*--check.*"),
    "types": re.compile(r"^(?:python -m )?(?:mypy|pyright)\b.*"),
}
CI_LINE = re.compile(r"^\s*(?:-\s+)?(?:run:\s*)?(?P<command>[^\s|>#-].*?)\s*$")
CI_REPOSITORY = re.compile(
    r"^\s*repository:\s*['\"]?(?P<name>[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+)['\"]?\s*$", re.MULTILINE
)
GIT_REQUIREMENT = re.compile(
    r"git\+(?:https?|ssh)://[^/\s]+/(?P<name>[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+?)(?:\.git)?(?=[@#\s\"']|$)"
)
NODE_SCRIPTS = {"test": "test", "lint": "lint", "format": "format:check", "types": "typecheck"}


@dataclass(frozen=True)
class Detected:
    """What was seen; a field that stays empty could not be seen."""

    test: tuple[str, ...] = ()
    lint: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    source: tuple[str, ...] = (".",)
    tests: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()


def look_at(files: Mapping[str, str]) -> Detected:
    """The first kind of repository that fits: Python, Node, Go; an empty answer for any other."""
    if any(path.endswith((".py", "pyproject.toml", "setup.cfg")) for path in files):
        return _python(files)
    if "package.json" in files:
        return _node(files["package.json"])
    if "go.mod" in files:
        return Detected(test=("go test ./...",), lint=("go vet ./...",), fix=("gofmt -w .",))
    return Detected()


def _python(files: Mapping[str, str]) -> Detected:
    sections = _sections(files)
    source, tests = _source(files), _tests(files, sections)
    ci = _ci_checks(files)
    lint = ci["lint"] or (("ruff check .",) if "ruff" in sections else ())
    formatting = ci["format"] or (("ruff format --check .",) if "ruff.format" in sections else ())
    return Detected(
        test=("python -m pytest -q",) if tests else (),
        lint=lint,
        format=formatting,
        types=ci["types"] or ((f"mypy {' '.join(source)}",) if "mypy" in sections else ()),
        fix=(*(("ruff check --fix .",) if lint else ()), *(("ruff format .",) if formatting else ())),
        source=source,
        tests=tests,
        depends_on=_depends_on(files),
    )


def _source(files: Mapping[str, str]) -> tuple[str, ...]:
    """`src` when it holds code, else each top-level package, else the root with its single modules."""
    if any(path.startswith("src/") and path.endswith(".py") for path in files):
        return ("src",)
    parts = [PurePosixPath(path).parts for path in files if path.endswith("/__init__.py")]
    packages = {names[0] for names in parts if len(names) == 2 and names[0] not in NOT_SOURCE}
    return tuple(sorted(packages)) or (".",)


def _tests(files: Mapping[str, str], sections: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    declared = sections.get("pytest", {}).get("testpaths", ())
    if isinstance(declared, str):
        declared = declared.split()
    if isinstance(declared, list | tuple) and (inside := tuple(filter(_is_inside, map(str, declared)))):
        return inside
    for folder in TEST_FOLDERS:
        if any(path.startswith(f"{folder}/") and path.endswith(".py") for path in files):
            return (folder,)
    alone = re.compile(r"(^|/)(test_[^/]+|[^/]+_test)\.py$")
    return (".",) if any(alone.search(path) for path in files) else ()


def _is_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in PurePosixPath(path).parts


def _sections(files: Mapping[str, str]) -> dict[str, Mapping[str, object]]:
    """Settings of the tools that are configured, by a short name, wherever each tool may keep them."""
    found: dict[str, Mapping[str, object]] = {}
    for path, keys in {
        "pyproject.toml": {"pytest": "pytest", "ruff": "ruff", "mypy": "mypy"},
        "setup.cfg": {"tool:pytest": "pytest", "mypy": "mypy"},
        "tox.ini": {"pytest": "pytest"},
        "pytest.ini": {"pytest": "pytest"},
        "mypy.ini": {"mypy": "mypy"},
    }.items():
        if path in files:
            read = _toml_tools(files[path]) if path.endswith(".toml") else _ini(files[path])
            found |= {name: read[key] for key, name in keys.items() if key in read}
    if "ruff.toml" in files or ".ruff.toml" in files:
        found["ruff"] = _toml(files.get("ruff.toml") or files.get(".ruff.toml", ""))
    if isinstance(settings := found.get("ruff", {}).get("format"), dict):
        found["ruff.format"] = settings
    return found


def _toml_tools(text: str) -> dict[str, Mapping[str, object]]:
    tools = _toml(text).get("tool", {})
    named = {name: value for name, value in tools.items() if isinstance(value, dict)}
    options = named.get("pytest", {}).get("ini_options", {})
    return {**named, **({"pytest": options} if isinstance(options, dict) and options else {})}


def _toml(text: str) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}  # A broken manifest shows nothing; the repository's own tools will say why.


def _ini(text: str) -> dict[str, Mapping[str, object]]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}  # As for a broken TOML file.
    return {name: dict(parser[name]) for name in parser.sections()}


def _ci_checks(files: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    lines = [
        matched["command"]
        for path in sorted(files)
        if path.startswith(".github/workflows/")
        for line in files[path].splitlines()
        if (matched := CI_LINE.match(line))
    ]
    return {
        name: tuple(dict.fromkeys(line for line in lines if pattern.match(line) and "${{" not in line))
        for name, pattern in CI_CHECKS.items()
    }


def _depends_on(files: Mapping[str, str]) -> tuple[str, ...]:
    """Repositories that CI checks out beside this one, and those that are required straight from git."""
    names = [
        matched["name"]
        for path, text in sorted(files.items())
        for pattern in (CI_REPOSITORY, GIT_REQUIREMENT)
        if path.startswith(".github/workflows/")
        or path == "pyproject.toml"
        or (path.endswith(".txt") and "requirements" in path)
        for matched in pattern.finditer(text)
    ]
    return tuple(dict.fromkeys(names))


def _node(manifest: str) -> Detected:
    try:
        scripts = json.loads(manifest).get("scripts", {})
    except (json.JSONDecodeError, AttributeError):
        return Detected()  # As for a broken TOML file.
    commands = {
        field: (f"npm run --silent {script}",) for field, script in NODE_SCRIPTS.items() if script in scripts
    }
    return Detected(
        test=commands.get("test", ()),
        lint=commands.get("lint", ()),
        format=commands.get("format", ()),
        types=commands.get("types", ()),
        fix=("npm run --silent format",) if "format" in scripts else (),
    )
