"""Updates what tests say about a value, and writes the test that says its new one."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from slipway.playbooks.added_tests import with_test
from slipway.playbooks.constant.choice import Chosen
from slipway.playbooks.constant.places import Place, evaluated
from slipway.playbooks.constant.templates import is_any, retold
from slipway.playbooks.crash.layout import Layout

_MIN_TEXT, _MIN_LIMIT = 5, 20


@dataclass(frozen=True)
class _Spot:
    start: int
    end: int
    text: str


def updated(
    text: str,
    place: Place,
    literal: str,
    value: object,
    *,
    within: Collection[str] = (),
    by_name: bool = True,
    rivals: Collection[str] = (),
) -> str:
    """The test file asserting the new value where it asserted the old; also equal literals in `within`.

    `by_name` is for values that their name tells apart from all others; `rivals` are other texts that
    contain the old one and stay.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    spots = {spot.start: spot for spot in _spots(tree, text, place, literal, value, within, by_name, rivals)}
    for start in sorted(spots, reverse=True):
        text = text[:start] + spots[start].text + text[spots[start].end :]
    return text


def _spots(
    tree: ast.Module,
    text: str,
    place: Place,
    literal: str,
    value: object,
    within: Collection[str],
    by_name: bool,
    rivals: Collection[str],
) -> Iterator[_Spot]:
    inner = _literals(tree, within)
    compared = [
        side
        for node in ast.walk(tree)
        if by_name and isinstance(node, ast.Compare | ast.Call)
        for side in _other_side(node, place)
    ]
    for node in (*compared, *inner):
        if type(node.value) in {int, float} and node.value == place.value:
            yield _spot(node, text, literal)
    for product in _products(tree, within, place.value):
        yield _spot(product, text, literal)
    yield from _next_to(inner, text, place.value, value)
    if isinstance(place.value, str) and isinstance(value, str) and len(place.value) >= _MIN_TEXT:
        yield from _texts(tree, text, place.value, value, rivals)
    elif isinstance(place.value, str):
        for node in compared:
            if node.value == place.value:
                yield _spot(node, text, repr(value))


def _next_to(inner: list[ast.Constant], text: str, old: object, value: object) -> Iterator[_Spot]:
    """One less or one more than a limit is what tests of a limit try; small numbers are too common."""
    if type(old) is int and type(value) is int and abs(old) >= _MIN_LIMIT:
        for node in inner:
            if type(node.value) is int and abs(node.value - old) == 1:
                yield _spot(node, text, str(node.value - old + value))
    elif type(old) is float and type(value) is float and any(node.value == old for node in inner):
        step = 10.0 ** -len(repr(old).partition(".")[2])
        for node in inner:
            if type(node.value) is float and 0 < abs(node.value - old) < step * 1.01:
                yield _spot(node, text, f"{node.value - old + value:.10g}")


def _products(tree: ast.Module, within: Collection[str], old: object) -> Iterator[ast.BinOp]:
    """`8 * 1024 * 1024` in some functions, where that is the value."""
    for function in _functions(tree, within):
        for node in ast.walk(function):
            if (
                isinstance(node, ast.BinOp)
                and isinstance(node.op, ast.Mult)
                and evaluated(node) == (True, old)
            ):
                yield node


def _functions(tree: ast.Module, within: Collection[str]) -> Iterator[ast.AST]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name in within:
            yield function


def _literals(tree: ast.Module, within: Collection[str]) -> list[ast.Constant]:
    """Every literal in some functions."""
    return [
        node
        for function in _functions(tree, within)
        for node in ast.walk(function)
        if isinstance(node, ast.Constant)
    ]


def _texts(tree: ast.Module, text: str, old: str, new: str, rivals: Collection[str]) -> Iterator[_Spot]:
    """Literals that are a text, filled in, or contain it."""
    part, instead = _difference(old, new)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        found = _spot(node, text, "")
        source = text[found.start : found.end]
        if is_any(node.value, rivals):
            continue
        whole = retold(node.value, old, new)
        if whole is not None and source[:1] in "\"'" and source[:3] not in {'"""', "'''"}:
            yield _Spot(found.start, found.end, _requoted(whole, source))
        elif part in node.value:
            if part in source:
                yield _Spot(found.start, found.end, source.replace(part, _escaped(instead, source)))
            elif not source.startswith(("f", "F")):
                yield _Spot(found.start, found.end, repr(node.value.replace(part, instead)))


def _requoted(text: str, source: str) -> str:
    quote = source[0]
    return repr(text) if quote in text or "\\" in text or "\n" in text else f"{quote}{text}{quote}"


def _difference(old: str, new: str) -> tuple[str, str]:
    """Texts with fields in braces differ in a part only; that part is what tests can contain."""
    if "{" not in old:
        return old, new
    pieces, others = re.split(r"\{[^}]*\}", old), re.split(r"\{[^}]*\}", new)
    changed = [pair for pair in zip(pieces, others, strict=False) if pair[0] != pair[1]]
    if len(pieces) == len(others) and len(changed) == 1 and len(changed[0][0].strip()) >= _MIN_TEXT:
        return changed[0][0].strip(), changed[0][1].strip()
    return old, new


def _other_side(node: ast.Compare | ast.Call, place: Place) -> list[ast.Constant]:
    """Literals that a comparison sets against the value's name."""
    sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else list(node.args)
    if isinstance(node, ast.Call) and not ast.unparse(node.func).rpartition(".")[2].startswith("assert"):
        return []
    if not any(_is_name(side, place.name) for side in sides):
        return []
    return [side for side in sides if isinstance(side, ast.Constant)]


def _is_name(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.Attribute(attr=found):
            return found == name
        case ast.Subscript(slice=ast.Constant(value=found)):
            return found == name
        case _:
            return False


def _spot(node: ast.expr, text: str, replacement: str) -> _Spot:
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        before = sum(len(each) for each in lines[: line - 1])
        return before + len(lines[line - 1].encode()[:column].decode(errors="replace"))

    return _Spot(
        offset(node.lineno, node.col_offset),
        offset(node.end_lineno or node.lineno, node.end_col_offset or 0),
        replacement,
    )


def _escaped(text: str, source: str) -> str:
    quote = source.lstrip("rRbBuUfF")[:1]
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}") if quote in text else text


def added(chosen: Chosen, layout: Layout, path: str) -> tuple[str, str] | None:
    """A test file that asserts the new value, and the test's id; None when no test can reach the value."""
    place, value = chosen.places[0], chosen.value
    reached = _reached(place, layout)
    if reached is None:
        return None
    expression, imports = reached
    if place.wrapper.rpartition(".")[2].startswith("timedelta("):
        keyword = place.wrapper.partition("(")[2].rstrip("=")
        imports, right = [*imports, ("datetime", "timedelta")], _timedelta(keyword, chosen.literals[0])
    elif place.wrapper.rpartition(".")[2] == "Decimal":
        expression, right = f"str({expression})", f'"{value}"'
    else:
        right = _quoted(value)
    named = re.sub(r"\W+", "_", place.name).strip("_").lower()
    operator = "is" if value is None or isinstance(value, bool) else "=="
    return with_test(
        layout,
        path,
        name=f"test_{named}_has_its_agreed_value",
        imports=imports,
        lines=[f"assert {expression} {operator} {right}"],
    )


def _timedelta(keyword: str, literal: str) -> str:
    return f"timedelta({literal})" if "=" in literal else f"timedelta({keyword}={literal})"


def _quoted(value: object) -> str:
    if isinstance(value, str) and '"' not in value and "\\" not in value and "\n" not in value:
        return f'"{value}"'
    return repr(value)


def _reached(place: Place, layout: Layout) -> tuple[str, list[tuple[str, str | None]]] | None:
    module = layout.index.module(place.path)
    if module is None or (place.wrapper and not _is_transparent(place.wrapper)):
        return None
    name = layout.module_name(place.path)
    owners = place.owner.split(".") if place.owner else []
    variables = {
        target.id
        for node in module.tree.body
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
        if isinstance(target, ast.Name)
    }
    if place.kind == "variable" and not owners:
        return place.name, [(name, place.name)]
    if place.kind == "variable" and len(owners) == 1 and owners[0] in module.classes:
        bases = " ".join(ast.unparse(base) for base in module.classes[owners[0]].bases)
        attribute = f"{owners[0]}.{place.name}"
        if re.search(r"\b(?:BaseModel|BaseSettings)\b", bases):
            attribute = f'{owners[0]}.model_fields["{place.name}"].default'
        elif re.search(r"Enum\b", bases):
            attribute = f"{attribute}.value"
        return attribute, [(name, owners[0])]
    if place.kind == "entry" and owners and owners[0] in variables:
        keys = "".join(f'["{key}"]' for key in (*owners[1:], place.name))
        return f"{owners[0]}{keys}", [(name, owners[0])]
    functions = {function.qualified: function for function in module.functions}
    if place.kind == "default" and place.owner in functions and not functions[place.owner].is_nested:
        expression = f'inspect.signature({place.owner}).parameters["{place.name}"].default'
        return expression, [("inspect", None), (name, owners[0])]
    return None


def _is_transparent(wrapper: str) -> bool:
    """Whether the value can be compared although a call makes it."""
    last = wrapper.rpartition(".")[2]
    return last in {"Decimal", "field", "Field", "float", "int", "str"} or last.startswith("timedelta(")
