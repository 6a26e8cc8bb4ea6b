"""Renames a method or attribute of a class, and parameters, wherever reading can tell what is meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import Assignment

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename.definitions import Definition
from slipway.playbooks.rename.python_file import PythonFile
from slipway.playbooks.rename.types import FunctionNode, Types

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
        for node, scope in _scoped(file.syntax, []):
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
        for node, scope in _scoped(file.syntax, []):
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


def rename_parameter(
    files: Sequence[PythonFile], found: Definition, new: str, names: frozenset[str], *, is_method: bool
) -> None:
    """In the function (and its overrides), and as a keyword in every call of it."""
    types = Types.of(files)
    owner, _, function = found.owner.rpartition(".")
    family = types.family(owner.rpartition(".")[2]) if is_method else frozenset()
    is_unique = not is_method or types.is_unique(function, family)
    for file in files:
        if found.name not in file.text:
            continue
        _in_bodies(file, found, new, function, family)
        for node, scope in _scoped(file.syntax, []):
            if not isinstance(node, ast.Call) or not any(each.arg == found.name for each in node.keywords):
                continue
            if _calls(file, node, scope, types, function, family, names, is_unique=is_unique):
                for keyword in node.keywords:
                    if keyword.arg == found.name:
                        start = offset(file, keyword.lineno, keyword.col_offset)
                        file.spans[start, start + len(found.name)] = new


def _in_bodies(file: PythonFile, found: Definition, new: str, function: str, family: frozenset[str]) -> None:
    at_home = file.path == found.path and file.repository == found.repository
    for node in file.nodes:
        if not isinstance(node, cst.FunctionDef) or node.name.value != function:
            continue
        owner = _class_of(file, node)
        if owner in family or (at_home and not family and owner is None):
            _in_body(file, node, found, new)


def _in_body(file: PythonFile, node: cst.FunctionDef, found: Definition, new: str) -> None:
    names = {each.name.value for each in _parameters(node)}
    if found.name not in names:
        return
    if new in names:
        raise NeedsHuman(f"{found.title}: the function has a parameter `{new}` already")
    if any("option" in code or "argument" in code for code in _decorators(file, node)):
        raise NeedsHuman(f"{found.title}: its name comes from a decorator; change the option's name there")
    own = next(each for each in _parameters(node) if each.name.value == found.name)
    file.put(own.name, new)
    scope = next((file.scopes[each] for each in _inside(node.body) if each in file.scopes), None)
    for assignment in scope[found.name] if scope is not None else ():
        if isinstance(assignment, Assignment) and assignment.scope is scope:
            nodes = [assignment.node, *(access.node for access in assignment.references)]
            for each in nodes:
                if isinstance(each, cst.Name):
                    file.put(each, new)
    _docstring(file, node, found.name, new)


def _parameters(node: cst.FunctionDef) -> list[cst.Param]:
    given = node.params
    return [*given.posonly_params, *given.params, *given.kwonly_params]


def _decorators(file: PythonFile, node: cst.FunctionDef) -> list[str]:
    return [file.tree.code_for_node(each.decorator).partition("(")[0] for each in node.decorators]


def _docstring(file: PythonFile, node: cst.FunctionDef, old: str, new: str) -> None:
    body = node.body.body[0] if isinstance(node.body, cst.IndentedBlock) and node.body.body else None
    if isinstance(body, cst.SimpleStatementLine) and isinstance(body.body[0], cst.Expr):
        text = body.body[0].value
        if isinstance(text, cst.SimpleString):
            changed = re.sub(
                rf"(:param (?:\w+ )?|`+|^\s+){old}(?=:|`| ?\()",
                rf"\g<1>{new}",
                text.value,
                flags=re.MULTILINE,
            )
            if changed != text.value:
                file.put(text, changed)


def _class_of(file: PythonFile, node: cst.FunctionDef) -> str | None:
    line = file.line_of(node.name)
    for each, scope in _scoped(file.syntax, []):
        if isinstance(each, FunctionNode) and each.name == node.name.value and each.lineno == line:
            return scope[-1].name if scope and isinstance(scope[-1], ast.ClassDef) else None
    return None


def _calls(
    file: PythonFile,
    node: ast.Call,
    scope: list[ast.AST],
    types: Types,
    function: str,
    family: frozenset[str],
    names: frozenset[str],
    *,
    is_unique: bool,
) -> bool:
    called = node.func
    if ast.unparse(called).rpartition(".")[2] == "partial" and node.args:
        called = node.args[0]
    if function == "__init__":
        return ast.unparse(called).rpartition(".")[2] in family or ast.unparse(called) == "super().__init__"
    if not family:
        return _resolved(file, called) in names
    if not isinstance(called, ast.Attribute) or called.attr != function:
        return False
    kind = types.type_of(called.value, scope)
    return kind in family if kind is not None or not is_unique else True


def _resolved(file: PythonFile, node: ast.expr) -> str | None:
    name = ast.unparse(node)
    first, _, rest = name.partition(".")
    if first in file.imports:
        return f"{file.imports[first]}.{rest}".rstrip(".")
    star = next((star for star in file.stars if not rest), None)
    own = f"{file.module}.{name}"
    defined = any(
        isinstance(each, FunctionNode | ast.ClassDef) and each.name == first for each in file.syntax.body
    )
    return own if defined or star is None else f"{star}.{name}"


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


def _scoped(node: ast.AST, scope: list[ast.AST]) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Every node with the module, classes and functions around it."""
    inner = [*scope, node] if isinstance(node, ast.Module | ast.ClassDef | FunctionNode) else scope
    for child in ast.iter_child_nodes(node):
        yield child, inner
        yield from _scoped(child, inner)


def _inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _inside(child)
