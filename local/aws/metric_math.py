"""Evaluates CloudWatch metric-math expressions over single values, without `eval`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "ABS": abs,
    "CEIL": lambda value: float(-(-value // 1)),
    "FLOOR": lambda value: float(value // 1),
    "IF": lambda condition, yes, no: yes if condition else no,
    "MAX": max,
    "MIN": min,
    "SUM": lambda *values: float(sum(values)),
}


class UnsupportedExpression(ValueError):
    """An expression uses what is not evaluated here."""


def evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """The expression's value, or None when a metric it needs has no data."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise UnsupportedExpression(f"cannot read {expression!r}: {error}") from error
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    filled = {node.args[0].id for node in ast.walk(tree) if _is_fill(node)}  # type: ignore[attr-defined]
    if any(values.get(name) is None for name in names - filled):
        return None
    try:
        return float(_value(tree, values))
    except ZeroDivisionError:
        return None


def _is_fill(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "FILL"
        and len(node.args) == 2
        and isinstance(node.args[0], ast.Name)
    )


def _value(node: ast.AST, values: Mapping[str, float | None]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        found = values.get(node.id)
        if found is None:
            raise UnsupportedExpression(f"no metric has the id {node.id!r}")
        return found
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        compare = OPERATORS[type(node.ops[0])]
        return float(compare(_value(node.left, values), _value(node.comparators[0], values)))
    if isinstance(node, ast.Call):
        return _call(node, values)
    raise UnsupportedExpression(f"{ast.unparse(node)!r} is not evaluated on the laptop")


def _call(node: ast.Call, values: Mapping[str, float | None]) -> float:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if _is_fill(node):
        metric = values.get(node.args[0].id)  # type: ignore[attr-defined]  # _is_fill checked it
        return metric if metric is not None else _value(node.args[1], values)
    if name not in FUNCTIONS:
        raise UnsupportedExpression(
            f"function {name or ast.unparse(node.func)!r} is not evaluated on the laptop"
        )
    return float(FUNCTIONS[name](*(_value(argument, values) for argument in node.args)))
