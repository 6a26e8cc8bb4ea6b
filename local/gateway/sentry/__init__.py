"""Sentry's MCP tools by their official names; on the laptop each call says that it reaches no Sentry."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, JsonValue

from local.gateway.tools import Arguments, Server, Tool, ToolFailed


class FindOrganizations(Arguments):
    """find_organizations."""

    query: str | None = Field(default=None, description="Part of a name or slug.")


class FindProjects(Arguments):
    """find_projects."""

    organizationSlug: str = Field(description="The organization's slug.")
    query: str | None = Field(default=None, description="Part of a name or slug.")


class SearchIssues(Arguments):
    """search_issues."""

    organizationSlug: str = Field(description="The organization's slug.")
    query: str = Field(default="is:unresolved", description="Sentry issue search.")
    projectSlugOrId: str | None = Field(default=None, description="Only this project.")


class SearchEvents(Arguments):
    """search_events."""

    organizationSlug: str = Field(description="The organization's slug.")
    query: str | None = Field(default=None, description="Sentry event search.")


class GetResource(Arguments):
    """get_sentry_resource."""

    url: str | None = Field(default=None, description="A Sentry address; says the kind by itself.")
    resourceType: str | None = Field(default=None, description="issue, event, trace or replay.")
    resourceId: str | None = Field(default=None, description="Such as PROJECT-123.")
    organizationSlug: str | None = Field(default=None, description="The organization's slug.")


class UpdateIssue(Arguments):
    """update_issue."""

    organizationSlug: str = Field(description="The organization's slug.")
    issueId: str | None = Field(default=None, description="Such as PROJECT-123.")
    issueUrl: str | None = Field(default=None, description="The issue's address.")
    status: str | None = Field(default=None, description="resolved, unresolved or ignored.")
    assignedTo: str | None = Field(default=None, description="user:ID or team:ID_OR_SLUG.")


class AnalyzeIssue(Arguments):
    """analyze_issue_with_seer."""

    organizationSlug: str | None = Field(default=None, description="The organization's slug.")
    issueId: str | None = Field(default=None, description="Such as PROJECT-123.")
    issueUrl: str | None = Field(default=None, description="The issue's address.")


class SearchTools(Arguments):
    """search_sentry_tools."""

    query: str = Field(description="What the tool should do.")


class ExecuteTool(Arguments):
    """execute_sentry_tool."""

    name: str = Field(description="A tool that search_sentry_tools named.")
    arguments: Mapping[str, JsonValue] = Field(default_factory=dict, description="Its arguments.")


def sentry_server() -> Server:
    """Return the tools that Sentry's own server lists."""
    return Server(
        [
            _tool("find_organizations", "Find organizations.", FindOrganizations),
            _tool("find_projects", "Find the projects of an organization.", FindProjects),
            _tool("search_issues", "List issues that match a search.", SearchIssues),
            _tool("search_events", "Search events, or count them.", SearchEvents),
            _tool("get_sentry_resource", "Get an issue, event, trace or replay.", GetResource),
            _tool("update_issue", "Resolve, reopen, assign or ignore an issue.", UpdateIssue, writes=True),
            _tool("analyze_issue_with_seer", "Ask Sentry's Seer for a root cause.", AnalyzeIssue),
            _tool("search_sentry_tools", "Find tools that are not listed.", SearchTools),
            _tool("execute_sentry_tool", "Run a tool that is not listed.", ExecuteTool, writes=True),
        ]
    )


def _tool(
    name: str, description: str, arguments: type[Arguments], *, writes: bool = False
) -> Tool[Arguments]:
    async def run(given: Arguments) -> JsonValue:
        del given
        raise ToolFailed(
            f"{name}: the laptop's gateway does not reach its Sentry. Work from the ticket's stack trace; "
            "a person can read the issue on the local Sentry's page. On AWS this target is Sentry's server."
        )

    return Tool(name, description, arguments, run, read_only=not writes)
