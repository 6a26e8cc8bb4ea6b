"""Writes the plan of a crash fix by reading alone: which function, which files, which test."""

from __future__ import annotations

import ast

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Draft, DraftTask, Trees
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.culprit import Site, locate
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.reproduction import callers, entries
from slipway.playbooks.crash.source_index import Function, SourceIndex, last_name

_MAX_FILES = 4


def drafted(claim: CrashClaim, *, discovery: DiscoveryResult, trees: Trees) -> Draft:
    """One task: the test that reproduces, the guard that repairs."""
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
    test = layout.test_path(entries(claim, sites, layout)[0].path)
    name, path = culprit.function.qualified, culprit.function.path
    exception = claim.crash.exception
    wanted = (
        str(claim.expectations[0])
        if claim.expectations
        else "it behaves as its type and its siblings suggest"
    )
    where = f" (line {culprit.line})" if culprit.line else ""
    return Draft(
        work_class="crash",
        summary=(
            f"`{name}` in {path}{where} raises {exception}. Reproduce it in a test, "
            f"then guard it so that {wanted}."
        ),
        in_scope=(
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
