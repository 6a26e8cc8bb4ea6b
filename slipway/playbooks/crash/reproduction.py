"""Finds the small programs that crash as a ticket says, the one most like the ticket first."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.attempts import AttemptBuilder
from slipway.playbooks.crash.claim import Crash, CrashClaim, Wish
from slipway.playbooks.crash.culprit import Site
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.sandbox_answers import Asking, Outcome, Place, ask, attempted
from slipway.playbooks.crash.source_index import Function, SourceIndex

Calls = Mapping[str, list[dict[str, object]]]

_MAX_ENTRIES = 4


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """A program that crashes as the ticket says, and where."""

    attempt: Attempt
    outcome: Outcome
    rank: int = 0

    @property
    def place(self) -> Place:
        """The innermost frame in the repository."""
        return self.outcome.places[-1]


def observe(sites: Iterable[Function], layout: Layout, repository: str) -> Asking[Calls]:
    """The arguments with which existing tests call the functions; nothing when there are no tests."""
    targets = [
        {"path": function.path, "name": function.name, "qualified": function.qualified} for function in sites
    ]
    tests = [path for path in layout.index.test_paths if _mentions(layout, path, targets)]
    if not tests:
        return {}
    request = {"targets": targets, "tests": tests}
    found = yield from ask("observe", request, layout=layout, repository=repository, timeout_seconds=90)
    calls = found.get("calls")
    return calls if isinstance(calls, dict) else {}


def entries(claim: CrashClaim, sites: tuple[Site, ...], layout: Layout) -> tuple[Function, ...]:
    """Functions to call: the one that raises first, unless the ticket names one further out; then callers."""
    found: list[Function] = []
    for site in reversed(sites):
        home = layout.index.module(site.function.path)
        if home and (function := home.reachable(site.function)) not in found:
            found.append(function)
    if found:
        found += [caller for caller in callers(layout.index, found[0])[:2] if caller not in found]
    skips = any(wish.wish is Wish.SKIP for wish in claim.expectations[:1])
    named = {name.rpartition(".")[2] for name in (claim.names if skips else claim.wished)}
    first_named = next((function for function in found if function.name in named), None)
    if (
        claim.crash.frames
        and first_named is not None
        and (skips or len(named & {f.name for f in found}) == 1)
    ):
        found.sort(key=lambda function: function is not first_named)
    return tuple(found[:_MAX_ENTRIES])


def reproduce(
    claim: CrashClaim, entry: Function, culprit: Site, layout: Layout, calls: Calls
) -> Asking[tuple[Reproduction, ...]]:
    """Programs that call the entry and raise the ticket's exception in the culprit, the best one first."""
    home = layout.index.module(entry.path)
    if home is None:
        return ()
    attempts = AttemptBuilder(claim, layout, entry, home).all(calls.get(entry.qualified, ()))
    wanted = {
        "exception": claim.crash.exception,
        "path": culprit.function.path,
        # Without a traceback the ticket names where it starts, not where it ends.
        "name": culprit.function.name if claim.crash.frames else "",
    }
    outcomes = yield from attempted(attempts, layout, culprit.repository, wanted=wanted, files={})
    found = [
        Reproduction(attempt=attempts[number], outcome=outcome, rank=number)
        for number, outcome in outcomes.items()
        if outcome.places
    ]
    closest = _closest(found, claim.crash, culprit, layout.index)
    if any(wish.wish is Wish.SKIP and wish.value for wish in claim.expectations):
        # The ticket speaks of blank entries, so one with a blank entry is the better example.
        return tuple(sorted(closest, key=lambda one: not _has_blank(one.attempt.expression)))
    return closest


def _has_blank(expression: str) -> bool:
    texts = [
        n.value
        for n in ast.walk(ast.parse(expression))
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    return any(not text.strip() or "\n\n" in text for text in texts)


def callers(index: SourceIndex, function: Function) -> list[Function]:
    """Functions that call a function by its name, the shortest first."""
    found = []
    for other in index.functions():
        if other.is_nested or other.node is function.node:
            continue
        for node in ast.walk(other.node):
            is_call = isinstance(node, ast.Call) and _called_name(node) == function.name
            if is_call or (
                function.is_property and isinstance(node, ast.Attribute) and node.attr == function.name
            ):
                found.append(other)
                break
    return sorted(found, key=lambda other: (other.path != function.path, len(other.node.body)))


def _called_name(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _closest(
    found: list[Reproduction], crash: Crash, culprit: Site, index: SourceIndex
) -> tuple[Reproduction, ...]:
    """In order of likeness; where some crash on the ticket's line, the others are left out."""
    ranked = sorted(found, key=lambda one: _distance(one, crash, culprit, index))
    ranked = [one for one in ranked if not _is_of_another_key(one, crash, culprit, index)]
    on_line = [one for one in ranked if _is_on_line(one, culprit, index)]
    return tuple(on_line or ranked)


def _is_of_another_key(found: Reproduction, crash: Crash, culprit: Site, index: SourceIndex) -> bool:
    """A key that the code spells is missing, where the ticket's crash lacked one that the code was given."""
    module = index.module(found.place.path)
    if crash.exception != "KeyError" or module is None or not crash.message or culprit.line is None:
        return False
    line = module.lines[found.place.line - 1].replace('"', "'")
    key, other = found.outcome.message, crash.message.replace('"', "'")
    return key != other and key in line and other not in line


def _is_on_line(found: Reproduction, culprit: Site, index: SourceIndex) -> bool:
    return culprit.line is None or any(
        place.path == culprit.function.path and _same_statement(index, place, culprit.line)
        for place in found.outcome.places
    )


def _distance(found: Reproduction, crash: Crash, culprit: Site, index: SourceIndex) -> tuple[object, ...]:
    """Small for what looks like the ticket's crash: its example, its line, its message; then simplicity."""
    attempt, outcome = found.attempt, found.outcome
    same_line = _is_on_line(found, culprit, index)
    same_message = not crash.message or outcome.message.strip() == crash.message.strip()
    similar = same_message or _skeleton(outcome.message) == _skeleton(crash.message)
    lines = attempt.expression.count("\\n") + len(attempt.statements)
    return (
        not same_line,
        attempt.origin != "ticket",
        not similar,
        not same_message,
        _gives_none(found, index),
        len(attempt.expression) > 200,
        attempt.origin == "built",
        not attempt.is_self_contained,
        "SimpleNamespace" in attempt.expression,
        lines,
        found.rank,
    )


def _gives_none(found: Reproduction, index: SourceIndex) -> bool:
    """Whether the first function gets a None that its annotation does not allow: a caller's mistake."""
    first = found.outcome.places[0]
    module = index.module(first.path)
    function = module.enclosing(first.line) if module else None
    kinds = first.kinds
    return function is not None and any(
        kinds.get(parameter.arg) == "NoneType"
        and "None" not in (text := ast.unparse(parameter.annotation))
        and "Optional" not in text
        for parameter in function.parameters
        if parameter.annotation is not None
    )


def _skeleton(message: str) -> str:
    return "".join(part for part in message.replace('"', "'").split("'")[::2]).strip()


def _same_statement(index: SourceIndex, place: Place, line: int) -> bool:
    module = index.module(place.path)
    for node in ast.walk(module.tree) if module else ():
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            last = node.end_lineno or node.lineno
            if node.lineno <= line <= last and node.lineno <= place.line <= last:
                return True
    return place.line == line


def _mentions(layout: Layout, path: str, targets: list[dict[str, str]]) -> bool:
    """Whether a test may reach a function: it imports the module, or a name of its package."""
    text = layout.tree[path]
    for target in targets:
        module = layout.module_name(target["path"])
        if any(name in text for name in (module.rpartition(".")[2], target["name"], module.split(".")[0])):
            return True
    return False
