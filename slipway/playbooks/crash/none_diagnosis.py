"""Explains crashes by None: which part of an expression was None, and what the rest of it would be."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from slipway.playbooks.crash.diagnosis import About, lacking
from slipway.playbooks.crash.expressions import Comprehension, bare, outermost, slug
from slipway.playbooks.crash.source_index import last_name

GATHERING = frozenset({"sum", "sorted", "max", "min", "join", "mean", "fsum"})
"""Functions that fail for one entry of what they are given."""


def about_none(  # noqa: C901  (one case for each kind)
    node: ast.expr | ast.stmt, chain: list[ast.AST], message: str, kinds: Mapping[str, str]
) -> About | None:
    """Which part is None: the object of an attribute, an operand, an argument, or what is iterated over.

    `kinds` are the types of the variables, by name.
    """
    match node:
        case ast.Attribute(value=value):
            return _about_holder(value, outermost(node, chain))
        case ast.Call(func=ast.Attribute(value=value)) if "has no attribute" in message:
            return _about_holder(value, outermost(node, chain))
        case ast.Subscript(value=value) if "subscriptable" in message:
            return _about_holder(value, outermost(node, chain))
        case ast.BinOp(left=left, right=right):
            return _about_operand(right if _is_second(message) else left)
        case ast.Compare(left=left, ops=ops, comparators=[right, *_]):
            in_test = isinstance(ops[0], ast.In | ast.NotIn)
            return _about_operand(right if in_test or _is_second(message) else left)
        case ast.AugAssign(value=value):
            return _about_operand(value)
        case ast.Call(func=func, args=[collection, *_]) if last_name(func) in GATHERING:
            return _about_entries(collection)
        case ast.expr() if len(chain) > 1 and isinstance(chain[-2], Comprehension):
            return _about_operand(node)
        case ast.Call(args=[argument, *_] as arguments):
            # int(None), len(None): the message names the argument's type, not the argument.
            return _about_holder(_known_none(arguments, kinds) or argument, outermost(node, chain))
        case ast.JoinedStr() if "__format__" in message:
            # Older interpreters blame the whole f-string.
            specified = [
                p for p in node.values if isinstance(p, ast.FormattedValue) and p.format_spec is not None
            ]
            return _about_formatted(specified[0]) if len(specified) == 1 else None
        case ast.FormattedValue() if "__format__" in message:
            return _about_formatted(node)
        case ast.expr() if "iterable" in message or "iterate" in message:
            return _about(node, node, lambda default: f"{bare(node)} or {default}", idiomatic=True)
        case _:
            return None


def takes_none(node: ast.expr | ast.stmt, kinds: Mapping[str, str]) -> bool:
    """Whether a call is given a variable that is None."""
    return isinstance(node, ast.Call) and _known_none(node.args, kinds) is not None


def _known_none(arguments: list[ast.expr], kinds: Mapping[str, str]) -> ast.expr | None:
    for argument in arguments:
        if isinstance(argument, ast.Name) and kinds.get(argument.id) == "NoneType":
            return argument
    return None


def _about(
    missing: ast.expr, whole: ast.expr, with_default: Callable[[str], str], *, idiomatic: bool = False
) -> About:
    """The missing part is None; the whole that it is a part of has no value then."""
    bad, good = f"{bare(missing)} is None", f"{bare(missing)} is not None"
    about = lacking(missing, whole, how="is_none", bad=bad, good=good, with_default=with_default)
    return replace(about, idiomatic=idiomatic)


def _about_holder(value: ast.expr, whole: ast.expr) -> About:
    text = bare(value)

    def with_default(default: str) -> str:
        if whole is value:
            return f"{text} or {default}"
        return f"{ast.unparse(whole)} if {text} is not None else {default}"

    return _about(value, whole, with_default)


def _about_operand(value: ast.expr) -> About:
    """One side of an operation is None: it alone gets a default."""
    text = bare(value)

    def with_default(default: str) -> str:
        # What is false anyway may be replaced by what is false: `or` reads better.
        is_false = default in {"0", "0.0", "''", '""', "[]", "{}", "()"}
        return f"{text} or {default}" if is_false else f"{text} if {text} is not None else {default}"

    return _about(value, value, with_default)


def _about_entries(collection: ast.expr) -> About:
    """sum, max, sorted or join over entries of which one is None."""
    text = ast.unparse(collection)
    return About(
        cause=f"an_entry_of_{slug(collection)}_is_none",
        whole=collection,
        subject=collection,
        with_default=lambda default: f"[entry if entry is not None else {default} for entry in {text}]",
        filtered=f"[entry for entry in {text} if entry is not None]",
        idiomatic=True,
    )


def _about_formatted(part: ast.FormattedValue) -> About:
    """`{value:.1f}`: None has no such format, so the text around the value is what is missing."""
    text = bare(part.value)
    written = f'f"{{{text}:{_format_of(part)}}}"'
    return _about(part.value, part, lambda default: f"{written} if {text} is not None else {default}")


def _format_of(part: ast.FormattedValue) -> str:
    match part.format_spec:
        case ast.JoinedStr(values=[ast.Constant(value=str() as plain)]):
            return plain
        case _:
            return ""


def _is_second(message: str) -> bool:
    """Whether the second of two named operand types is the None."""
    if "can only concatenate" in message or "must be str, not" in message:
        return True
    types = re.findall(r"'([\w.]+)'", message.rpartition(":")[2] if "operand type" in message else message)
    return len(types) >= 2 and types[-1] == "NoneType" and types[-2] != "NoneType"
