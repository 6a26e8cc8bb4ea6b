"""Errors become events and events become issues, as Sentry's SDK and grouping do it."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from local.sentry.state import Issue, now

if TYPE_CHECKING:
    from local.double import JsonObject
    from local.sentry.state import Organization

_FRAME = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+), in (?P<function>.+?)\s*$')
_RAISED = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?:: (?P<value>.*))?$", re.DOTALL)
_HEADING = "Traceback (most recent call last):"


class Report(BaseModel):
    """What an application's SDK reports: a Python traceback, with or without words before it."""

    project: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    traceback: str = Field(min_length=1)
    environment: str = "production"
    release: str | None = None
    level: str = "error"


class Unreadable(ValueError):
    """The text holds no Python traceback."""


def exception_of(text: str) -> JsonObject:
    """Return the last exception of a text, as the SDK writes it; raises Unreadable."""
    _, heading, traced = text.rpartition(_HEADING)
    if not heading:
        raise Unreadable(f"no line says {_HEADING!r}")
    frames: list[JsonObject] = []
    raised: list[str] = []
    for line in traced.strip("\n").splitlines():
        if match := _FRAME.match(line):
            frames.append(
                {
                    "filename": match["path"],
                    "abs_path": match["path"],
                    "function": match["function"],
                    "lineno": int(match["line"]),
                    "context_line": "",
                    "in_app": "site-packages" not in match["path"],
                }
            )
        elif line.startswith(" ") and frames and not raised:
            if line.strip(" ~^"):
                frames[-1]["context_line"] = line.rstrip()
        elif line.strip() == "" or line.startswith("```"):
            if raised:
                break
        else:
            raised.append(line)
    match = _RAISED.match("\n".join(raised))
    if match is None or not frames:
        raise Unreadable("the traceback has no frame, or does not end in an exception")
    return {
        "type": match["type"].rpartition(".")[2],
        "value": match["value"] or "",
        "stacktrace": {"frames": [*frames]},
    }


def absorb(organization: Organization, report: Report) -> Issue:
    """Add the error to its issue, which is made when it is the first of its kind."""
    exception = exception_of(report.traceback)
    frames = exception["stacktrace"]
    assert isinstance(frames, dict)
    listed = frames["frames"]
    assert isinstance(listed, list)
    last = listed[-1]
    assert isinstance(last, dict)
    culprit = f"{last['filename']} in {last['function']}"
    fingerprint = f"{report.project}|{exception['type']}|{culprit}"
    issues = organization.state.issues
    issue = next((one for one in issues.values() if one.fingerprint == fingerprint), None)
    moment = now()
    if issue is None:
        number = organization.next_id()
        title = f"{exception['type']}: {exception['value']}".removesuffix(": ")
        issue = Issue(
            id=number,
            short_id=f"{report.project.upper()}-{number}",
            project=report.project,
            fingerprint=fingerprint,
            title=title.splitlines()[0],
            culprit=culprit,
            level=report.level,
            platform="python",
            metadata={
                "type": exception["type"],
                "value": exception["value"],
                "filename": last["filename"],
                "function": last["function"],
            },
            first_seen=moment,
            last_seen=moment,
        )
        issues[number] = issue
    issue.count += 1
    issue.last_seen = moment
    issue.event = _event(organization, issue, report, exception)
    organization.save()
    return issue


def _event(organization: Organization, issue: Issue, report: Report, exception: JsonObject) -> JsonObject:
    event_id = uuid.uuid4().hex
    root, slug = organization.url, organization.slug
    return {
        "event_id": event_id,
        "issue_id": issue.id,
        "project": 1,
        "platform": issue.platform,
        "level": report.level,
        "title": issue.title,
        "culprit": issue.culprit,
        "message": "",
        "environment": report.environment,
        "release": report.release,
        "datetime": issue.last_seen.isoformat(),
        "exception": {"values": [exception]},
        "metadata": issue.metadata,
        "type": "error",
        "tags": [["level", report.level], ["environment", report.environment]],
        "url": f"{root}/api/0/projects/{slug}/{issue.project}/events/{event_id}/",
        "web_url": f"{root}/organizations/{slug}/issues/{issue.id}/events/{event_id}/",
        "issue_url": f"{root}/api/0/organizations/{slug}/issues/{issue.id}/",
    }
