"""Understands the expression that raised: what is bad about which part, and how code would ask for that."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from slipway.playbooks.crash.reproduction import Outcome, Place
from slipway.playbooks.crash.source_index import Function, Module, last_name

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Loop = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True, kw_only=True, eq=False)
class Trouble:
    """One failing expression in its surroundings.

    `bad` is a condition that is true when it would raise, `good` its opposite; `whole` is the part that has no
    value then; `with_default` writes `whole` with a default; `cause` names the situation for a test's name.
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
        idiomatic=about.idiomatic,
        comprehension=next((p for p in reversed(between) if isinstance(p, Comprehension)), None),
        lambda_=next((p for p in reversed(between) if isinstance(p, ast.Lambda)), None),
        loop=_loop(chain, statement),
    )


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


@dataclass(frozen=True, kw_only=True, eq=False)
class _About:
    cause: str
    whole: ast.expr | None = None
    bad: str | None = None
    good: str | None = None
    subject: ast.expr | None = None
    with_default: Callable[[str], str] | None = None
    idiomatic: bool = False


def _explain(node: ast.expr | ast.stmt, chain: list[ast.AST], outcome: Outcome) -> _About:
    raised = set(outcome.kinds)
    if raised & {"ZeroDivisionError", "InvalidOperation"} and (about := _division(node)):
        return about
    if "NoneType" in outcome.message and (about := _none(node, chain, outcome.message)):
        return about
    if "KeyError" in raised and (about := _missing_key(node, chain)):
        return about
    if "IndexError" in raised and (about := _too_short(node, chain)):
        return about
    if raised & {"ValueError", "StatisticsError", "TypeError", "StopIteration", "IndexError"} and (
        about := _empty(node, outcome.message)
    ):
        return about
    if "FileNotFoundError" in raised:
        return _About(cause="the_file_is_missing", whole=_expression(node))
    if "UnboundLocalError" in raised:
        return _About(cause="empty", whole=_expression(node))
    return _About(cause="invalid", whole=_whole(node, chain))


def _division(node: ast.expr | ast.stmt) -> _About | None:
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
    return _About(
        cause=cause,
        whole=whole,
        bad=bad,
        good=good,
        subject=right,
        with_default=(lambda default: f"{text} if {good} else {default}") if whole is not None else None,
    )


def _zero(right: ast.expr) -> tuple[str, str, str]:
    """Conditions for a divisor that is not, and that is, zero; an empty collection reads better than len 0."""
    match right:
        case ast.Call(func=ast.Name(id="len"), args=[collection]) if not isinstance(
            collection, Comprehension
        ):
            inner = ast.unparse(collection)
            return inner, f"not {inner}", f"{_slug(collection)}_is_empty"
        case ast.Call(func=ast.Name(id="float" | "int" | "Decimal"), args=[inner_node]):
            text = ast.unparse(right)
            return text, f"{text} == 0", f"{_slug(inner_node)}_is_zero"
        case _:
            text = ast.unparse(right)
            return text, f"{text} == 0", f"{_slug(right)}_is_zero"


def _none(node: ast.expr | ast.stmt, chain: list[ast.AST], message: str) -> _About | None:
    """Which part is None: the object of an attribute, an operand, an argument, or what is iterated over."""
    match node:
        case ast.Attribute(value=value):
            return _about_none(value, _outermost(node, chain))
        case ast.Call(func=ast.Attribute(value=value)) if "has no attribute" in message:
            return _about_none(value, _outermost(node, chain))
        case ast.Subscript(value=value) if "subscriptable" in message:
            return _about_none(value, _outermost(node, chain))
        case ast.BinOp(left=left, right=right):
            return _about_none(right if _is_second(message) else left, node)
        case ast.Compare(left=left, ops=ops, comparators=[right, *_]):
            in_test = isinstance(ops[0], ast.In | ast.NotIn)
            return _about_none(right if in_test or _is_second(message) else left, node)
        case ast.AugAssign(value=value):
            return _About(
                cause=f"{_slug(value)}_is_none",
                bad=f"{_bare(value)} is None",
                good=f"{_bare(value)} is not None",
                subject=value,
            )
        case ast.Call(func=func, args=arguments) if arguments and last_name(func) not in {
            "sum",
            "sorted",
            "max",
            "min",
            "join",
        }:
            # int(None), len(None): the message names the argument's type, not the argument.
            return _about_none(arguments[0], node)
        case ast.JoinedStr() if "__format__" in message:
            # Older interpreters blame the whole f-string.
            specified = [
                p for p in node.values if isinstance(p, ast.FormattedValue) and p.format_spec is not None
            ]
            return _about_formatted(specified[0]) if len(specified) == 1 else None
        case ast.FormattedValue() if "__format__" in message:
            return _about_formatted(node)
        case ast.expr() if "iterable" in message or "iterate" in message:
            return _About(
                cause=f"{_slug(node)}_is_none",
                whole=node,
                bad=f"{_bare(node)} is None",
                good=f"{_bare(node)} is not None",
                subject=node,
                with_default=lambda default: f"{_bare(node)} or {default}",
                idiomatic=True,
            )
        case _:
            return None


def _about_none(value: ast.expr, whole: ast.expr) -> _About:
    text = _bare(value)
    return _About(
        cause=f"{_slug(value)}_is_none",
        whole=whole,
        bad=f"{text} is None",
        good=f"{text} is not None",
        subject=value,
        with_default=lambda default: (
            f"{text} or {default}"
            if whole is value
            else f"{ast.unparse(whole)} if {text} is not None else {default}"
        ),
    )


def _about_formatted(part: ast.FormattedValue) -> _About:
    """`{value:.1f}`: None has no such format, so the text around the value is what is missing."""
    text = ast.unparse(part.value)
    written = f'f"{{{text}:{_format_of(part)}}}"'
    return _About(
        cause=f"{_slug(part.value)}_is_none",
        whole=part,
        bad=f"{text} is None",
        good=f"{text} is not None",
        subject=part.value,
        with_default=lambda default: f"{written} if {text} is not None else {default}",
    )


def _format_of(part: ast.FormattedValue) -> str:
    match part.format_spec:
        case ast.JoinedStr(values=[ast.Constant(value=str() as plain)]):
            return plain
        case _:
            return ""


def _is_second(message: str) -> bool:
    """Whether the second of two named operand types is the None."""
    types = re.findall(r"'(\w+)'", message.rpartition(":")[2] if "operand type" in message else message)
    return len(types) >= 2 and types[-1] == "NoneType" and types[-2] != "NoneType"


def _missing_key(node: ast.expr | ast.stmt, chain: list[ast.AST]) -> _About | None:
    match node:
        case ast.Subscript(value=value, slice=key):
            store, name = ast.unparse(value), ast.unparse(key)
            outer = _outermost(node, chain)
            is_alone = outer is node
            text = ast.unparse(outer)
            return _About(
                cause=f"{_slug(key)}_is_missing",
                whole=outer,
                bad=f"{name} not in {store}",
                good=f"{name} in {store}",
                subject=key,
                with_default=lambda default: (
                    _get(store, name, default) if is_alone else f"{text} if {name} in {store} else {default}"
                ),
                idiomatic=is_alone,
            )
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[key]):
            store, name = ast.unparse(value), ast.unparse(key)
            return _About(
                cause=f"{_slug(key)}_is_missing",
                whole=node,
                bad=f"{name} not in {store}",
                good=f"{name} in {store}",
                subject=key,
                with_default=lambda default: f"{store}.pop({name}, {default})",
                idiomatic=True,
            )
        case ast.Call(func=ast.Attribute(value=value, attr="remove"), args=[key]):
            store, name = ast.unparse(value), ast.unparse(key)
            return _About(
                cause=f"{_slug(key)}_is_missing",
                whole=node,
                bad=f"{name} not in {store}",
                good=f"{name} in {store}",
                subject=key,
            )
        case _:
            return None


def _get(store: str, key: str, default: str) -> str:
    return f"{store}.get({key})" if default == "None" else f"{store}.get({key}, {default})"


def _too_short(node: ast.expr | ast.stmt, chain: list[ast.AST]) -> _About | None:
    match node:
        case ast.Subscript(value=value, slice=index):
            text = ast.unparse(value)
            number = _integer(index)
            if number in {0, -1}:
                good, bad = text, f"not {text}"
            elif number is not None:
                needed = number + 1 if number >= 0 else -number
                good, bad = f"len({text}) >= {needed}", f"len({text}) < {needed}"
            else:
                good, bad = f"{ast.unparse(index)} < len({text})", f"{ast.unparse(index)} >= len({text})"
            outer = _outermost(node, chain)
            cause = f"{_slug(value)}_is_empty" if number in {0, -1} else f"{_slug(value)}_is_too_short"
            whole = ast.unparse(outer)
            return _About(
                cause=cause,
                whole=outer,
                bad=bad,
                good=good,
                subject=value,
                with_default=lambda default: f"{whole} if {good} else {default}",
            )
        case ast.Call(func=ast.Attribute(value=value, attr="pop" | "popleft")):
            text, whole = ast.unparse(value), ast.unparse(node)
            return _About(
                cause=f"{_slug(value)}_is_empty",
                whole=node,
                bad=f"not {text}",
                good=text,
                subject=value,
                with_default=lambda default: f"{whole} if {text} else {default}",
            )
        case _:
            return None


def _empty(node: ast.expr | ast.stmt, message: str) -> _About | None:
    """max([]), random.choice([]), statistics.mean([]), next(empty)."""
    match node:
        case ast.Call(func=func, args=[collection, *_]):
            name = last_name(func)
        case _:
            return None
    text = ast.unparse(collection)
    is_sized = not isinstance(collection, ast.GeneratorExp) and not isinstance(collection, ast.Call)
    if name == "next" and len(node.args) == 1:
        return _About(
            cause="nothing_matches",
            whole=node,
            subject=collection,
            idiomatic=True,
            with_default=lambda default: f"next({_parenthesised(collection)}, {default})",
        )
    if name in {"max", "min"} and "empty" in message and len(node.args) == 1:
        keys = "".join(f", {ast.unparse(keyword)}" for keyword in node.keywords)
        return _About(
            cause=f"{_slug(collection)}_is_empty",
            whole=node,
            bad=f"not {text}" if is_sized else None,
            good=text if is_sized else None,
            subject=collection,
            with_default=lambda default: f"{name}({_parenthesised(collection)}{keys}, default={default})",
            idiomatic=True,
        )
    if re.search(r"empty|at least one|no data|requires at least", message):
        whole = ast.unparse(node)
        return _About(
            cause=f"{_slug(collection)}_is_empty",
            whole=node,
            bad=f"not {text}" if is_sized else None,
            good=text if is_sized else None,
            subject=collection,
            with_default=(lambda default: f"{whole} if {text} else {default}") if is_sized else None,
        )
    return None


def _parenthesised(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if not isinstance(node, ast.GeneratorExp) or text.startswith("(") else f"({text})"


def _bare(node: ast.expr) -> str:
    text = ast.unparse(node)
    return (
        f"({text})"
        if isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare)
        else text
    )


def _integer(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, int) else None


def _expression(node: ast.expr | ast.stmt) -> ast.expr | None:
    return node if isinstance(node, ast.expr) else None


def _outermost(node: ast.expr, chain: list[ast.AST]) -> ast.expr:
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


def _whole(node: ast.expr | ast.stmt, chain: list[ast.AST]) -> ast.expr | None:
    return _outermost(node, chain) if isinstance(node, ast.expr) else None


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


def _slug(node: ast.expr) -> str:
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
            return _slug(value)
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
            return _slug(first)
        case ast.Call(func=func):
            text = "key" if last_name(func) in {"group", "get"} else f"{last_name(func)} result"
        case ast.GeneratorExp(generators=[part, *_]) | ast.ListComp(generators=[part, *_]):
            return _slug(part.iter)
        case ast.BinOp():
            return "divisor"
        case _:
            text = "value"
    return "_".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())) or "value"
