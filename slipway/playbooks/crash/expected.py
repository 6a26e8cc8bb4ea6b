"""What a function can give back, as its annotation, its tests and its code show: the empty value of that."""

from __future__ import annotations

import ast

from slipway.playbooks.crash.annotations import AnnotationReader
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import Function, Module, last_name, own_nodes
from slipway.playbooks.crash.values import EMPTY

_NEUTRAL = {
    "list": "[]",
    "dict": "{}",
    "set": "set()",
    "frozenset": "frozenset()",
    "tuple": "()",
    "str": "''",
    "int": "0",
    "float": "0.0",
    "number": "0",
    "bool": "False",
    "bytes": "b''",
    "NoneType": "None",
    "None": "None",
}


def neutral_value(
    function: Function, module: Module, layout: Layout, observed: tuple[str, ...]
) -> str | None:
    """The empty value of what a function returns; None when that is no plain type."""
    annotation = function.node.returns
    if annotation is not None:
        shape = AnnotationReader(layout).shape(annotation, module)
        if shape.is_optional:
            return "None"
        if (
            last_name(annotation) in {"Iterator", "Iterable", "Generator", "AsyncIterator"}
            or function.is_generator
        ):
            return "[]"
        for kind, value in _NEUTRAL.items():
            if kind in shape.kinds and not (shape.positions and kind == "tuple"):
                return value
        return None
    if function.is_generator:
        return "[]"
    kinds = {kind for kind in observed if kind != "NoneType"}
    if "NoneType" in observed:
        return "None"
    if len(kinds) == 1:
        return _NEUTRAL.get(next(iter(kinds)))
    return _returned_kind(function)


def fits(value: str, function: Function, module: Module, layout: Layout, observed: tuple[str, ...]) -> bool:
    """Whether a literal can be a result of a function, as far as its annotation or its tests show."""
    neutral = neutral_value(function, module, layout, observed)
    if neutral is None and function.node.returns is None and _kind(value) == "str" and value != EMPTY:
        # Whatever the tests saw it give, such as a Decimal, it was no text.
        return not observed or "str" in observed
    if neutral is None or value in {EMPTY, "None"}:
        return True
    kind, wanted = _kind(value), _kind(neutral)
    if kind is None or wanted is None or wanted == "NoneType":
        return True
    return kind == wanted or {kind, wanted} <= {"int", "float", "bool"}


def resolved(value: str, neutral: str | None) -> str:
    """ "empty" as the type of the place that it is used in."""
    return (neutral if neutral in {"[]", "{}", "''", "()", "set()"} else "[]") if value == EMPTY else value


def _kind(source: str) -> str | None:
    try:
        return type(ast.literal_eval(source)).__name__
    except (ValueError, SyntaxError):
        return {"set()": "set", "frozenset()": "frozenset"}.get(source)


def _returned_kind(function: Function) -> str | None:  # noqa: C901  (one case for each kind)
    """The neutral value of what the return expressions visibly build."""
    kinds: set[str] = set()
    returns = [
        node for node in own_nodes(function.node) if isinstance(node, ast.Return) and node.value is not None
    ]
    if not returns:
        return "None"
    for node in returns:
        match node.value:
            case ast.ListComp() | ast.List():
                kinds.add("[]")
            case ast.Dict() | ast.DictComp():
                kinds.add("{}")
            case ast.JoinedStr():
                kinds.add("''")
            case ast.Constant(value=str()):
                kinds.add("''")
            case ast.Constant(value=bool()) | ast.Compare():
                kinds.add("False")
            case ast.BinOp(op=ast.Div()):
                kinds.add("0")
            case ast.BinOp(op=ast.FloorDiv() | ast.Mult() | ast.Sub()):
                kinds.add("0")
            case ast.Call(func=ast.Name(id="sum" | "len" | "int" | "round" | "float" | "max" | "min")):
                kinds.add("0")
            case ast.Call(func=ast.Name(id="list" | "sorted")):
                kinds.add("[]")
            case ast.Call(func=ast.Attribute(attr="join" | "upper" | "lower" | "strip" | "title" | "format")):
                kinds.add("''")
            case ast.Subscript() | ast.Attribute():
                kinds.add("None")
            case _:
                return None
    return next(iter(kinds)) if len(kinds) == 1 else None
