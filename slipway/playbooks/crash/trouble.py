"""Understands the expression that raised: what is bad about which part, and how code would ask for that."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from slipway.playbooks.crash.diagnosis import About, division, empty, missing_key, too_short, unsplit
from slipway.playbooks.crash.expressions import Comprehension, outermost
from slipway.playbooks.crash.none_diagnosis import GATHERING, about_none, takes_none
from slipway.playbooks.crash.sandbox_answers import Outcome, Place
from slipway.playbooks.crash.source_index import Function, Module, last_name

Loop = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True, kw_only=True, eq=False)
class Trouble:
    """One failing expression in its surroundings.

    `bad` is a condition that is true when it would raise, `good` its opposite; `whole` is the part that has
    no value then; `with_default` writes `whole` with a default, `filtered` without its bad entries; `cause`
    names the situation for a test's name.
    """

    module: Module
    function: Function
    node: ast.expr | ast.stmt
    statement: ast.stmt
    whole: ast.expr | None
    exception: str
    cause: str
    bad: str | None = None
    good: str | None = None
    subject: ast.expr | None = None
    with_default: Callable[[str], str] | None = None
    filtered: str | None = None
    idiomatic: bool = False
    comprehension: Comprehension | None = None
    lambda_: ast.Lambda | None = None
    loop: Loop | None = None

    @property
    def is_inner(self) -> bool:
        """Whether the condition speaks of names that exist only inside a comprehension or lambda."""
        return bool(self._inner_names & _names(self.bad or (ast.unparse(self.whole) if self.whole else "")))

    @property
    def _inner_names(self) -> set[str]:
        names: set[str] = set()
        if self.comprehension is not None:
            for part in self.comprehension.generators:
                names |= {n.id for n in ast.walk(part.target) if isinstance(n, ast.Name)}
        if self.lambda_ is not None:
            names |= {argument.arg for argument in self.lambda_.args.args}
        return names

    @property
    def is_returned(self) -> bool:
        """Whether the part without a value is all that its statement returns."""
        return isinstance(self.statement, ast.Return) and self.statement.value is self.whole


def understand(module: Module, function: Function, place: Place, outcome: Outcome) -> Trouble | None:
    """The trouble at a place; None when the place cannot be found in the source."""
    node = _node_at(module, function, place)
    if node is None:
        return None
    chain = _ancestors(function.node, node)
    statement = next((part for part in reversed(chain) if isinstance(part, ast.stmt)), None)
    if statement is None:
        return None
    node, chain = _narrowed(node, chain, outcome)
    about = _explain(node, chain, outcome)
    statement = _holding(about.whole or node, chain, statement)
    between = chain[chain.index(statement) :] if statement in chain else []
    return Trouble(
        module=module,
        function=function,
        node=node,
        statement=statement,
        whole=about.whole,
        exception=outcome.raised or "Exception",
        cause=about.cause,
        bad=about.bad,
        good=about.good,
        subject=about.subject,
        with_default=about.with_default,
        filtered=about.filtered,
        idiomatic=about.idiomatic,
        comprehension=next((p for p in reversed(between) if isinstance(p, Comprehension)), None),
        lambda_=next((p for p in reversed(between) if isinstance(p, ast.Lambda)), None),
        loop=_loop(chain, statement),
    )


def _explain(node: ast.expr | ast.stmt, chain: list[ast.AST], outcome: Outcome) -> About:
    raised = set(outcome.kinds)
    whole = node if isinstance(node, ast.expr) else None
    if raised & {"ZeroDivisionError", "InvalidOperation"} and (about := division(node)):
        return about
    kinds = outcome.places[-1].kinds if outcome.places else {}
    is_none = "NoneType" in outcome.message or ("TypeError" in raised and takes_none(node, kinds))
    if is_none and (about := about_none(node, chain, outcome.message, kinds)):
        return about
    if "KeyError" in raised and (about := missing_key(node, chain)):
        return about
    if "IndexError" in raised and (about := too_short(node, chain)):
        return about
    if raised & {"ValueError", "StatisticsError", "TypeError", "StopIteration", "IndexError"} and (
        about := empty(node, outcome.message)
    ):
        return about
    if "ValueError" in raised and (about := unsplit(node, outcome.message)):
        return about
    if "FileNotFoundError" in raised:
        return About(cause="the_file_is_missing", whole=whole)
    if "UnboundLocalError" in raised:
        return About(cause="empty", whole=whole)
    return About(cause="invalid", whole=outermost(whole, chain) if whole is not None else None)


def _narrowed(
    node: ast.expr | ast.stmt, chain: list[ast.AST], outcome: Outcome
) -> tuple[ast.expr | ast.stmt, list[ast.AST]]:
    """Some interpreters blame a whole loop for its iterable, and all blame the targets of an unpacking."""
    part: ast.expr | None = None
    match node:
        case ast.For(iter=iterable) | ast.AsyncFor(iter=iterable) if "iter" in outcome.message:
            part = iterable
        case (
            ast.ListComp(generators=parts)
            | ast.SetComp(generators=parts)
            | ast.GeneratorExp(generators=parts)
            | ast.DictComp(generators=parts)
        ) if "iterable" in outcome.message:
            part = parts[0].iter
        case ast.Call(func=func, args=[ast.ListComp() | ast.SetComp() | ast.GeneratorExp() as inner, *_]) if (
            last_name(func) in GATHERING and "NoneType" in outcome.message
        ):
            return inner.elt, [*chain, inner, inner.elt]
        case ast.Call(args=[ast.ListComp() | ast.GeneratorExp() as inner]) if (
            "sequence element" in outcome.message
        ):
            return inner.elt, [*chain, inner, inner.elt]
        case ast.Tuple(ctx=ast.Store()) | ast.List(ctx=ast.Store()):
            match chain[-2] if len(chain) > 1 else None:
                case ast.Assign(value=value):
                    return value, [*chain[:-1], value]
                case _:
                    return node, chain
        case _:
            return node, chain
    return (part, [*chain, part]) if part is not None else (node, chain)


def call_site(module: Module, function: Function, place: Place, outcome: Outcome) -> Trouble | None:
    """The call in an outer frame that the exception came through: only catching helps there."""
    node = _node_at(module, function, place)
    chain = _ancestors(function.node, node) if node is not None else []
    statement = next((part for part in reversed(chain) if isinstance(part, ast.stmt)), None)
    if node is None or statement is None:
        return None
    between = chain[chain.index(statement) :]
    return Trouble(
        module=module,
        function=function,
        node=node,
        statement=statement,
        whole=node if isinstance(node, ast.expr) else None,
        exception=outcome.raised or "Exception",
        cause="invalid",
        comprehension=next((p for p in reversed(between) if isinstance(p, Comprehension)), None),
        lambda_=next((p for p in reversed(between) if isinstance(p, ast.Lambda)), None),
        loop=_loop(chain, statement),
    )


def _holding(node: ast.AST, chain: list[ast.AST], statement: ast.stmt) -> ast.stmt:
    """The statement that holds a node: the failing one, or the whole `elif` chain it is a part of."""
    del node
    index = chain.index(statement) if statement in chain else 0
    while index > 0 and isinstance(statement, ast.If):
        parent = chain[index - 1]
        if not (isinstance(parent, ast.If) and parent.orelse == [statement]):
            break
        statement, index = parent, index - 1
    return statement


def _loop(chain: list[ast.AST], statement: ast.stmt) -> Loop | None:
    """The nearest loop whose body, not its head, holds the statement."""
    until = chain.index(statement) if statement in chain else len(chain)
    return next((part for part in reversed(chain[:until]) if isinstance(part, Loop)), None)


def _node_at(module: Module, function: Function, place: Place) -> ast.expr | ast.stmt | None:
    """The node with exactly the span that the interpreter reports, else the statement on that line."""
    exact: list[ast.expr | ast.stmt] = []
    on_line: list[ast.stmt] = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.expr | ast.stmt):
            continue
        span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        if span == (place.line, place.column, place.end_line, place.end_column):
            exact.append(node)
        elif isinstance(node, ast.stmt) and node.lineno <= place.line <= (node.end_lineno or node.lineno):
            on_line.append(node)
    inside = [node for node in exact if function.holds(node.lineno)]
    if inside:
        return next((node for node in inside if not isinstance(node, ast.Expr)), inside[0])
    smallest = [node for node in on_line if not hasattr(node, "body")] or on_line
    return min(smallest, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def _ancestors(root: ast.AST, wanted: ast.AST) -> list[ast.AST]:
    """From the root down to the node itself."""
    if root is wanted:
        return [root]
    for child in ast.iter_child_nodes(root):
        if path := _ancestors(child, wanted):
            return [root, *path]
    return []


def _names(source: str) -> set[str]:
    try:
        return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    except SyntaxError:
        return set()
