"""Renames a method or attribute of a class wherever reading can tell what is meant."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename.definitions import Definition
from slipway.playbooks.rename.python_file import PythonFile
from slipway.playbooks.rename.types import FunctionNode, Types, scoped

_NAMING = {"getattr", "setattr", "hasattr", "delattr", "object", "attrgetter"}


def rename_member(
    files: Sequence[PythonFile], found: Definition, new: str, class_names: frozenset[str]
) -> None:
    """Definition, overrides and uses; NeedsHuman when a use may mean another class's member."""
    types = Types.of(files)
    owner, old = found.owner.rpartition(".")[2], found.name
    if above := types.ancestors_with(owner, old):
        raise NeedsHuman(
            f"{found.title} overrides that of {', '.join(sorted(above))}; name that class instead, "
            f"so that all of them are renamed"
        )
    family = types.family(owner)
    is_unique = types.is_unique(old, family)
    signatures = _signatures(files, family, old)
    unsure: list[str] = []
    for file in files:
        if old not in file.text:
            continue
        impossible = _impossible(file, old, signatures)
        for node, scope in scoped(file.syntax, []):
            _define(file, node, scope, family, old, new)
            if isinstance(node, ast.Attribute) and node.attr == old:
                meant = _is_meant(types, node, scope, family, is_unique=is_unique, file=file)
                if meant:
                    end = offset(file, node.end_lineno or node.lineno, node.end_col_offset or 0)
                    file.spans[end - len(old), end] = new
                elif meant is None and node not in impossible:
                    unsure.append(f"{file.path}:{node.lineno}")
            elif isinstance(node, ast.Call):
                _keywords(file, node, scope, types, family, class_names, found, new)
                _named(file, node, old, new, is_unique=is_unique)
    if unsure:
        raise NeedsHuman(
            f"{found.title}: other classes have a member `{old}` too, and reading cannot tell which is meant "
            f"at {', '.join(unsure[:8])}; annotate these or rename them by hand"
        )


def _signatures(files: Sequence[PythonFile], family: frozenset[str], name: str) -> list[ast.arguments]:
    """How the methods of that name can be called; none when one of them is not a plain method."""
    found = []
    for file in files:
        for node, scope in scoped(file.syntax, []):
            owner = scope[-1] if scope else None
            is_inside = isinstance(owner, ast.ClassDef) and owner.name in family
            if is_inside and isinstance(node, FunctionNode) and node.name == name:
                if node.decorator_list:
                    return []
                found.append(node.args)
    return found


def _impossible(file: PythonFile, name: str, signatures: Sequence[ast.arguments]) -> set[ast.AST]:
    """Uses in calls that none of the signatures can take: they mean something else."""
    return {
        node.func
        for node in ast.walk(file.syntax)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        if signatures and not any(_takes(each, node) for each in signatures)
    }


def _takes(arguments: ast.arguments, call: ast.Call) -> bool:
    """Whether a method (its object apart) can be called so; calls that unpack may be anything."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(
        each.arg is None for each in call.keywords
    ):
        return True
    match call.func:
        case ast.Attribute(value=ast.Name(id=holder)) if holder[:1].isupper():
            return True  # `Class.method(object, ...)` gives the object too.
        case _:
            pass
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][1:]
    required = positional[: len(positional) - len(arguments.defaults)] if arguments.defaults else positional
    named = {each.arg for each in call.keywords}
    required_keywords = {
        each.arg
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    }
    known = {*positional, *(each.arg for each in arguments.kwonlyargs)}
    return (
        (arguments.vararg is not None or len(call.args) <= len(positional))
        and (arguments.kwarg is not None or named <= known)
        and set(required[len(call.args) :]) <= named
        and required_keywords <= named
    )


def _define(
    file: PythonFile, node: ast.AST, scope: list[ast.AST], family: frozenset[str], old: str, new: str
) -> None:
    owner = scope[-1] if scope else None
    if not isinstance(owner, ast.ClassDef) or owner.name not in family:
        return
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name == old:
            start = offset(file, node.lineno, node.col_offset)
            at = file.text.index(old, file.text.index("def", start) + 3)
            file.spans[at, at + len(old)] = new
        case ast.Name(id=name, ctx=ast.Store() | ast.Load()) if name == old:
            start = offset(file, node.lineno, node.col_offset)
            file.spans[start, start + len(old)] = new
        case _:
            pass


def _is_meant(
    types: Types,
    node: ast.Attribute,
    scope: list[ast.AST],
    family: frozenset[str],
    *,
    is_unique: bool,
    file: PythonFile,
) -> bool | None:
    kind = types.type_of(node.value, scope)
    if kind in family:
        return True
    if types.is_open(kind):
        kind = None
    if kind is not None and (kind in types.classes or not is_unique):
        return False
    if isinstance(node.value, ast.Name) and node.value.id in file.imports:
        return False  # Something of a module.
    if is_unique:
        return True
    return types.is_inherited(node.value, node.attr, scope, family)


def _keywords(
    file: PythonFile,
    node: ast.Call,
    scope: list[ast.AST],
    types: Types,
    family: frozenset[str],
    class_names: frozenset[str],
    found: Definition,
    new: str,
) -> None:
    """Fields of dataclasses are keywords of the constructor and of `replace`."""
    del class_names
    if found.kind != "attribute":
        return
    called = ast.unparse(node.func).rpartition(".")[2]
    is_copy = called == "replace" and bool(node.args) and types.type_of(node.args[0], scope) in family
    if called in family or is_copy or (called == "cls" and types.type_of(node.func, scope) in family):
        for keyword in node.keywords:
            if keyword.arg == found.name:
                start = offset(file, keyword.lineno, keyword.col_offset)
                file.spans[start, start + len(found.name)] = new


def _named(file: PythonFile, node: ast.Call, old: str, new: str, *, is_unique: bool) -> None:
    called = ast.unparse(node.func).rpartition(".")[2]
    if called not in _NAMING or not is_unique:
        return
    for each in node.args:
        if isinstance(each, ast.Constant) and each.value == old:
            start = offset(file, each.lineno, each.col_offset) + 1
            file.spans[start, start + len(old)] = new


def offset(file: PythonFile, line: int, column: int) -> int:
    """From what `ast` counts: lines from one, columns in bytes."""
    lines = file.text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode(errors="replace"))
