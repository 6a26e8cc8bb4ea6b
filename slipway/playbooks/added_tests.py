"""Adds a test to a repository in the way its tests are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from textwrap import indent

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor, ImportItem

from slipway.playbooks.crash.layout import Layout


def with_test(
    layout: Layout, path: str, *, name: str, imports: Sequence[tuple[str, str | None]], lines: Sequence[str]
) -> tuple[str, str]:
    """The test file's new text and the new test's id; `imports` are (module, name), None for the module."""
    old = layout.tree.get(path, "")
    name = _free(name, old)
    is_case = "TestCase" in old if old.strip() else layout.uses_unittest
    returns = " -> None" if _annotates(old, layout) else ""
    body = [_as_method(line) for line in lines] if is_case else list(lines)
    code = f"def {name}({'self' if is_case else ''}){returns}:\n" + indent("\n".join(body), "    ") + "\n"
    if not is_case:
        text = f"{old.rstrip()}\n\n\n{code}" if old.strip() else code
        return _imported(text, imports), f"{path}::{name}"
    owner = _last_case(old)
    if owner is None:
        title = "".join(part.title() for part in name.removeprefix("test_").split("_")[:3])
        owner = f"{title}Test"
        head = f"{old.rstrip()}\n\n\n" if old.strip() else "import unittest\n\n\n"
        text = f"{head}class {owner}(unittest.TestCase):\n{indent(code, '    ')}"
    else:
        text = _in_class(old, owner, code)
    return _imported(text, imports), f"{path}::{owner}::{name}"


def _imported(text: str, imports: Sequence[tuple[str, str | None]]) -> str:
    items = [ImportItem(module, name) for module, name in imports]
    return AddImportsVisitor(CodemodContext(), items).transform_module(cst.parse_module(text)).code


def _annotates(old: str, layout: Layout) -> bool:
    if re.search(r"def test_\w+\([^)]*\)", old):
        return re.search(r"def test_\w+\([^)]*\)\s*->\s*None", old) is not None
    return layout.annotates_tests


def _free(name: str, old: str) -> str:
    taken = set(re.findall(r"def (test_\w+)", old))
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _as_method(line: str) -> str:
    equal = re.fullmatch(r"assert (.+?) == (.+)", line)
    if equal:
        return f"self.assertEqual({equal[1]}, {equal[2]})"
    plain = re.fullmatch(r"assert (not )?(.+)", line)
    return f"self.assert{'False' if plain[1] else 'True'}({plain[2]})" if plain else line


def _last_case(old: str) -> str | None:
    if not old.strip():
        return None
    cases = [
        node.name
        for node in ast.parse(old).body
        if isinstance(node, ast.ClassDef) and any("TestCase" in ast.unparse(base) for base in node.bases)
    ]
    return cases[-1] if cases else None


def _in_class(old: str, owner: str, code: str) -> str:
    (node,) = [each for each in ast.parse(old).body if isinstance(each, ast.ClassDef) and each.name == owner]
    lines = old.splitlines()
    at = node.end_lineno or len(lines)
    return "\n".join([*lines[:at], "", *indent(code, "    ").rstrip().splitlines(), *lines[at:]]) + "\n"
