"""The other names of what a ticket is about: what makes a ticket and an alert one task."""

from __future__ import annotations

import re

from slipway.domain.ticket import Ticket

ALIAS_LIMIT = 8
_SENTRY_ISSUE = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*sentry[a-z0-9.-]*(?::\d+)?/(?:organizations/[\w-]+/)?issues/(\d{1,20})\b",
    re.IGNORECASE,
)
_SENTRY_LABEL = re.compile(r"sentry-((?:metric-)?\w{1,40})")
_REPOSITORY_LINE = re.compile(
    r"^\W{0,4}repositor(?:y|ies)\W{1,4}([\w.-]{1,100}/[\w.-]{1,100})(?=[\s`*_,;)]|$)",
    re.IGNORECASE | re.MULTILINE,
)


def sentry_subjects(ticket: Ticket) -> tuple[str, ...]:
    """Issues of Sentry by its labels, else the one that it links; a ticket that links many is about none."""
    labelled = {match[1] for label in ticket.labels if (match := _SENTRY_LABEL.fullmatch(label))}
    linked = set(_SENTRY_ISSUE.findall(f"{ticket.summary}\n{ticket.description}"))
    chosen = labelled or (linked if len(linked) == 1 else set())
    return tuple(f"sentry:{one}" for one in sorted(chosen)[:ALIAS_LIMIT])


def named_repositories(ticket: Ticket) -> tuple[str, ...]:
    """Repositories that a line of the ticket says it is for, as in `Repository: acme/pricing`.

    Only a hint for the queue; discovery looks for itself.
    """
    return tuple(dict.fromkeys(_REPOSITORY_LINE.findall(ticket.description)))
