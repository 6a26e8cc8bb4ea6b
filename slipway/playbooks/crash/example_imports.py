"""Finds the imports that an example from a ticket needs: people leave them out."""

from __future__ import annotations

import ast
import builtins
import re
import sys

from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import Function, Module

_BUILTINS = frozenset(dir(builtins))
_STANDARD = {
    "asyncio": "",
    "datetime": "datetime",
    "json": "",
    "io": "",
    "os": "",
    "sys": "",
    "math": "",
    "re": "",
    "csv": "",
    "Decimal": "decimal",
    "Path": "pathlib",
    "date": "datetime",
    "timedelta": "datetime",
    "SimpleNamespace": "types",
    "StringIO": "io",
    "OrderedDict": "collections",
    "defaultdict": "collections",
}


def imports_for(
    expression: str, statements: tuple[str, ...], *, layout: Layout, module: Module, function: Function
) -> dict[str, str] | None:
    """Where each free name of an example comes from; None when a name is unknown."""
    try:
        tree = ast.parse("\n".join((*statements, expression)))
    except SyntaxError:
        return None
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    bound |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id in bound or node.id in _BUILTINS:
            continue
        is_module = bool(re.search(rf"\b{node.id}\.(?:datetime|date|time|timedelta)\(", expression))
        home = "" if is_module else _home(node.id, layout, module)
        if home is None:
            return None
        imports[node.id] = home
    is_about_us = function.name in expression or function.name in " ".join(statements)
    return imports if imports or bound or is_about_us else None


def _home(name: str, layout: Layout, module: Module) -> str | None:
    """The module that a free name comes from: ours, another of the repository, or the standard library's."""
    if name in _STANDARD:
        return _STANDARD[name]
    if name in _top_level(module):
        return layout.module_name(module.path)
    for path in layout.index.source_paths:
        other = layout.index.module(path)
        if other and name in _top_level(other):
            return layout.module_name(path)
    for path in layout.index.source_paths:
        dotted = layout.module_name(path)
        if dotted.rpartition(".")[2] == name:
            return dotted.rpartition(".")[0]
    return "" if name in sys.stdlib_module_names else None


def _top_level(module: Module) -> frozenset[str]:
    """Names that a module defines itself."""
    names: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return frozenset(names)
