"""Renames a function, class or variable of a module: definition, imports, uses, exports, dotted strings."""

from __future__ import annotations

import re
from collections.abc import Iterable

import libcst as cst
from libcst.metadata import Assignment, ImportAssignment, Scope

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename.definitions import Definition
from slipway.playbooks.rename.python_file import PythonFile

_SETTERS = {"setattr", "getattr", "hasattr", "delattr", "object", "spy", "multiple"}


def public_names(found: Definition, files: Iterable[PythonFile]) -> frozenset[str]:
    """Every dotted name by which the definition can be imported, also from modules that pass it on."""
    names = {f"{found.module}.{found.name}"}
    known = [file for file in files if found.name in file.text or file.stars]
    while True:
        more = {
            f"{file.module}.{found.name}"
            for file in known
            if file.imports.get(found.name) in names
            or any(f"{star}.{found.name}" in names for star in file.stars)
        }
        if more <= names:
            return frozenset(names)
        names |= more


def rename_symbol(file: PythonFile, found: Definition, new: str, names: frozenset[str]) -> None:
    """Collect all replacements in one file."""
    old = found.name
    if (file.repository, file.path) == (found.repository, found.path):
        _at_home(file, old, new)
    for node in file.nodes:
        match node:
            case cst.ImportFrom():
                _imported(file, node, old, new, names)
            case cst.Attribute(attr=cst.Name() as attribute) if _is_meant(file, node, old, names):
                file.put(attribute, new)
            case cst.Name(value=value) if value == old and _is_from_star(file, node, names):
                file.put(node, new)
            case cst.Call():
                _named_in_call(file, node, old, new, names)
            case cst.SimpleString():
                _in_string(file, node, old, new, names)
            case cst.SimpleStatementLine() if f"{file.module}.{old}" in names:
                _exported(file, node, old, new)
            case _:
                pass


def _is_meant(file: PythonFile, node: cst.Attribute, old: str, names: frozenset[str]) -> bool:
    return node.attr.value == old and file.meant(node) in names


def _imported(file: PythonFile, node: cst.ImportFrom, old: str, new: str, names: frozenset[str]) -> None:
    if isinstance(node.names, cst.ImportStar) or f"{file.absolute(node)}.{old}" not in names:
        return
    for alias in node.names:
        if alias.evaluated_name == old:
            file.put(alias.name, new)
            if alias.asname is None:
                _uses_of_import(file, node, old, new)


def _at_home(file: PythonFile, old: str, new: str) -> None:
    scope = file.scopes_global
    if scope is None:
        return
    for assignment in scope[old]:
        if not isinstance(assignment, Assignment) or assignment.scope is not scope:
            continue
        node = assignment.node
        file.put(node.name if isinstance(node, cst.FunctionDef | cst.ClassDef) else node, new)
        _references(file, assignment, old, new)
        if isinstance(node, cst.ClassDef):
            _in_representation(file, node, old, new)
        elif isinstance(node, cst.Name):
            _told_its_own_name(file, node, old, new)
    for node in file.nodes:
        if isinstance(node, cst.Global):
            for item in node.names:
                if item.name.value == old:
                    file.put(item.name, new)


def _in_representation(file: PythonFile, node: cst.ClassDef, old: str, new: str) -> None:
    """Strings of `__repr__` and `__str__` that name the class as a word."""
    for member in node.body.body:
        if isinstance(member, cst.FunctionDef) and member.name.value in {"__repr__", "__str__"}:
            for each in inside(member.body):
                if isinstance(each, cst.SimpleString | cst.FormattedStringText):
                    changed = re.sub(rf"(?<![\w.]){old}(?!\w)", new, each.value)
                    if changed != each.value:
                        file.put(each, changed)


def _told_its_own_name(file: PythonFile, node: cst.Name, old: str, new: str) -> None:
    """`Old = namedtuple("Old", ...)`, `Old = TypeVar("Old")`."""
    for each in file.nodes:
        if isinstance(each, cst.Assign) and any(target.target is node for target in each.targets):
            given = each.value.args if isinstance(each.value, cst.Call) else ()
            first = given[0].value if given else None
            if isinstance(first, cst.SimpleString) and first.evaluated_value == old:
                file.put(first, first.value.replace(old, new))


def told_in_tests(file: PythonFile, old: str, new: str) -> None:
    """Strings of tests that show the class's representation: `Old(...)` and `<Old ...>`."""
    for node in file.nodes:
        if isinstance(node, cst.SimpleString | cst.FormattedStringText):
            changed = re.sub(rf"(?<![\w.]){old}(?=\()|(?<=<){old}(?!\w)", new, node.value)
            if changed != node.value:
                file.put(node, changed)


def is_shown(found: Definition, files: Iterable[PythonFile]) -> bool:
    """Whether the representation of a class says its name, written out or made by the library."""
    home = next((f for f in files if (f.repository, f.path) == (found.repository, found.path)), None)
    for node in home.nodes if home else ():
        if isinstance(node, cst.ClassDef) and node.name.value == found.name:
            code = home.tree.code_for_node(node) if home else ""
            head = code.partition("class ")[0] + code.partition("class ")[2].partition(":\n")[0]
            named = re.search(rf"def __(?:repr|str)__.*?(?<![\w.]){found.name}(?!\w)", code, re.S)
            return bool(
                named
                or re.search(r"@(?:\w+\.)?dataclass\b|__name__|NamedTuple|BaseModel|Enum\b", head + code)
            )
    return False


def _uses_of_import(file: PythonFile, node: cst.ImportFrom, old: str, new: str) -> None:
    scope = file.scopes.get(node)
    for assignment in scope[old] if scope is not None else ():
        if isinstance(assignment, ImportAssignment) and assignment.node is node:
            if scope is not None and _is_taken(scope, new):
                raise NeedsHuman(f"{file.repository}: {file.path} uses `{new}` already; rename that first")
            _references(file, assignment, old, new)


def _is_taken(scope: Scope, new: str) -> bool:
    return any(isinstance(each, Assignment | ImportAssignment) and each.scope is scope for each in scope[new])


def _references(file: PythonFile, assignment: Assignment | ImportAssignment, old: str, new: str) -> None:
    for access in assignment.references:
        node: cst.CSTNode = access.node
        if isinstance(node, cst.Name):
            file.put(node, new)
        elif isinstance(node, cst.SimpleString):
            # An annotation in quotes.
            file.put(node, re.sub(rf"\b{old}\b", new, node.value))


def _is_from_star(file: PythonFile, node: cst.Name, names: frozenset[str]) -> bool:
    if not any(f"{star}.{node.value}" in names for star in file.stars):
        return False
    scope = file.scopes.get(node)
    return scope is not None and node.value not in scope


def _named_in_call(file: PythonFile, node: cst.Call, old: str, new: str, names: frozenset[str]) -> None:
    """`monkeypatch.setattr(module, "old", ...)` and its like."""
    called = node.func.attr.value if isinstance(node.func, cst.Attribute) else getattr(node.func, "value", "")
    if called not in _SETTERS or len(node.args) < 2:
        return
    target, name = node.args[0].value, node.args[1].value
    if isinstance(name, cst.SimpleString) and name.evaluated_value == old:
        meant = file.meant(target) if isinstance(target, cst.Name | cst.Attribute) else None
        if meant is not None and f"{meant}.{old}" in names:
            file.put(name, name.value.replace(old, new))


def _in_string(file: PythonFile, node: cst.SimpleString, old: str, new: str, names: frozenset[str]) -> None:
    text = node.value
    if old not in text or "." not in text:
        return
    for name in names:
        base = name.removesuffix(old)
        text = re.sub(rf"(?<![\w.]){re.escape(base)}{old}(?!\w)", f"{base}{new}", text)
    if text != node.value:
        file.put(node, text)


def _exported(file: PythonFile, node: cst.SimpleStatementLine, old: str, new: str) -> None:
    said = file.tree.code_for_node(node)
    if not re.match(r"\s*(?:#[^\n]*\n\s*)*__all__\b", said):
        return
    for child in _strings(node):
        if child.evaluated_value == old:
            file.put(child, child.value.replace(old, new))


def inside(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """A node with everything in it."""
    yield node
    for child in node.children:
        yield from inside(child)


def _strings(node: cst.CSTNode) -> Iterable[cst.SimpleString]:
    if isinstance(node, cst.SimpleString):
        yield node
    for child in node.children:
        yield from _strings(child)
