"""Jira Cloud over REST v3, as the bot's account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
from pydantic import JsonValue

from slipway.adapters.jira.adf_document import document
from slipway.adapters.outgoing import screened
from slipway.domain.connections import JiraConnection
from slipway.domain.errors import NeedsHuman, NotFound, Permanent, Throttled, UpstreamUnavailable
from slipway.domain.intake.delivery import JsonObject, is_object, objects, text
from slipway.domain.intake.jira import ticket_from
from slipway.domain.ticket import Attachment, Priority, Ticket
from slipway.ports.secrets import Secrets
from slipway.ports.tracker import NewTicket

TIMEOUT_SECONDS = 15.0
ISSUE_TYPE = "Bug"
_PRIORITY_NAMES = {
    Priority.CRITICAL: "Highest",
    Priority.HIGH: "High",
    Priority.MEDIUM: "Medium",
    Priority.LOW: "Low",
}
ATTACHMENT_LIMIT_BYTES = 256_000
ATTACHMENT_COUNT = 10
_TEXT_ENDINGS = (".diff", ".patch", ".log", ".txt", ".md", ".py", ".json", ".yml", ".yaml", ".toml", ".csv")
_FIELDS = "summary,description,labels,priority,reporter,attachment"


@dataclass(frozen=True, kw_only=True)
class JiraTracker:
    """One HTTP client per connection, kept while the connection stays the same."""

    secrets: Secrets
    _clients: dict[JiraConnection, httpx.Client] = field(default_factory=dict, repr=False)

    def ticket(self, key: str) -> Ticket:
        """The ticket as it is now, with its text attachments."""
        issue = self._json("GET", f"/rest/api/3/issue/{quote(key, safe='')}", params={"fields": _FIELDS})
        ticket = ticket_from(issue, site_url=self.secrets.jira().base_url)
        found = objects(issue, "fields", "attachment")
        texts = [one for one in found if _is_text(one)][:ATTACHMENT_COUNT]
        return ticket.model_copy(update={"attachments": tuple(self._attachment(one) for one in texts)})

    @screened
    def create(self, ticket: NewTicket) -> str:
        """File a ticket as a bug."""
        fields: JsonObject = {
            "project": {"key": ticket.project},
            "issuetype": {"name": ISSUE_TYPE},
            "summary": ticket.summary,
            "description": document(ticket.description),
            "labels": list(ticket.labels),
        }
        priority: JsonObject = {"priority": {"name": _PRIORITY_NAMES[ticket.priority]}}
        try:
            return text(
                self._json("POST", "/rest/api/3/issue", body={"fields": {**fields, **priority}}), "key"
            )
        except Permanent:
            # A project may have no priorities, or others; without one it takes its default.
            return text(self._json("POST", "/rest/api/3/issue", body={"fields": fields}), "key")

    def labelled(self, label: str) -> str | None:
        """The oldest with this label."""
        quoted = label.replace("\\", "\\\\").replace('"', '\\"')
        found = self._json(
            "GET",
            "/rest/api/3/search/jql",
            params={
                "jql": f'labels = "{quoted}" ORDER BY created ASC',
                "fields": "summary",
                "maxResults": "1",
            },
        )
        return next((text(issue, "key") for issue in objects(found, "issues")), None)

    def add_label(self, key: str, label: str) -> None:
        """Fine when it has the label."""
        self._request(
            "PUT",
            f"/rest/api/3/issue/{quote(key, safe='')}",
            body={"update": {"labels": [{"add": label}]}},
        )

    @screened
    def write_comment(self, key: str, markdown: str, *, comment_id: str | None) -> str:
        """Add a comment, or edit the given one."""
        comments = f"/rest/api/3/issue/{quote(key, safe='')}/comment"
        body: JsonObject = {"body": document(markdown)}
        if comment_id is not None:
            try:
                return text(self._json("PUT", f"{comments}/{quote(comment_id, safe='')}", body=body), "id")
            except NotFound:
                # Somebody deleted it; people still need the status.
                return self.write_comment(key, markdown, comment_id=None)
        return text(self._json("POST", comments, body=body), "id")

    def transition(self, key: str, status: str) -> bool:
        """Move the ticket to a status, by the way its workflow has from here."""
        path = f"/rest/api/3/issue/{quote(key, safe='')}/transitions"
        wanted = status.casefold()
        for way in objects(self._json("GET", path), "transitions"):
            if wanted in {text(way, "to", "name").casefold(), text(way, "name").casefold()}:
                self._request("POST", path, body={"transition": {"id": text(way, "id")}})
                return True
        return False

    def may_decide(self, key: str, account_id: str) -> bool:
        """By the permission to edit the issue, as the project's roles give it; the bot never may."""
        if not account_id or account_id == self.secrets.jira().bot_account_id:
            return False
        path = "/rest/api/3/user/permission/search"
        wanted = {"issueKey": key, "accountId": account_id, "permissions": "EDIT_ISSUES", "maxResults": "1"}
        try:
            found = self._request("GET", path, params=wanted).json()
        except NeedsHuman as error:
            raise NeedsHuman(
                f"Jira does not tell the bot who may edit {key}: give it the permission Administer projects"
            ) from error
        return any(is_object(user) and text(user, "accountId") == account_id for user in found)

    def close(self) -> None:
        """Give the connections back; a later call opens them again."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _attachment(self, entry: JsonObject) -> Attachment:
        name = text(entry, "filename")
        answer = self._request("GET", f"/rest/api/3/attachment/content/{quote(text(entry, 'id'), safe='')}")
        return Attachment(name=name, content=answer.content.decode("utf-8", "replace"))

    def _json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
    ) -> JsonObject:
        answer = self._request(method, path, params=params, body=body)
        try:
            value: JsonValue = answer.json()
        except ValueError as error:
            raise UpstreamUnavailable(f"Jira answered {method} {path} without JSON") from error
        if not is_object(value):
            raise UpstreamUnavailable(f"Jira answered {method} {path} without a JSON object")
        return value

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
    ) -> httpx.Response:
        with _mapped(f"{method} {path}"):
            answer = self._client().request(method, path, params=params, json=body)
            answer.raise_for_status()
            return answer

    def _client(self) -> httpx.Client:
        connection = self.secrets.jira()
        if connection not in self._clients:
            self.close()
            self._clients[connection] = httpx.Client(
                base_url=connection.base_url,
                auth=(connection.email, connection.api_token.get_secret_value()),
                timeout=TIMEOUT_SECONDS,
                follow_redirects=True,
                headers={"Accept": "application/json"},
            )
        return self._clients[connection]


def _is_text(entry: JsonObject) -> bool:
    size = entry.get("size")
    small = not isinstance(size, int) or size <= ATTACHMENT_LIMIT_BYTES
    kind = text(entry, "mimeType").startswith("text/")
    return small and (kind or text(entry, "filename").lower().endswith(_TEXT_ENDINGS))


@contextmanager
def _mapped(doing: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        if status == 404:
            raise NotFound(f"{doing}: Jira knows no such thing, or the bot may not see it") from error
        if status == 429:
            raise Throttled(f"{doing}: Jira asked to slow down") from error
        if status >= 500:
            raise UpstreamUnavailable(f"{doing}: Jira answered {status}") from error
        if status in {401, 403}:
            raise NeedsHuman(f"{doing}: Jira refused the bot's credentials; check the jira secret") from error
        raise Permanent(f"{doing}: Jira answered {status}") from error
    except httpx.HTTPError as error:
        raise UpstreamUnavailable(f"{doing}: Jira did not answer ({type(error).__name__})") from error
