"""Small readings of single expressions: a name for one, the chain that hangs on one, how one is quoted."""

from __future__ import annotations

import ast
import re

from slipway.playbooks.crash.source_index import last_name

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def slug(node: ast.expr) -> str:  # noqa: C901  (one case for each kind)
    """A word or two for a part of the code: the last name in it."""
    match node:
        case ast.Name(id=name):
            text = name
        case ast.Attribute(attr=name):
            text = name
        case ast.Constant(value=value):
            text = str(value)
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            text = key
        case ast.Subscript(value=value):
            return slug(value)
        case ast.Call(func=func, args=[first, *_]) if last_name(func) in {
            "len",
            "sum",
            "int",
            "float",
            "sorted",
            "list",
            "max",
            "min",
        }:
            return slug(first)
        case ast.Call(
            func=ast.Attribute(value=value, attr="upper" | "lower" | "strip" | "title" | "casefold")
        ):
            return slug(value)
        case ast.Call(func=func):
            text = "key" if last_name(func) in {"group", "get"} else f"{last_name(func)} result"
        case ast.GeneratorExp(generators=[part, *_]) | ast.ListComp(generators=[part, *_]):
            return slug(part.iter)
        case ast.BinOp():
            return "divisor"
        case _:
            text = "value"
    return "_".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())) or "value"


def bare(node: ast.expr) -> str:
    """Its source, in parentheses where an operator could tear it apart."""
    text = ast.unparse(node)
    return (
        f"({text})"
        if isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare)
        else text
    )


def outermost(node: ast.expr, chain: list[ast.AST]) -> ast.expr:
    """The longest chain of attributes, calls and subscripts that hangs on the node: `a.b.upper()[0]`."""
    current = node
    for parent in reversed(chain[: chain.index(node)] if node in chain else []):
        match parent:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner) if (
                inner is current
            ):
                current = parent
            case _:
                break
    return current


def parenthesised(node: ast.expr) -> str:
    """Its source as one of several arguments."""
    text = ast.unparse(node)
    return text if not isinstance(node, ast.GeneratorExp) or text.startswith("(") else f"({text})"


def integer(node: ast.expr) -> int | None:
    """The number that a literal index is."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, int) else None
