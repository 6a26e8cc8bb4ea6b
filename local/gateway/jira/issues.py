"""getJiraIssue, searchJiraIssuesUsingJql, createJiraIssue and editJiraIssue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, JsonValue

from local.double import JsonObject
from local.gateway.jira.client import (
    ContentFormat,
    IssueArguments,
    SiteArguments,
    document_of,
    readable,
)
from local.gateway.tools import Tool

if TYPE_CHECKING:
    from local.gateway.jira.client import JiraSite

_SEARCH_FIELDS = ["summary", "description", "status", "issuetype", "priority", "labels", "created"]
_FORMAT = "Format of rich text in the answer: markdown (default) or adf"


class GetJiraIssue(IssueArguments):
    """Arguments of getJiraIssue."""

    fields: list[str] | None = Field(default=None, description="Only these fields of the issue")
    expand: str | None = Field(default=None, description="What to add, e.g. changelog")
    responseContentFormat: ContentFormat | None = Field(default=None, description=_FORMAT)


class SearchJiraIssues(SiteArguments):
    """Arguments of searchJiraIssuesUsingJql."""

    jql: str = Field(description="JQL query, e.g. project = ABC AND labels = AI")
    fields: list[str] | None = Field(default=None, description="Only these fields of each issue")
    maxResults: int | None = Field(default=None, ge=1, le=100, description="Issues per page (default 50)")
    nextPageToken: str | None = Field(default=None, description="From the page before")
    responseContentFormat: ContentFormat | None = Field(default=None, description=_FORMAT)


class CreateJiraIssue(SiteArguments):
    """Arguments of createJiraIssue."""

    projectKey: str = Field(description="Key of the project")
    summary: str = Field(description="Summary of the issue")
    issueType: str = Field(description="Name of the issue type, e.g. Task")
    description: str | None = Field(default=None, description="Description of the issue")
    contentFormat: ContentFormat | None = Field(default=None, description="Format of the description")
    labels: list[str] | None = Field(default=None, description="Labels")
    priority: str | None = Field(default=None, description="Name of the priority")
    assignee: str | None = Field(default=None, description="Account id of the assignee")
    additional_fields: dict[str, JsonValue] | None = Field(
        default=None, description="Other fields as the REST API takes them"
    )


class EditJiraIssue(IssueArguments):
    """Arguments of editJiraIssue."""

    fields: dict[str, JsonValue] = Field(
        description="The fields to set, as the REST API takes them; a description may be Markdown"
    )
    responseContentFormat: ContentFormat | None = Field(default=None, description=_FORMAT)


def tools(site: JiraSite) -> list[Tool[Any]]:
    """Return the tools for issues."""

    async def get_issue(wanted: GetJiraIssue) -> JsonValue:
        params = {"fields": ",".join(wanted.fields or []), "expand": wanted.expand or ""}
        found = await site.send("GET", wanted.path, wanted, params={k: v for k, v in params.items() if v})
        return readable(found, wanted.responseContentFormat)

    async def search_issues(wanted: SearchJiraIssues) -> JsonValue:
        query: JsonObject = {
            "jql": wanted.jql,
            "fields": [*(wanted.fields or _SEARCH_FIELDS)],
            "maxResults": wanted.maxResults or 50,
        }
        if wanted.nextPageToken:
            query["nextPageToken"] = wanted.nextPageToken
        found = await site.send("POST", "/search/jql", wanted, document=query)
        return readable(found, wanted.responseContentFormat)

    async def create_issue(wanted: CreateJiraIssue) -> JsonValue:
        return await site.send("POST", "/issue", wanted, document={"fields": _new_fields(wanted)})

    async def edit_issue(wanted: EditJiraIssue) -> JsonValue:
        fields = dict(wanted.fields)
        description = fields.get("description")
        if isinstance(description, str):
            fields["description"] = document_of(description, None)
        await site.send("PUT", wanted.path, wanted, document={"fields": fields})
        return readable(await site.send("GET", wanted.path, wanted), wanted.responseContentFormat)

    return [
        Tool("getJiraIssue", "Get the details of a Jira issue by its id or key", GetJiraIssue, get_issue),
        Tool(
            "searchJiraIssuesUsingJql",
            "Search Jira issues using a Jira Query Language (JQL) query",
            SearchJiraIssues,
            search_issues,
        ),
        Tool(
            "createJiraIssue",
            "Create a new Jira issue in a project",
            CreateJiraIssue,
            create_issue,
            read_only=False,
        ),
        Tool(
            "editJiraIssue",
            "Update the fields of a Jira issue",
            EditJiraIssue,
            edit_issue,
            read_only=False,
        ),
    ]


def _new_fields(wanted: CreateJiraIssue) -> JsonObject:
    fields: JsonObject = {
        **(wanted.additional_fields or {}),
        "project": {"key": wanted.projectKey},
        "summary": wanted.summary,
        "issuetype": {"name": wanted.issueType},
    }
    if wanted.description is not None:
        fields["description"] = document_of(wanted.description, wanted.contentFormat)
    if wanted.labels is not None:
        fields["labels"] = [*wanted.labels]
    if wanted.priority is not None:
        fields["priority"] = {"name": wanted.priority}
    if wanted.assignee is not None:
        fields["assignee"] = {"accountId": wanted.assignee}
    return fields
