"""Writes guards: the smallest idiomatic edits that give a failing expression the behaviour that is wanted."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from slipway.playbooks.crash.comprehension_guards import by_function, filtered, unrolled
from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.guard_parts import Edits, Guard, aligned, fresh_name, indent, segment
from slipway.playbooks.crash.source_index import last_name
from slipway.playbooks.crash.trouble import Trouble


def returning(trouble: Trouble, value: str, exceptions: str) -> Iterator[Guard]:
    """The function returns `value` instead."""
    statement = return_statement(trouble, value)
    if (
        trouble.is_returned
        and trouble.with_default
        and trouble.idiomatic
        and not trouble.function.is_generator
    ):
        yield defaulting(trouble, value)
    if statement is None:
        return
    hoisted = _hoisted(trouble)
    if hoisted is not None:
        subject, edits, name = hoisted
        before = f"{name} = {subject}\nif {name} is None:\n{indent(trouble)}{statement}"
        yield Guard(
            edits=(Edit(node=trouble.statement, before=before), *edits),
            phrase=f"returns {value} when {name} is None",
        )
    elif trouble.bad and not trouble.is_inner and _may_stand_before(trouble):
        yield _before(trouble, statement, phrase=f"returns {value} when `{trouble.bad}`")
    if wrapped := _wrapped(trouble, exceptions, statement):
        yield Guard(edits=wrapped, phrase=f"returns {value} on {exceptions}")
    is_part = trouble.with_default and not isinstance(trouble.whole, ast.FormattedValue)
    if is_part and not trouble.is_returned:
        yield defaulting(trouble, value)


def raising(trouble: Trouble, raise_: str, exceptions: str) -> Iterator[Guard]:
    """`raise_`, such as `raise ValueError("...")`, instead of the crash."""
    if (hoisted := _hoisted(trouble)) is not None:
        subject, edits, name = hoisted
        before = f"{name} = {subject}\nif {name} is None:\n{indent(trouble)}{raise_}"
        yield Guard(
            edits=(Edit(node=trouble.statement, before=before), *edits),
            phrase=f"raises a clear error when {name} is None",
        )
    elif trouble.bad and not trouble.is_inner and _is_cheap(trouble.subject) and _may_stand_before(trouble):
        yield _before(trouble, raise_, phrase=f"raises a clear error when `{trouble.bad}`")
    if wrapped := _wrapped(trouble, exceptions, f"{raise_} from error", alias=" as error"):
        yield Guard(edits=wrapped, phrase=f"turns {exceptions} into a clear error")


def treating(trouble: Trouble, value: str, exceptions: str) -> Iterator[Guard]:
    """The part without a value counts as `value`."""
    if isinstance(trouble.whole, ast.FormattedValue):
        yield from _formatting(trouble, trouble.whole, value)
        return
    asks_once = trouble.idiomatic or _is_cheap(trouble.subject)
    if trouble.with_default and asks_once:
        yield defaulting(trouble, value)
    if trouble.whole is None:
        return
    text = segment(trouble.module.text, trouble.whole)
    match trouble.statement:
        case ast.Assign(targets=[ast.Name() as target], value=whole) if whole is trouble.whole:
            if wrapped := _wrapped(trouble, exceptions, f"{target.id} = {value}"):
                yield Guard(edits=wrapped, phrase=f"uses {value} on {exceptions}")
        case _ if not trouble.is_inner and not isinstance(trouble.statement, ast.While):
            name = fresh_name(trouble, trouble.whole)
            step = indent(trouble)
            before = f"try:\n{step}{name} = {text}\nexcept {exceptions}:\n{step}{name} = {value}"
            yield Guard(
                edits=(
                    Edit(node=trouble.statement, before=before),
                    Edit(node=trouble.whole, expression=name),
                ),
                phrase=f"uses {value} on {exceptions}",
            )
        case _:
            yield by_function(trouble, trouble.whole, value, exceptions)
    if trouble.with_default and not asks_once:
        yield defaulting(trouble, value)


def substituting(trouble: Trouble, value: str) -> Iterator[Guard]:
    """Only what is missing is replaced; what is done with it stays: `(nickname or login).title()`."""
    node, subject = trouble.node, trouble.subject
    match node:
        case ast.Subscript(value=store, slice=key) if trouble.cause.endswith("_is_missing"):
            text = f"{ast.unparse(store)}.get({ast.unparse(key)}, {value})"
            yield Guard(edits=(Edit(node=node, expression=text),), phrase=f"uses {value} for a missing key")
        case _ if subject is not None and trouble.cause.endswith("_is_none") and _is_cheap(subject):
            text = f"({ast.unparse(subject)} or {value})"
            yield Guard(edits=(Edit(node=subject, expression=text),), phrase=f"uses {value} instead of None")
        case _:
            return


def like_absent(trouble: Trouble) -> Iterator[Guard]:
    """`store.get(key) or default` for `store.get(key, default)`: what is empty counts as absent."""
    for node in ast.walk(trouble.whole or trouble.statement):
        match node:
            case ast.Call(func=func, args=[key, default]) if last_name(func) in {"get", "getenv", "pop"}:
                text = segment(trouble.module.text, node.func)
                written = f"({text}({ast.unparse(key)}) or {ast.unparse(default)})"
                if _is_argument(trouble, node):
                    written = written[1:-1]
                edit = Edit(node=node, expression=written)
                yield Guard(edits=(edit,), phrase=f"uses {ast.unparse(default)} for an empty value too")
                return
            case _:
                continue


def _is_argument(trouble: Trouble, node: ast.expr) -> bool:
    return any(
        isinstance(other, ast.Call) and node in other.args for other in ast.walk(trouble.statement)
    ) or any(
        isinstance(other, ast.Return | ast.Assign) and other.value is node for other in [trouble.statement]
    )


def skipping_blank(trouble: Trouble) -> Iterator[Guard]:
    """The loop leaves out entries that are empty texts, and no others."""
    if trouble.loop is None or trouble.comprehension is not None or trouble.statement is trouble.loop:
        return
    targets = (
        {n.id for n in ast.walk(trouble.loop.target) if isinstance(n, ast.Name)}
        if isinstance(trouble.loop, ast.For)
        else set()
    )
    for node in ast.walk(trouble.whole or trouble.statement):
        if isinstance(node, ast.Name) and node.id in targets:
            stripped = re.search(rf"\b{node.id} = {node.id}\.strip\(\)", trouble.module.text)
            bad = f"not {node.id}" if stripped else f"not {node.id}.strip()"
            yield _before(replace(trouble, bad=bad), "continue", phrase=f"skips entries when `{bad}`")
            return


def skipping(trouble: Trouble, exceptions: str) -> Iterator[Guard]:
    """The loop or comprehension leaves the entry out."""
    if trouble.filtered is not None and trouble.whole is not None:
        edit = Edit(node=trouble.whole, expression=trouble.filtered)
        yield Guard(edits=(edit,), phrase="leaves out entries that are None")
    if trouble.comprehension is not None:
        if trouble.good and trouble.is_inner and _is_cheap(trouble.subject):
            yield Guard(
                edits=(filtered(trouble, trouble.comprehension, trouble.good),),
                phrase=f"keeps entries where `{trouble.good}`",
            )
        if looped := unrolled(trouble, trouble.comprehension, exceptions):
            yield Guard(edits=looped, phrase=f"leaves out entries that raise {exceptions}")
    elif trouble.loop is not None and trouble.statement is not trouble.loop:
        hoisted = _hoisted(trouble)
        if hoisted is not None:
            subject, edits, name = hoisted
            before = f"{name} = {subject}\nif {name} is None:\n{indent(trouble)}continue"
            yield Guard(
                edits=(Edit(node=trouble.statement, before=before), *edits),
                phrase=f"skips entries when {name} is None",
            )
        elif trouble.bad:
            yield _before(trouble, "continue", phrase=f"skips entries when `{trouble.bad}`")
        if wrapped := _wrapped(trouble, exceptions, "continue"):
            yield Guard(edits=wrapped, phrase=f"skips entries that raise {exceptions}")


def _formatting(trouble: Trouble, part: ast.FormattedValue, value: str) -> Iterator[Guard]:
    """The formatted text gets a name before the f-string that held it."""
    if trouble.is_inner or trouble.with_default is None or hasattr(trouble.statement, "body"):
        return
    name = fresh_name(trouble, part.value)
    name = f"{part.value.id}_text" if isinstance(part.value, ast.Name) else name
    source = segment(trouble.module.text, trouble.statement)
    spelled = re.escape(ast.unparse(part.value))
    changed = re.sub(rf"\{{\s*{spelled}\s*:[^{{}}]*\}}", f"{{{name}}}", source, count=1)
    if changed != source:
        statement = aligned(changed, trouble.statement.col_offset)
        code = f"{name} = {trouble.with_default(value)}\n{statement}"
        yield Guard(edits=(Edit(node=trouble.statement, statements=code),), phrase=f"shows {value} instead")


def defaulting(trouble: Trouble, value: str) -> Guard:
    """A default in the expression itself."""
    assert trouble.with_default is not None
    assert trouble.whole is not None
    text = trouble.with_default(value)
    if not isinstance(ast.parse(text, mode="eval").body, ast.Call) and not _stands_alone(trouble):
        text = f"({text})"
    return Guard(edits=(Edit(node=trouble.whole, expression=text),), phrase=f"defaults to {value}")


def return_statement(trouble: Trouble, value: str) -> str | None:
    """How this function gives up: a generator just stops, a procedure returns nothing."""
    returns = [
        node for node in ast.walk(trouble.function.node) if isinstance(node, ast.Return) and node.value
    ]
    if trouble.function.is_generator:
        return "return" if value in {"[]", "None", "()"} else None
    return "return" if value == "None" and not returns else f"return {value}"


def _before(trouble: Trouble, statement: str, *, phrase: str) -> Guard:
    code = f"if {trouble.bad}:\n{indent(trouble)}{statement}"
    return Guard(edits=(Edit(node=trouble.statement, before=code),), phrase=phrase)


def _hoisted(trouble: Trouble) -> tuple[str, Edits, str] | None:
    """A call whose result may be None gets a name first, so that it runs once."""
    subject = trouble.subject
    is_none = bool(trouble.bad and trouble.bad.endswith(" is None"))
    if subject is None or not is_none or trouble.is_inner or not isinstance(subject, ast.Call):
        return None
    name = fresh_name(trouble, subject)
    return segment(trouble.module.text, subject), (Edit(node=subject, expression=name),), name


def _wrapped(trouble: Trouble, exceptions: str, otherwise: str, *, alias: str = "") -> Edits | None:
    """try around the one statement; a compound statement is too much to wrap, so its head is not."""
    node, step = trouble.statement, indent(trouble)
    if hasattr(node, "body"):
        return _head_wrapped(trouble, exceptions, otherwise, alias)
    lines = segment(trouble.module.text, node)
    if '"""' in lines or "'''" in lines:
        return None
    body = textwrap.indent(aligned(lines, node.col_offset), step)
    if isinstance(node, ast.Return) and node.value is not None and trouble.function.is_generator:
        return None
    code = f"try:\n{body}\nexcept {exceptions}{alias}:\n{step}{otherwise}"
    return (Edit(node=node, statements=code),)


def _head_wrapped(trouble: Trouble, exceptions: str, otherwise: str, alias: str) -> Edits | None:
    """For `for x in f():`, `if f():` and `with f():` the failing part is computed before, under try."""
    if trouble.whole is None or trouble.is_inner or isinstance(trouble.statement, ast.While):
        return None
    if isinstance(trouble.statement, ast.With | ast.AsyncWith):
        step = indent(trouble)
        lines = segment(trouble.module.text, trouble.statement)
        if '"""' in lines:
            return None
        body = textwrap.indent(aligned(lines, trouble.statement.col_offset), step)
        return (
            Edit(
                node=trouble.statement,
                statements=f"try:\n{body}\nexcept {exceptions}{alias}:\n{step}{otherwise}",
            ),
        )
    name, step = fresh_name(trouble, trouble.whole), indent(trouble)
    text = segment(trouble.module.text, trouble.whole)
    before = f"try:\n{step}{name} = {text}\nexcept {exceptions}{alias}:\n{step}{otherwise}"
    return Edit(node=trouble.statement, before=before), Edit(node=trouble.whole, expression=name)


def _stands_alone(trouble: Trouble) -> bool:
    """Whether an expression is all of an assignment, a return or an argument, so needs no parentheses."""
    whole = trouble.whole
    for node in ast.walk(trouble.statement):
        match node:
            case (
                ast.Return(value=value)
                | ast.Assign(value=value)
                | ast.AnnAssign(value=value)
                | ast.keyword(value=value)
            ):
                if value is whole:
                    return True
            case ast.Call(args=arguments) if any(argument is whole for argument in arguments):
                return True
            case ast.Dict(values=values) if any(value is whole for value in values):
                return True
            case ast.For(iter=value) if value is whole:
                return True
            case ast.ListComp(elt=value) | ast.GeneratorExp(elt=value) | ast.SetComp(elt=value) if (
                value is whole
            ):
                return True
            case ast.FormattedValue(value=value) if value is whole:
                return True
            case _:
                continue
    return False


def _is_cheap(subject: ast.expr | None) -> bool:
    """Whether asking twice is harmless: names, attributes and subscripts, and len of those."""
    if subject is None:
        return True
    calls = [node for node in ast.walk(subject) if isinstance(node, ast.Call)]
    return all(last_name(call.func) in {"len", "str", "get", "strip", "lower"} for call in calls)


def _may_stand_before(trouble: Trouble) -> bool:
    """Whether the condition can be asked before the statement: its names exist, and once is enough."""
    if isinstance(trouble.statement, ast.While):
        return False
    targets: Sequence[ast.AST] = []
    if isinstance(trouble.statement, ast.For):
        targets = [trouble.statement.target]
    elif isinstance(trouble.statement, ast.With):
        targets = [item.optional_vars for item in trouble.statement.items if item.optional_vars]
    bound = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    bound |= {n.target.id for n in ast.walk(trouble.statement) if isinstance(n, ast.NamedExpr)}
    return not bound & set(re.findall(r"\w+", trouble.bad or ""))
