"""How much a test file proves, counted, so that weakening it can be refused by code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

_TEST_FOLDERS = {"test", "tests", "__tests__", "spec", "specs"}
_TEST_NAME = re.compile(r"(^test_.*|.*_test|.*\.(test|spec)|^conftest)\.[a-z]+$")
_SKIP = re.compile(
    r"""pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b
      | \bunittest\.(?:skip\w*|expectedFailure)\b | @(?:skip\w*|expectedFailure)\b | \bself\.skipTest\b
      | \bcollect_ignore(?:_glob)?\b | \bpytest_(?:ignore_collect|collection_modifyitems|runtest_setup)\b
      | --(?:deselect|ignore(?:-glob)?)\b | \bnorecursedirs\b
      | \b(?:it|test|describe)\.(?:skip|todo|failing)\b | \bx(?:it|test|describe)\s*\( | \bt\.Skip\w*\(""",
    re.VERBOSE,
)
_OTHER_TESTS = re.compile(r"\b(?:it|test)\s*\(|^func Test\w*\(|@Test\b", re.MULTILINE)
_OTHER_ASSERTS = re.compile(r"\bexpect\s*\(|\bassert\w*\s*[.(]|\bt\.(?:Error|Fatal)\w*\(")


@dataclass(frozen=True, kw_only=True)
class Strength:
    """Counts of one file, or of several added up."""

    tests: int = 0
    asserts: int = 0
    skips: int = 0

    def __add__(self, other: Strength) -> Strength:
        return Strength(
            tests=self.tests + other.tests,
            asserts=self.asserts + other.asserts,
            skips=self.skips + other.skips,
        )


def is_test_path(path: str) -> bool:
    """Whether a path holds tests, by its folders or its name."""
    parts = PurePosixPath(path)
    return bool(_TEST_FOLDERS.intersection(parts.parts[:-1])) or _TEST_NAME.match(parts.name) is not None


_SETTINGS = frozenset({"pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml"})


def decides_tests(path: str) -> bool:
    """Whether a path holds tests, or settings that say which of them run."""
    return is_test_path(path) or PurePosixPath(path).name in _SETTINGS


def strength(path: str, source: str | None) -> Strength:
    """Of one file; a file that is not there proves nothing."""
    if source is None:
        return Strength()
    skips = len(_SKIP.findall(source))
    if path.endswith(".py"):
        try:
            tests, asserts = _python(ast.parse(source))
        except SyntaxError:
            return Strength(skips=skips)
        return Strength(tests=tests, asserts=asserts, skips=skips)
    return Strength(
        tests=len(_OTHER_TESTS.findall(source)), asserts=len(_OTHER_ASSERTS.findall(source)), skips=skips
    )


def weakened(before: Iterable[Strength], after: Iterable[Strength]) -> str | None:
    """What got weaker over all changed test files together, in words; None when nothing did."""
    old, new = sum(before, Strength()), sum(after, Strength())
    if new.tests < old.tests:
        return f"test functions drop from {old.tests} to {new.tests}"
    if new.asserts < old.asserts:
        return f"assertions drop from {old.asserts} to {new.asserts}"
    if new.skips > old.skips:
        return f"skip markers grow from {old.skips} to {new.skips}"
    return None


def _python(tree: ast.Module) -> tuple[int, int]:
    tests = asserts = 0
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test"):
                tests += 1
            case ast.Assert():
                asserts += 1
            case ast.Call(func=ast.Attribute(attr=attr)) if attr.startswith(("assert", "raises", "warns")):
                asserts += 1
    return tests, asserts
