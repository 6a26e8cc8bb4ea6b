"""Explains a failing expression by its exception: what was missing, empty, zero or unreadable in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from slipway.playbooks.crash.expressions import Comprehension, integer, outermost, parenthesised, slug
from slipway.playbooks.crash.source_index import last_name


@dataclass(frozen=True, kw_only=True, eq=False)
class About:
    """What is bad about which part; the fields are those of `Trouble`."""

    cause: str
    whole: ast.expr | None = None
    bad: str | None = None
    good: str | None = None
    subject: ast.expr | None = None
    with_default: Callable[[str], str] | None = None
    filtered: str | None = None
    idiomatic: bool = False


def lacking(
    part: ast.expr,
    whole: ast.expr,
    *,
    how: str,
    bad: str,
    good: str,
    with_default: Callable[[str], str] | None,
) -> About:
    """One part of a whole is not as it must be: `how` says what is wrong with it."""
    cause = f"{slug(part)}_{how}"
    return About(cause=cause, whole=whole, bad=bad, good=good, subject=part, with_default=with_default)


def division(node: ast.expr | ast.stmt) -> About | None:
    """A division by zero, however it is written."""
    match node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
            whole: ast.expr | None = node
        case ast.AugAssign(op=ast.Div() | ast.FloorDiv() | ast.Mod(), value=right):
            whole = None
        case ast.Call(func=ast.Name(id="divmod"), args=[_, right]):
            whole = node
        case _:
            return None
    good, bad, cause = _zero(right)
    text = ast.unparse(whole) if whole is not None else ""
    return About(
        cause=cause,
        whole=whole,
        bad=bad,
        good=good,
        subject=right,
        with_default=(lambda default: f"{text} if {good} else {default}") if whole is not None else None,
    )


def _zero(right: ast.expr) -> tuple[str, str, str]:
    """Conditions for a divisor that is not, and that is, zero; `not items` reads better than len 0."""
    match right:
        case ast.Call(func=ast.Name(id="len"), args=[collection]) if not isinstance(
            collection, Comprehension
        ):
            inner = ast.unparse(collection)
            return inner, f"not {inner}", f"{slug(collection)}_is_empty"
        case ast.Call(func=ast.Name(id="float" | "int" | "Decimal"), args=[inner_node]):
            text = ast.unparse(right)
            return text, f"{text} == 0", f"{slug(inner_node)}_is_zero"
        case _:
            text = ast.unparse(right)
            name = "divisor" if isinstance(right, ast.BinOp) else slug(right)
            return text, f"{text} == 0", f"{name}_is_zero"


def missing_key(node: ast.expr | ast.stmt, chain: list[ast.AST]) -> About | None:
    """d[key], d.pop(key), set.remove(key)."""
    match node:
        case ast.Subscript(value=value, slice=key):
            store, name = ast.unparse(value), ast.unparse(key)
            outer = outermost(node, chain)
            text = ast.unparse(outer)
            if outer is node:
                return _absent(value, key, node, lambda default: _get(store, name, default))
            about = _absent(value, key, outer, lambda default: f"{text} if {name} in {store} else {default}")
            return replace(about, idiomatic=False)
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[key]):
            store, name = ast.unparse(value), ast.unparse(key)
            return _absent(value, key, node, lambda default: f"{store}.pop({name}, {default})")
        case ast.Call(func=ast.Attribute(value=value, attr="remove"), args=[key]):
            return _absent(value, key, node, None)
        case _:
            return None


def _absent(
    store: ast.expr, key: ast.expr, whole: ast.expr, with_default: Callable[[str], str] | None
) -> About:
    """The key is not in the store; the whole that is made from its value has none then."""
    where, name = ast.unparse(store), ast.unparse(key)
    bad, good = f"{name} not in {where}", f"{name} in {where}"
    about = lacking(key, whole, how="is_missing", bad=bad, good=good, with_default=with_default)
    return replace(about, idiomatic=with_default is not None)


def _get(store: str, key: str, default: str) -> str:
    return f"{store}.get({key})" if default == "None" else f"{store}.get({key}, {default})"


def too_short(node: ast.expr | ast.stmt, chain: list[ast.AST]) -> About | None:
    """items[0] of an empty list, parts[1] of one part, pop() from nothing."""
    match node:
        case ast.Subscript(value=value, slice=index):
            text = ast.unparse(value)
            number = _largest_index(value, integer(index), chain)
            if number in {0, -1}:
                good, bad = text, f"not {text}"
            elif number is not None:
                needed = number + 1 if number >= 0 else -number
                good, bad = f"len({text}) >= {needed}", f"len({text}) < {needed}"
            else:
                good, bad = f"{ast.unparse(index)} < len({text})", f"{ast.unparse(index)} >= len({text})"
            outer = outermost(node, chain)
            cause = f"{slug(value)}_is_empty" if number in {0, -1} else f"{slug(value)}_is_too_short"
            whole = ast.unparse(outer)
            return About(
                cause=cause,
                whole=outer,
                bad=bad,
                good=good,
                subject=value,
                with_default=lambda default: f"{whole} if {good} else {default}",
            )
        case ast.Call(func=ast.Attribute(value=value, attr="pop" | "popleft")):
            text, whole = ast.unparse(value), ast.unparse(node)
            return About(
                cause=f"{slug(value)}_is_empty",
                whole=node,
                bad=f"not {text}",
                good=text,
                subject=value,
                with_default=lambda default: f"{whole} if {text} else {default}",
            )
        case _:
            return None


def _largest_index(value: ast.expr, number: int | None, chain: list[ast.AST]) -> int | None:
    """Of several fixed places that a statement takes from one sequence, the one that needs most."""
    statement = next((part for part in reversed(chain) if isinstance(part, ast.stmt)), None)
    if number is None or statement is None or hasattr(statement, "body"):
        return number
    taken = [
        integer(node.slice)
        for node in ast.walk(statement)
        if isinstance(node, ast.Subscript) and ast.dump(node.value) == ast.dump(value)
    ]
    return max((other for other in taken if other is not None), key=lambda n: n + 1 if n >= 0 else -n)


def unsplit(node: ast.expr | ast.stmt, message: str) -> About | None:
    """A text in two parts whose separator is not there."""
    is_one = "(expected 2, got 1)" in message or "has length 1; 2 is required" in message
    match node:
        case ast.Call(
            func=ast.Attribute(value=text, attr="split" | "rsplit"),
            args=[ast.Constant(value=str() as mark), *_],
        ) if is_one:
            return About(
                cause="the_separator_is_missing",
                whole=node,
                bad=f"{mark!r} not in {ast.unparse(text)}",
                good=f"{mark!r} in {ast.unparse(text)}",
                subject=text,
            )
        case _:
            return None


def empty(node: ast.expr | ast.stmt, message: str) -> About | None:
    """max([]), random.choice([]), statistics.mean([]), next(empty)."""
    match node:
        case ast.Call(func=func, args=[collection, *_]):
            name = last_name(func)
        case _:
            return None
    text = ast.unparse(collection)
    is_sized = not isinstance(collection, ast.GeneratorExp) and not isinstance(collection, ast.Call)
    if name == "next" and len(node.args) == 1:
        return About(
            cause="nothing_matches",
            whole=node,
            subject=collection,
            idiomatic=True,
            with_default=lambda default: f"next({parenthesised(collection)}, {default})",
        )
    if name in {"max", "min"} and "empty" in message and len(node.args) == 1:
        keys = "".join(f", {ast.unparse(keyword)}" for keyword in node.keywords)
        return About(
            cause=f"{slug(collection)}_is_empty",
            whole=node,
            bad=f"not {text}" if is_sized else None,
            good=text if is_sized else None,
            subject=collection,
            with_default=lambda default: f"{name}({parenthesised(collection)}{keys}, default={default})",
            idiomatic=True,
        )
    if re.search(r"empty|at least one|no data|requires at least", message):
        whole = ast.unparse(node)
        return About(
            cause=f"{slug(collection)}_is_empty",
            whole=node,
            bad=f"not {text}" if is_sized else None,
            good=text if is_sized else None,
            subject=collection,
            with_default=(lambda default: f"{whole} if {text} else {default}") if is_sized else None,
        )
    return None
