"""Finds in the code what a ticket points at with words: a constant, a field, a parameter, an entry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.fallbacks import entries_beside
from slipway.playbooks.crash.source_index import Function, own_nodes
from slipway.playbooks.crash.trouble import Trouble

_EMPTY_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "its",
        "same",
        "value",
        "values",
        "setting",
        "settings",
        "constant",
        "one",
        "given",
        "configured",
        "entry",
        "argument",
        "parameter",
        "param",
        "option",
        "global",
        "existing",
        "own",
        "their",
        "as",
        "for",
        "in",
        "of",
        "plain",
        "usual",
        "normal",
        "respective",
        "general",
        "number",
        "text",
        "string",
        "field",
        "attribute",
    ]
)
_KINDS = frozenset({"name", "key", "code", "id"})


def referred(noun: str, trouble: Trouble, case: Case) -> tuple[str, ...]:
    """Sources for what the noun means; one when it is clear, none or several when it is not."""
    if re.fullmatch(r"[A-Za-z_][\w.]*", noun) and (exact := _named(noun, trouble, case)):
        return exact
    wanted = _stems(noun) - _EMPTY_WORDS
    if not wanted:
        return ()
    found: dict[str, int] = {}
    for source, name in _known(trouble, case):
        have = _stems(name)
        if have == wanted:
            found[source] = 3
        elif wanted <= have or (have and wanted - have <= _KINDS):
            found.setdefault(source, 2 if wanted <= have else 1)
    best = max(found.values(), default=0)
    return tuple(source for source, score in found.items() if score == best)


def default_beside(trouble: Trouble) -> tuple[str, ...]:
    """What the same look-up in the same function falls back to for another key, for this key."""
    found = []
    key = _constant_key(trouble.subject)
    for node in own_nodes(trouble.function.node):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="get"),
                args=[ast.Constant(value=other), ast.Subscript(value=table, slice=ast.Constant(value=same))],
            ) if key is not None and other == same:
                found.append(f"{ast.unparse(table)}[{key!r}]")
            case ast.Call(
                func=ast.Attribute(attr="get"), args=[ast.Constant(value=str() as other), default]
            ) if key is not None and isinstance(default, ast.Name | ast.Attribute):
                text = ast.unparse(default)
                swapped = re.sub(rf"(?i){re.escape(other)}", _cased(text, key), text)
                found += [swapped] if swapped != text and swapped in _constants(trouble) else []
            case _:
                continue
    return tuple(dict.fromkeys(found))


def _cased(like: str, key: str) -> str:
    return key.upper() if like.isupper() else key


def _constant_key(subject: ast.expr | None) -> str | None:
    return subject.value if isinstance(subject, ast.Constant) and isinstance(subject.value, str) else None


def _named(name: str, trouble: Trouble, case: Case) -> tuple[str, ...]:
    """The one thing with exactly this name: an entry of the table first, then what the code can see."""
    beside = [source for source in entries_beside(trouble) if source.endswith((f"[{name!r}]", f'["{name}"]'))]
    if beside:
        return tuple(beside[:1])
    last = name.rpartition(".")[2]
    found = [source for source, known in _known(trouble, case) if known == last]
    return tuple(dict.fromkeys(found))[:1]


def _known(trouble: Trouble, case: Case) -> Iterator[tuple[str, str]]:
    """Every value in sight as source and name."""
    yield from ((name, name) for name in _constants(trouble))
    for source in entries_beside(trouble):
        yield source, re.sub(r".*\[['\"]?(.*?)['\"]?\]$", r"\1", source)
    missing = ast.unparse(trouble.subject) if trouble.subject is not None else ""
    yield from ((source, name) for source, name in _in_sight(trouble, case) if source != missing)


def _in_sight(trouble: Trouble, case: Case) -> Iterator[tuple[str, str]]:
    """Parameters, fields of the object and of what holds the missing part, keys beside the missing one."""
    function = trouble.function
    yield from ((argument.arg, argument.arg) for argument in function.parameters)
    if function.owner is not None:
        yield from ((f"self.{name}", name) for name in _fields(function.owner))
    if (holder := _holder(trouble)) is not None:
        yield from ((f"{holder}.{name}", name) for name in _fields_of(holder, function, case))
    if (store := _store(trouble)) is not None:
        yield from ((f"{store}[{key!r}]", key) for key in _keys_of(store, trouble))


def _constants(trouble: Trouble) -> tuple[str, ...]:
    """Upper-case names that the module binds or imports."""
    names: list[str] = []
    for node in trouble.module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.ImportFrom(names=aliases):
                names += [alias.asname or alias.name for alias in aliases]
            case _:
                continue
    return tuple(name for name in names if re.fullmatch(r"_?[A-Z][A-Z0-9_]+", name))


def _holder(trouble: Trouble) -> str | None:
    """`person` of a missing `person.nickname`."""
    match trouble.subject:
        case ast.Attribute(value=ast.Name(id=name)) if name != "self":
            return name
        case _:
            return None


def _store(trouble: Trouble) -> str | None:
    """`row` of a missing `row["name"]` or a `row["name"]` that cannot be used."""
    for part in (trouble.node, trouble.subject, *ast.walk(trouble.whole or trouble.statement)):
        match part:
            case ast.Subscript(value=ast.Name() | ast.Attribute() as value, slice=ast.Constant(value=str())):
                return ast.unparse(value)
            case ast.Call(
                func=ast.Attribute(value=ast.Name() as value, attr="get"),
                args=[ast.Constant(value=str()), *_],
            ):
                return ast.unparse(value)
            case _:
                continue
    return None


def _keys_of(store: str, trouble: Trouble) -> tuple[str, ...]:
    """Keys that the module takes from something of this name."""
    missing = _constant_key(trouble.subject)
    keys = [
        node.slice.value
        for node in ast.walk(trouble.module.tree)
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == store
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    return tuple(dict.fromkeys(key for key in keys if key != missing))


def _fields(owner: ast.ClassDef) -> tuple[str, ...]:
    """Attributes that a class declares or sets in its constructor, and its properties."""
    names: list[str] = []
    for node in owner.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.append(name)
            case ast.FunctionDef(name="__init__"):
                names += [
                    part.attr
                    for part in ast.walk(node)
                    if isinstance(part, ast.Attribute)
                    and isinstance(part.ctx, ast.Store)
                    and isinstance(part.value, ast.Name)
                    and part.value.id == "self"
                ]
            case ast.FunctionDef(name=name, decorator_list=[ast.Name(id="property")]):
                names.append(name)
            case _:
                continue
    return tuple(dict.fromkeys(names))


def _fields_of(holder: str, function: Function, case: Case) -> tuple[str, ...]:
    """Fields of what a variable holds: those of its annotated class, else those that the function uses."""
    for argument in function.parameters:
        if argument.arg == holder and argument.annotation is not None:
            name = ast.unparse(argument.annotation).strip("'\"").split("|")[0].strip()
            found = case.layout.index.class_named(name.rpartition(".")[2], near=function.path)
            if found:
                return _fields(found[1])
    used = [
        node.attr
        for node in ast.walk(function.node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == holder
    ]
    return tuple(dict.fromkeys(used))


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().replace("_", " "))
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)
