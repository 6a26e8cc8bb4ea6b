"""The pages a person reads: the list of issues, and one issue with its comments and history."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from starlette.routing import Route

from local.jira import adf
from local.page import TABLES, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import HTMLResponse
    from starlette.routing import BaseRoute

    from local.jira.state import Issue, Site

_STYLE = f"""{TABLES}
.chip{{border:1px solid #8886;border-radius:1rem;padding:.1rem .6rem;font-size:.85em}}
article{{border-left:3px solid #0c66e4;padding:.1rem 1rem;margin:1rem 0}}
a{{color:#0c66e4}}
"""
_page = partial(page, style=_STYLE)


class Pages:
    """Read-only HTML over one site; everything that people wrote is escaped."""

    def __init__(self, site: Site) -> None:
        """Show `site`."""
        self._site = site

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages."""
        return [Route("/", self.index), Route("/browse/{issue}", self.issue)]

    async def index(self, _request: Request) -> HTMLResponse:
        """List the issues, newest first."""
        issues = sorted(self._site.state.issues.values(), key=lambda i: i.created, reverse=True)
        rows = "".join(
            f'<tr><td><a href="/browse/{escape(i.key)}">{escape(i.key)}</a></td>'
            f"<td>{escape(i.summary)}</td><td>{_chip(i.status)}</td>"
            f"<td>{''.join(_chip(label) for label in i.labels)}</td></tr>"
            for i in issues
        )
        heading = "<tr><th>Key</th><th>Summary</th><th>Status</th><th>Labels</th></tr>"
        empty = '<p class="quiet">No issues yet.</p>' if not issues else ""
        return _page("Issues", f"<h1>Issues</h1><table>{heading}{rows}</table>{empty}")

    async def issue(self, request: Request) -> HTMLResponse:
        """Show one issue."""
        found = self._site.issue(str(request.path_params["issue"]))
        if found is None:
            return _page("Not found", "<h1>No such issue</h1>", status=404)
        return _page(f"{found.key} {found.summary}", self._issue(found))

    def _issue(self, issue: Issue) -> str:
        labels = "".join(_chip(label) for label in issue.labels)
        links = "".join(
            f'<li><a href="{escape(_web_address(link.object.get("url")))}">'
            f"{escape(str(link.object.get('title')))}</a></li>"
            for link in issue.remote_links
        )
        files = "".join(
            f"<li>{escape(a.filename)} <small>{a.size} bytes</small></li>" for a in issue.attachments
        )
        return (
            f'<p><a href="/">Issues</a> / {escape(issue.key)}</p><h1>{escape(issue.summary)}</h1>'
            f"<p>{_chip(issue.status)} {_chip(issue.priority)} {labels} "
            f"<small>reported by {escape(self._name(issue.reporter))}</small></p>"
            f"{adf.html(issue.description)}"
            f"{_section('Attachments', files)}{_section('Links', links)}"
            f"<h2>Comments</h2>{self._comments(issue)}"
            f"<h2>History</h2><ul>{self._history(issue)}</ul>"
        )

    def _comments(self, issue: Issue) -> str:
        return "".join(
            f'<article id="comment-{escape(c.id)}"><p><strong>{escape(self._name(c.author))}</strong>'
            f" <small>{c.created:%Y-%m-%d %H:%M:%S}"
            f"{' (edited)' if c.updated > c.created else ''}</small></p>{adf.html(c.body)}</article>"
            for c in issue.comments
        )

    def _history(self, issue: Issue) -> str:
        return "".join(
            f"<li><small>{entry.created:%Y-%m-%d %H:%M:%S} {escape(self._name(entry.author))}"
            f"</small> {escape(item.field)}: {escape(item.from_string or '-')} → "
            f"{escape(item.to_string or '-')}</li>"
            for entry in issue.history
            for item in entry.items
        )

    def _name(self, account_id: str) -> str:
        user = self._site.state.users.get(account_id)
        return account_id if user is None else user.display_name


def _section(title: str, items: str) -> str:
    return f"<h2>{title}</h2><ul>{items}</ul>" if items else ""


def _chip(text: str) -> str:
    return f'<span class="chip">{escape(text)}</span> '


def _web_address(value: object) -> str:
    """Return a link's target when a browser may follow it: a script address is not one."""
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else "#"
