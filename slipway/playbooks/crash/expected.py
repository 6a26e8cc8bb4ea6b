"""Finds what should happen instead of a crash when the ticket does not say: docstring, siblings, types."""

from __future__ import annotations

import ast
import re

from slipway.playbooks.crash.annotations import AnnotationReader
from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import Function, Module, last_name, own_nodes
from slipway.playbooks.crash.trouble import Trouble
from slipway.playbooks.crash.values import EMPTY, VALUE, source_of

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
_OR_VALUE = re.compile(
    r"(?:\bor|\breturns?|[,;(])\s+(?:an?\s+|the\s+)?" + VALUE + r"\s+(?:if|when|for|on|where|unless)\b"
    r"|\b(?:if|when|for)\b[^.\n]{0,60},\s*(?:returns?|gives?|is)\s+" + VALUE.replace("?P<", "?P<b_"),
    re.IGNORECASE,
)
_RAISES = re.compile(r"(?:^|\n)\s*(?:Raises:?\s*\n\s*|:raises?\s+)(?P<name>\w+)\b", re.MULTILINE)


def inferred(
    trouble: Trouble, entry: Function, home: Module, layout: Layout, observed: tuple[str, ...]
) -> tuple[Expectation, ...]:
    """What the code itself suggests for the function that a test calls, the strongest hint first."""
    found: list[Expectation] = []
    for function in dict.fromkeys((entry, trouble.function)):
        found += _documented(function)
    if trouble.is_inner or trouble.loop is not None:
        found += _sibling_defaults(trouble)
    found += _sibling_returns(entry)
    found += _sibling_defaults(trouble)
    if trouble.loop is not None:
        # Giving up on all entries because of one is hardly ever meant.
        found.append(Expectation(wish=Wish.SKIP))
    if neutral := neutral_value(entry, home, layout, observed):
        found.append(Expectation(wish=Wish.RETURN, value=neutral, loose=True))
    return tuple(dict.fromkeys(found))


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


def _documented(function: Function) -> list[Expectation]:
    text = ast.get_docstring(function.node) or ""
    found = []
    for match in _OR_VALUE.finditer(text):
        value = _any_group(match)
        if value is not None:
            found.append(Expectation(wish=Wish.RETURN, value=value, loose=value == EMPTY))
    for match in _RAISES.finditer(text):
        found.append(Expectation(wish=Wish.RAISE, exception=match["name"]))
    return found


def _any_group(match: re.Match[str]) -> str | None:
    value = source_of(match)
    if value is not None:
        return value
    text = match.group().rpartition(",")[2]
    inner = re.search(VALUE, text, re.IGNORECASE)
    return source_of(inner) if inner else None


def _sibling_returns(function: Function) -> list[Expectation]:
    """What the function's other guards give: constants returned inside an if or an except."""
    values: list[str] = []
    raised: list[str] = []
    for node in own_nodes(function.node):
        body = node.body if isinstance(node, ast.If | ast.ExceptHandler) else []
        match body:
            case [ast.Return(value=None)]:
                values.append("None")
            case [ast.Return(value=ast.expr() as value)] if _is_constant(value):
                values.append(ast.unparse(value))
            case [ast.Raise(exc=ast.Call(func=ast.Name(id=name)))]:
                raised.append(name)
            case _:
                continue
    distinct = list(dict.fromkeys(values))
    found = [Expectation(wish=Wish.RETURN, value=distinct[0])] if len(distinct) == 1 else []
    if not values and len(set(raised)) == 1:
        found.append(Expectation(wish=Wish.RAISE, exception=raised[0]))
    return found


def _sibling_defaults(trouble: Trouble) -> list[Expectation]:
    """The default that the same function gives a similar value, or that the operation around it suggests."""
    defaults: list[str] = []
    for node in ast.walk(trouble.function.node):
        match node:
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]) if _is_constant(default):
                defaults.append(ast.unparse(default))
            case _:
                continue
    distinct = list(dict.fromkeys(defaults))
    if len(distinct) == 1 and trouble.exception == "KeyError":
        return [Expectation(wish=Wish.TREAT_AS, value=distinct[0])]
    if (trouble.is_inner or trouble.loop is not None) and (around := _operation(trouble)):
        return [Expectation(wish=Wish.TREAT_AS, value=around)]
    return []


def _operation(trouble: Trouble) -> str | None:
    """0 where the value is calculated with, "" where it becomes text."""
    whole = trouble.whole
    for node in ast.walk(trouble.statement):
        match node:
            case ast.BinOp(left=left, right=right) if whole in {left, right}:
                return "0"
            case ast.AugAssign(value=value, op=ast.Add() | ast.Sub()) if value is whole:
                return "0"
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=element), *_]) if (
                element is whole
            ):
                return "0"
            case ast.FormattedValue(value=value) if value is whole:
                return "''"
            case ast.Call(func=ast.Attribute(attr="join")) if whole in set(ast.walk(node)):
                return "''"
            case _:
                continue
    return None


def _is_constant(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return False
    return True


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
