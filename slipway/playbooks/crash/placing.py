"""Puts a definition and its imports into a test file, where the file's own are."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping

import libcst as cst

from slipway.playbooks.crash.source_index import Function


def placed(module: cst.Module, code: str, owner: str | None) -> str:
    """The definition at the end of its class, or of the file but before a main guard."""
    definition = cst.parse_module(code).body[0]
    assert isinstance(definition, cst.FunctionDef | cst.ClassDef)
    body = list(module.body)
    if owner is not None:
        for number, node in enumerate(body):
            if isinstance(node, cst.ClassDef) and node.name.value == owner:
                inner = definition.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
                block = node.body.with_changes(body=[*node.body.body, inner])
                body[number] = node.with_changes(body=block)
        return module.with_changes(body=body).code
    blank = [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False)]
    fresh = definition.with_changes(leading_lines=blank)
    last = len(body)
    if body and isinstance(body[-1], cst.If) and "__name__" in module.code_for_node(body[-1].test):
        last -= 1
    return module.with_changes(body=[*body[:last], fresh, *body[last:]]).code


def import_block(imports: Mapping[str, str]) -> str:
    """Standard library, third party, own code; each group in order."""
    grouped: dict[int, dict[str, set[str]]] = {0: {}, 1: {}, 2: {}}
    for name, module in imports.items():
        top = (module or name).split(".")[0]
        group = 1 if top == "pytest" else 0 if top in sys.stdlib_module_names else 2
        grouped[group].setdefault(module or name, set()).update({name} if module else set())
    blocks = []
    for modules in grouped.values():
        plain = [f"import {module}" for module, names in sorted(modules.items()) if not names]
        chosen = [
            f"from {m} import {', '.join(sorted(names))}" for m, names in sorted(modules.items()) if names
        ]
        if plain or chosen:
            blocks.append("\n".join([*plain, *chosen]))
    return "\n\n".join(blocks)


def bound(text: str) -> frozenset[str]:
    """Names that a file imports already, from wherever."""
    names: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return frozenset(names)


def free_name(old: str, function: Function, cause: str) -> str:
    """`test_<function>_when_<cause>`, numbered when taken."""
    subject = (
        function.owner.name.lower()
        if function.name == "__init__" and function.owner
        else function.name.strip("_")
    )
    name = f"test_{subject}_when_{cause}".replace("__", "_").lower()
    taken = set(re.findall(r"def (test\w*)", old))
    options = [name, f"{name}_without_crash", *(f"{name}_{number}" for number in range(2, 50))]
    return next(option for option in options if option not in taken)


def node_id(text: str, name: str) -> str:
    """How pytest spells the test behind the file's name."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(p, ast.FunctionDef) and p.name == name for p in node.body
        ):
            return f"{node.name}::{name}"
    return name


def has_tests(node: ast.ClassDef) -> bool:
    """Whether a class holds tests."""
    return any(
        isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name.startswith("test")
        for part in node.body
    )
