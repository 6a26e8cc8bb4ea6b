"""Writes the plan of a crash fix by reading alone: which function, which files, which test."""

from __future__ import annotations

import ast

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Draft, DraftTask, Trees
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.culprit import Site, locate
from slipway.playbooks.crash.foresight import foreseen
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.reproduction import callers, entries
from slipway.playbooks.crash.source_index import Function, SourceIndex, last_name

_MAX_FILES = 4

UNDERSTOOD = (
    "Understood are: `f(x)` should return VALUE (a literal, a constant or the input unchanged); a missing "
    "value counts as VALUE, falls back to NAME or is handled like an empty or absent one; the entry is "
    "skipped (with a warning); ERROR is raised with the message TEXT; an example `f(x)` -> VALUE."
)


def drafted(claim: CrashClaim, *, discovery: DiscoveryResult, trees: Trees) -> Draft:
    """One task: the test that reproduces, the guard that repairs."""
    refuse_unread(claim)
    sites = locate(claim, trees, ranked=[repository.name for repository in discovery.relevant_repos])
    culprit = sites[-1]
    layout = Layout(SourceIndex(trees[culprit.repository]))
    sources = _sources(sites, layout, traced=bool(claim.crash.frames))
    protected = [path for path in sources if layout.config.protects(path)]
    if culprit.function.path in protected:
        raise NeedsHuman(
            f"{culprit.function.path} of {culprit.repository} is protected; a person must change it"
        )
    sources = tuple(path for path in sources if path not in protected)
    name, path = culprit.function.qualified, culprit.function.path
    exception = claim.crash.exception
    first = entries(claim, sites, layout)[0]
    test = layout.test_path(first.path)
    assumption, wanted = _wanted(claim, culprit, first, layout)
    where = f" (line {culprit.line})" if culprit.line else ""
    return Draft(
        work_class="crash",
        summary=(
            f"`{name}` in {path}{where} raises {exception}. Reproduce it in a test, "
            f"then guard it so that {wanted}."
        ),
        in_scope=(
            *assumption,
            f"The failing expression in `{name}` and, where the guard belongs there, its caller",
            f"A test in {test} that fails with {exception} today",
        ),
        out_of_scope=(
            "Other behaviour of these functions; their signatures stay as they are",
            "Other callers, refactoring and formatting of untouched code",
        ),
        responsibilities={
            (culprit.repository, path): f"`{name}` no longer raises {exception}: {wanted}",
            **{
                (culprit.repository, other): "Calls it; changed only if the guard belongs in the caller"
                for other in sources
                if other != path
            },
            (culprit.repository, test): "Proves the behaviour that the ticket asks for",
        },
        data_flow=" → ".join(
            [*(f"`{site.function.qualified}` ({site.function.path})" for site in sites), f"{exception}"]
        ),
        tests={
            (culprit.repository, test): f"`{name}` with the input that raises {exception} today: {wanted}"
        },
        tasks=(
            DraftTask(
                repository=culprit.repository,
                summary=f"Reproduce {exception} in `{name}` and guard it",
                test_files=(test,),
                source_files=sources,
                hours=1.0 if len(sources) == 1 else 2.0,
            ),
        ),
        security=("Input that used to crash is handled; nothing new is read, written or exposed.",),
    )


def _wanted(claim: CrashClaim, culprit: Site, entry: Function, layout: Layout) -> tuple[tuple[str, ...], str]:
    """What will be so afterwards, and a line that says so where nobody asked for it in words."""
    if claim.expectations:
        return (), str(claim.expectations[0])
    shown = next((example for example in claim.examples if example.expected is not None), None)
    if shown is not None:
        what = f"`{shown.expression}`" if shown.expression else f"the input {shown.argument}"
        return (), f"{what} gives {shown.expected}"
    found = foreseen(claim, culprit, entry, layout)
    if len(found) == 1:
        line = f"Assumption: the ticket does not say what should happen instead; {found[0]}"
        return (line,), str(found[0].expectation)
    if found:
        raise NeedsHuman(
            f"the ticket does not say what {entry.qualified} should do instead of raising "
            f"{claim.crash.exception}, and the code suggests several things: "
            f"{' or '.join(map(str, found))}; say in the ticket which one"
        )
    guess = "the empty value of what its tests show it to return, if that is plain; else a person is asked"
    return (
        (f"Assumption: the ticket does not say what should happen instead; {guess}",),
        "it gives the empty value of its type",
    )


def refuse_unread(claim: CrashClaim) -> None:
    """A wish that is not understood is not replaced by a guess."""
    if claim.unread:
        quoted = "; ".join(f"“{_shortened(sentence)}”" for sentence in claim.unread[:3])
        raise NeedsHuman(
            f"the ticket says what should happen instead of {claim.crash.exception}, but rules do not "
            f"understand all of it: {quoted}. {UNDERSTOOD} Say it in one of these forms, or this needs a "
            "language model: set SLIPWAY_MODEL_PROVIDER=bedrock or openai"
        )


def _shortened(sentence: str) -> str:
    text = " ".join(sentence.removeprefix("Expected: ").split())
    return text if len(text) <= 200 else f"{text[:199]}…"


def _sources(sites: tuple[Site, ...], layout: Layout, *, traced: bool) -> tuple[str, ...]:
    """The culprit's file, then its nearest callers'; without a traceback also where it may lead to."""
    culprit = sites[-1].function
    files = [culprit.path, *(site.function.path for site in reversed(sites))]
    if not traced:
        files += [function.path for function in _callees(culprit, layout.index, depth=2)]
    files += [function.path for function in callers(layout.index, culprit)[:1]]
    return tuple(dict.fromkeys(files))[:_MAX_FILES]


def _callees(function: Function, index: SourceIndex, *, depth: int) -> list[Function]:
    """Functions of the repository that it calls by name, and those that they call."""
    if depth == 0:
        return []
    called = {last_name(node.func) for node in ast.walk(function.node) if isinstance(node, ast.Call)}
    found = [other for other in index.functions() if other.name in called and other.node is not function.node]
    return found + [deeper for other in found[:4] for deeper in _callees(other, index, depth=depth - 1)]
