"""The pages a person reads: the issues, and one issue with its latest trace and what was sent about it."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from starlette.routing import Route

from local.page import TABLES, page
from local.sentry.webhooks import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import HTMLResponse
    from starlette.routing import BaseRoute

    from local.sentry.state import Delivery, Issue, Organization

_STYLE = f"{TABLES}a{{color:#6a5fc1}}"
_page = partial(page, style=_STYLE)


class Pages:
    """Read-only HTML; everything that applications wrote is escaped."""

    def __init__(self, organization: Organization) -> None:
        """Show `organization`."""
        self._organization = organization

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages; the last ones are the addresses that events carry."""
        issue = "/organizations/{organization}/issues/{issue}/"
        return [
            Route("/", self.index),
            Route(issue, self.issue),
            Route(f"{issue}events/{{event}}/", self.issue),
        ]

    async def index(self, _request: Request) -> HTMLResponse:
        """List the issues, the latest first, and the latest deliveries."""
        issues = sorted(self._organization.state.issues.values(), key=lambda i: i.last_seen, reverse=True)
        rows = "".join(
            f'<tr><td><a href="{self._address(one)}">{escape(one.short_id)}</a></td><td>{escape(one.title)}'
            f'<br><span class="quiet">{escape(one.culprit)}</span></td><td>{escape(one.status)}</td>'
            f"<td>{one.count}</td></tr>"
            for one in issues
        )
        heading = "<tr><th>Issue</th><th>Error</th><th>Status</th><th>Events</th></tr>"
        empty = '<p class="quiet">No errors yet.</p>' if not issues else ""
        sent = reversed(self._organization.state.deliveries[-20:])
        return _page(
            "Issues",
            f"<h1>Issues</h1><table>{heading}{rows}</table>{empty}"
            f"<h2>Sent to the integration</h2>{_sent(sent)}",
        )

    async def issue(self, request: Request) -> HTMLResponse:
        """Show one issue."""
        found = self._organization.issue(str(request.path_params["issue"]))
        if found is None:
            return _page("Not found", "<h1>No such issue</h1>", status=404)
        trace = json.dumps(found.event.get("exception"), indent=2)
        return _page(
            f"{found.short_id} {found.title}",
            f'<p><a href="/">Issues</a> / {escape(found.short_id)}</p><h1>{escape(found.title)}</h1>'
            f"<p>{escape(found.culprit)} <span class='quiet'>{escape(found.project)}, {escape(found.level)}, "
            f"{found.status}, {found.count} events, last {found.last_seen:%Y-%m-%d %H:%M:%S}</span></p>"
            f"<pre>{escape(trace)}</pre>",
        )

    def _address(self, issue: Issue) -> str:
        return escape(f"/organizations/{self._organization.slug}/issues/{issue.id}/")


def _sent(deliveries: Iterable[Delivery]) -> str:
    rows = "".join(
        f"<tr><td>{one.at:%H:%M:%S}</td><td>{escape(one.resource)} {escape(one.action)}</td>"
        f"<td>{one.status_code or 'no answer'}{_late(one)}</td><td>{escape(one.response[:200])}</td></tr>"
        for one in deliveries
    )
    return f"<table>{rows}</table>" if rows else '<p class="quiet">Nothing yet.</p>'


def _late(delivery: Delivery) -> str:
    if delivery.seconds is None or delivery.seconds <= PATIENCE_SECONDS:
        return ""
    return f" after {delivery.seconds} s (Sentry waits {PATIENCE_SECONDS:g})"
