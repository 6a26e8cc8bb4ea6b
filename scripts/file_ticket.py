"""Files a ticket in the local Jira as a person would: text, attachments, then the label that starts work."""

from __future__ import annotations

import httpx

from local.jira.markdown import to_adf
from local.sample_org import TicketFile
from local.supervisor.provision import PROJECT, REPORTER
from slipway.domain.errors import UpstreamUnavailable


def file_ticket(jira_url: str, ticket: TicketFile) -> str:
    """Create the issue and return its key; labels come last, so attachments are there when work starts."""
    with httpx.Client(base_url=f"{jira_url}/rest/api/3", auth=REPORTER, timeout=30) as http:
        created = http.post(
            "/issue",
            json={
                "fields": {
                    "project": {"key": PROJECT},
                    "issuetype": {"name": "Task"},
                    "summary": ticket.summary,
                    "description": to_adf(ticket.description),
                    "priority": {"name": ticket.priority},
                    **({} if ticket.files else {"labels": list(ticket.labels)}),
                }
            },
        )
        key = str(_checked(created)["key"])
        for name, content in ticket.files.items():
            sent = http.post(
                f"/issue/{key}/attachments",
                headers={"X-Atlassian-Token": "no-check"},
                files={"file": (name, content.encode(), "text/plain")},
            )
            sent.raise_for_status()
        if ticket.files:
            http.put(f"/issue/{key}", json={"fields": {"labels": list(ticket.labels)}}).raise_for_status()
    return key


def _checked(response: httpx.Response) -> dict[str, object]:
    if response.is_error:
        raise UpstreamUnavailable(f"Jira refused the ticket ({response.status_code}): {response.text[:300]}")
    document: dict[str, object] = response.json()
    return document
