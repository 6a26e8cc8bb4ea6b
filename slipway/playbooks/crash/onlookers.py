"""Whether the functions that a crash passed through live with what the repaired function gives them now."""

from __future__ import annotations

from collections.abc import Mapping

from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.culprit import Site
from slipway.playbooks.crash.reproduction import Calls, reproduce
from slipway.playbooks.crash.sandbox_answers import Asking, attempt_all
from slipway.playbooks.crash.source_index import Function

_MOST = 2


def fallen(
    case: Case, claim: CrashClaim, sites: tuple[Site, ...], calls: Calls, changes: Mapping[str, str]
) -> Asking[str | None]:
    """The first outer function of the traceback that still raises, and what; None when all go on."""
    for function in _outer(case, sites)[:_MOST]:
        found = yield from reproduce(claim, function, sites[-1], case.layout, calls)
        if not found:
            continue
        outcomes = yield from attempt_all((found[0].attempt,), case.layout, case.repository, files=changes)
        outcome = outcomes.get(0)
        if outcome is not None and outcome.raised not in {None, "SystemExit"}:
            return f"{function.qualified} then raises {outcome.raised}: {outcome.message[:120]}"
    return None


def _outer(case: Case, sites: tuple[Site, ...]) -> list[Function]:
    """Functions of the traceback outside of the one that the test calls, the nearest first."""
    names = [site.function.qualified for site in sites]
    if case.entry is None or case.entry.qualified not in names:
        return []
    last = len(names) - 1 - names[::-1].index(case.entry.qualified)
    return [site.function for site in reversed(sites[:last]) if not site.function.is_nested]
