"""Repairs imports of names that live in another module of the same repository."""

from __future__ import annotations

import ast
import collections.abc
import re
from collections.abc import Mapping

import libcst as cst

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.crash.layout import Layout

_NAME = re.compile(
    r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'"
)
_MODULE = re.compile(r"No module named '(?P<module>[\w.]+)'")
_CIRCLE = re.compile(r"partially initialized module|circular import")


def fixed(text: str, layout: Layout) -> Mapping[str, str | None]:
    """Files whose imports now name the module that has the name."""
    if _CIRCLE.search(text):
        raise NeedsHuman("modules import each other in a circle; a person must decide which one gives way")
    wanted = {(match["module"], match["name"]) for match in _NAME.finditer(text)}
    moved = {match["module"] for match in _MODULE.finditer(text)}
    if not wanted and not moved:
        raise NeedsHuman("the log does not say which name could not be imported")
    modules = {layout.module_name(path): path for path in layout.index.source_paths}
    homes = {pair: _home(*pair, modules=modules, layout=layout) for pair in sorted(wanted)}
    renamed = {module: _moved(module, modules) for module in sorted(moved) if module not in modules}
    changes: dict[str, str | None] = {}
    for path in (*layout.index.source_paths, *(path for path in layout.tree if path.endswith(".py"))):
        if path in changes or layout.index.module(path) is None:
            continue
        old = layout.tree[path]
        new = cst.parse_module(old).visit(_Imports(homes, renamed)).code
        if new != old:
            changes[path] = new
    if not changes:
        raise NeedsHuman(
            "the import that fails is not in this repository's own code; look at the package it comes from"
        )
    return changes


def _home(module: str, name: str, *, modules: Mapping[str, str], layout: Layout) -> str:
    if module == "collections" and name in collections.abc.__all__:
        return "collections.abc"
    found = [other for other, path in modules.items() if _defines(layout, path, name)]
    if len(found) != 1:
        where = ", ".join(found) or "no module of the repository"
        raise NeedsHuman(
            f"`{name}` is imported from {module}, which lacks it; {where} defines it. Say what is meant"
        )
    return found[0]


def _defines(layout: Layout, path: str, name: str) -> bool:
    module = layout.index.module(path)
    for node in module.tree.body if module else []:
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                if found == name:
                    return True
            case ast.Assign(targets=targets):
                if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                    return True
            case ast.AnnAssign(target=ast.Name(id=found)):
                if found == name:
                    return True
            case _:
                pass
    return False


def _moved(module: str, modules: Mapping[str, str]) -> str:
    last = module.rpartition(".")[2]
    found = [other for other in modules if other.rpartition(".")[2] == last]
    if len(found) != 1:
        where = ", ".join(found) or "nothing"
        raise NeedsHuman(f"there is no module {module}; {where} has that last name. Say what is meant")
    return found[0]


class _Imports(cst.CSTTransformer):
    def __init__(self, homes: Mapping[tuple[str, str], str], renamed: Mapping[str, str]) -> None:
        super().__init__()
        self.homes, self.renamed = homes, renamed

    def leave_SimpleStatementLine(
        self,
        original_node: cst.SimpleStatementLine,  # noqa: ARG002  (libcst passes it by position)
        updated_node: cst.SimpleStatementLine,
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        """One import may become two."""
        if len(updated_node.body) != 1 or not isinstance(updated_node.body[0], cst.ImportFrom):
            return updated_node
        node = updated_node.body[0]
        if node.relative or node.module is None or isinstance(node.names, cst.ImportStar):
            return updated_node
        module = cst.Module([]).code_for_node(node.module)
        if module in self.renamed:
            changed = node.with_changes(module=_dotted(self.renamed[module]))
            return updated_node.with_changes(body=[changed])
        leaving = [each for each in node.names if (module, each.evaluated_name) in self.homes]
        if not leaving:
            return updated_node
        staying = [each for each in node.names if each not in leaving]
        lines: list[cst.BaseStatement] = []
        if staying:
            kept = [*staying[:-1], staying[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
            lines.append(updated_node.with_changes(body=[node.with_changes(names=kept)]))
        for each in leaving:
            home = self.homes[module, each.evaluated_name]
            alone = node.with_changes(
                module=_dotted(home), names=[each.with_changes(comma=cst.MaybeSentinel.DEFAULT)],
                lpar=None, rpar=None,
            )  # fmt: skip
            leading = () if lines else updated_node.leading_lines
            lines.append(updated_node.with_changes(body=[alone], leading_lines=leading))
        return cst.FlattenSentinel(lines)


def _dotted(name: str) -> cst.Attribute | cst.Name:
    node = cst.parse_expression(name)
    if not isinstance(node, cst.Attribute | cst.Name):
        raise ValueError(f"{name} is not a module's name")
    return node
