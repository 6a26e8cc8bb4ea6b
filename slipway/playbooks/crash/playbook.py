"""The crash playbook: from a traceback in a ticket to a guarded expression with its test."""

from __future__ import annotations

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, Trees, WorkClass, WorkItem
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.drafting import drafted
from slipway.playbooks.crash.sandbox_answers import Asking
from slipway.playbooks.crash.solving import solved
from slipway.playbooks.crash.ticket_reading import read


class CrashPlaybook:
    """Python code that raises where it should answer."""

    work_class: WorkClass = "crash"

    def recognise(self, ticket: Ticket) -> CrashClaim | None:
        """A traceback, or an exception that something is said to raise."""
        return read(ticket)

    def draft(self, claim: CrashClaim, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees) -> Draft:
        """One task in the repository that the traceback leads into."""
        del ticket  # The claim holds all that the plan needs.
        return drafted(claim, discovery=discovery, trees=trees)

    def solve(
        self, claim: CrashClaim, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Asking[tuple[WorkItem, ...]]:
        """The one commit: reproduced, repaired, proven."""
        del ticket
        item = yield from solved(claim, draft.tasks[0], trees)
        return (item,)
