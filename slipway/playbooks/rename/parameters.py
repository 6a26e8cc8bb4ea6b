"""Renames a parameter: in its function, in the overrides of it, and wherever it is given by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import Assignment

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename.definitions import Definition
from slipway.playbooks.rename.members import offset
from slipway.playbooks.rename.python_file import PythonFile
from slipway.playbooks.rename.symbols import inside
from slipway.playbooks.rename.types import FunctionNode, Types, scoped


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
        for node, scope in scoped(file.syntax, []):
            if not isinstance(node, ast.Call) or not node.keywords:
                continue
            if _calls(file, node, scope, types, function, family, names, is_unique=is_unique):
                _in_keywords(file, node, scope, found, new)


def _in_keywords(file: PythonFile, node: ast.Call, scope: list[ast.AST], found: Definition, new: str) -> None:
    """`f(old=1)`, `f(**{"old": 1})` and `f(**options)` where the options are written out nearby."""
    for keyword in node.keywords:
        if keyword.arg == found.name:
            start = offset(file, keyword.lineno, keyword.col_offset)
            file.spans[start, start + len(found.name)] = new
        elif keyword.arg is None:
            for given in _written_out(file, keyword.value, scope, found):
                _in_options(file, given, found.name, new)


def _written_out(
    file: PythonFile, value: ast.expr, scope: list[ast.AST], found: Definition
) -> Iterator[ast.expr]:
    """The displays of a dictionary that is unpacked; NeedsHuman when it is also used for something else."""
    if not isinstance(value, ast.Name):
        yield value
        return
    around = next((each for each in reversed(scope) if isinstance(each, FunctionNode | ast.Module)), None)
    for outer in dict.fromkeys([*([around] if around else []), file.syntax]):
        given = [
            node.value
            for node in ast.walk(outer)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            if value.id in {ast.unparse(each) for each in _targets(node)}
        ]
        named = [each for each in given if _has_option(each, found.name)]
        if not named:
            continue
        uses = [
            node
            for node in ast.walk(file.syntax)
            if isinstance(node, ast.Name) and node.id == value.id and isinstance(node.ctx, ast.Load)
        ]
        if len(uses) > 1:
            raise NeedsHuman(
                f"{found.title}: `{value.id}` ({file.path}, line {value.lineno}) gives it by name and "
                f"is used elsewhere too; rename the key there by hand"
            )
        yield from named
        return


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _has_option(value: ast.expr, name: str) -> bool:
    match value:
        case ast.Dict(keys=keys):
            return any(isinstance(each, ast.Constant) and each.value == name for each in keys)
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return any(each.arg == name for each in keywords)
        case _:
            return False


def _in_options(file: PythonFile, value: ast.expr, old: str, new: str) -> None:
    match value:
        case ast.Dict(keys=keys):
            for key in keys:
                if isinstance(key, ast.Constant) and key.value == old:
                    start = offset(file, key.lineno, key.col_offset)
                    end = offset(file, key.end_lineno or key.lineno, key.end_col_offset or 0)
                    file.spans[start, end] = file.text[start:end].replace(old, new)
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            for keyword in keywords:
                if keyword.arg == old:
                    start = offset(file, keyword.lineno, keyword.col_offset)
                    file.spans[start, start + len(old)] = new
        case _:
            pass


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
    scope = next((file.scopes[each] for each in inside(node.body) if each in file.scopes), None)
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
    for each, scope in scoped(file.syntax, []):
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
