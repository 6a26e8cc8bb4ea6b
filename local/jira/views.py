"""How the site's records look over the wire: REST v3 (ADF) and the v2 form that webhooks carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from local.jira import markup
from local.jira.fields import ISSUE_TYPES, PRIORITIES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from pydantic import JsonValue

    from local.double import JsonObject
    from local.jira.state import Attachment, Change, Comment, History, Issue, Project, Site, User

Version: TypeAlias = Literal[2, 3]


def timestamp(moment: datetime) -> str:
    """Return a moment as Jira writes it: milliseconds and an offset without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"


def user(site: Site, account_id: str | None) -> JsonObject | None:
    """Return a user as embedded everywhere, or None for nobody."""
    found = site.state.users.get(account_id or "")
    return None if found is None else whole_user(site, found)


def whole_user(site: Site, found: User) -> JsonObject:
    """Return a user's own record; apps and people differ in their account type."""
    return {
        "self": f"{site.url}/rest/api/3/user?accountId={found.account_id}",
        "accountId": found.account_id,
        "accountType": "app" if found.bot else "atlassian",
        "emailAddress": found.email,
        "displayName": found.display_name,
        "active": True,
        "timeZone": "Etc/UTC",
        "avatarUrls": {},
    }


def project(site: Site, found: Project) -> JsonObject:
    """Return a project as lists and issues show it."""
    return {
        "self": f"{site.url}/rest/api/3/project/{found.id}",
        "id": found.id,
        "key": found.key,
        "name": found.name,
        "projectTypeKey": "software",
        "simplified": False,
        "avatarUrls": {},
    }


def status(site: Site, name: str) -> JsonObject:
    """Return a status with its category."""
    found = STATUSES[name]
    return {
        "self": f"{site.url}/rest/api/3/status/{found.id}",
        "id": found.id,
        "name": found.name,
        "description": "",
        "iconUrl": f"{site.url}/",
        "statusCategory": {
            "self": f"{site.url}/rest/api/3/statuscategory/{found.category.id}",
            "id": found.category.id,
            "key": found.category.key,
            "colorName": found.category.colour,
            "name": found.category.name,
        },
    }


def issue(
    site: Site, found: Issue, *, version: Version = 3, fields: Collection[str] | None = None
) -> JsonObject:
    """Return an issue; `fields` narrows it to the named ones, as the query parameter does."""
    everything = _fields(site, found, version)
    wanted = None if fields is None or {"*all", "*navigable"} & set(fields) else set(fields)
    return {
        "id": found.id,
        "self": f"{site.url}/rest/api/{version}/issue/{found.id}",
        "key": found.key,
        "fields": {k: v for k, v in everything.items() if wanted is None or k in wanted},
    }


def reduced_issue(site: Site, found: Issue) -> JsonObject:
    """Return the short issue that comment webhooks carry: it has no labels."""
    return issue(site, found, version=2, fields={"summary", "issuetype", "project", "priority", "status"})


def comment(site: Site, on: Issue, found: Comment, *, version: Version = 3) -> JsonObject:
    """Return one comment; v2 has wiki markup where v3 has ADF."""
    return {
        "self": f"{site.url}/rest/api/{version}/issue/{on.id}/comment/{found.id}",
        "id": found.id,
        "author": user(site, found.author),
        "body": found.body if version == 3 else markup.wiki_markup(found.body),
        "updateAuthor": user(site, found.update_author),
        "created": timestamp(found.created),
        "updated": timestamp(found.updated),
        "jsdPublic": True,
    }


def attachment(site: Site, found: Attachment) -> JsonObject:
    """Return an attachment's metadata with the address of its content."""
    return {
        "self": f"{site.url}/rest/api/3/attachment/{found.id}",
        "id": found.id,
        "filename": found.filename,
        "author": user(site, found.author),
        "created": timestamp(found.created),
        "size": found.size,
        "mimeType": found.mime_type,
        "content": f"{site.url}/rest/api/3/attachment/content/{found.id}",
    }


def history(site: Site, found: History) -> JsonObject:
    """Return one entry of an issue's changelog."""
    return {
        "id": found.id,
        "author": user(site, found.author),
        "created": timestamp(found.created),
        "items": changes(found.items),
    }


def changes(items: Collection[Change]) -> list[JsonValue]:
    """Return changelog items; every key is there even when its value is null."""
    return [
        {
            "field": item.field,
            "fieldtype": "jira",
            "fieldId": item.field_id,
            "from": item.from_id,
            "fromString": item.from_string,
            "to": item.to_id,
            "toString": item.to_string,
        }
        for item in items
    ]


def _fields(site: Site, found: Issue, version: Version) -> JsonObject:
    priority = PRIORITIES[found.priority]
    issue_type = ISSUE_TYPES[found.issue_type]
    done = STATUSES[found.status].category.key == "done"
    comments: list[JsonValue] = [comment(site, found, entry, version=version) for entry in found.comments]
    return {
        "summary": found.summary,
        "description": (found.description if version == 3 else markup.wiki_markup(found.description)),
        "issuetype": {
            "self": f"{site.url}/rest/api/{version}/issuetype/{issue_type.id}",
            "id": issue_type.id,
            "name": issue_type.name,
            "description": "",
            "subtask": False,
        },
        "project": project(site, site.state.projects[found.project]),
        "labels": list(found.labels),
        "priority": {
            "self": f"{site.url}/rest/api/{version}/priority/{priority.id}",
            "id": priority.id,
            "name": priority.name,
        },
        "status": status(site, found.status),
        "resolution": {"id": "10000", "name": "Done"} if done else None,
        "assignee": user(site, found.assignee),
        "creator": user(site, found.creator),
        "reporter": user(site, found.reporter),
        "created": timestamp(found.created),
        "updated": timestamp(found.updated),
        "components": [],
        "fixVersions": [],
        "versions": [],
        "issuelinks": [],
        "subtasks": [],
        "duedate": None,
        "attachment": [attachment(site, entry) for entry in found.attachments],
        "comment": {
            "comments": comments,
            "maxResults": len(comments),
            "total": len(comments),
            "startAt": 0,
        },
    }
