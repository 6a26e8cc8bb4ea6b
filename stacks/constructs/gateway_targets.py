"""Where the gateway finds each kind of tool, and the credential it sends there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from slipway.domain.agent_spec import tools

_CAMEL = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class RemoteTarget:
    """An outside MCP server; the credential goes into its Authorization header after `scheme`."""

    name: str
    endpoint: str
    scheme: str
    credential: str


REMOTE_TARGETS = (
    RemoteTarget(
        name="github",
        # Every toolset: the default one has neither repository trees nor Actions.
        endpoint="https://api.githubcopilot.com/mcp/x/all",
        scheme="Bearer ",
        credential="a token of the GitHub App's installation, renewed by renew-credentials",
    ),
    RemoteTarget(
        name="jira",
        endpoint="https://mcp.atlassian.com/v2/mcp?tools=all",
        scheme="Basic ",
        credential="base64 of the bot's email:api_token, kept by renew-credentials",
    ),
    RemoteTarget(
        name="sentry",
        endpoint="https://mcp.sentry.dev/mcp",
        # "Bearer" there means an OAuth grant of theirs; this scheme takes an API token.
        scheme="Sentry-Bearer ",
        credential="an auth token of a Sentry integration: org:read, project:read, event:write",
    ),
)


PEOPLE_TOOLS = (
    *tools(
        "github",
        "search_code",
        "search_repositories",
        "get_repository_tree",
        "get_file_contents",
        "list_commits",
        "list_pull_requests",
        "pull_request_read",
    ),
    *tools("jira", "getJiraIssue", "searchJiraIssuesUsingJql"),
    *tools("sentry", "search_issues", "get_sentry_resource"),
    *tools("knowledge", "search"),
)
"""What people's own MCP clients may call: it reads, and changes nothing."""


class ToolProperty(BaseModel):
    """One argument of a tool, within what AgentCore's schema language can say."""

    model_config = _CAMEL

    type: str
    description: str = ""
    items: ToolProperty | None = None


class ToolInput(BaseModel):
    """The arguments of a tool."""

    model_config = _CAMEL

    type: str
    properties: Mapping[str, ToolProperty]
    required: tuple[str, ...] = ()


class ToolSchema(BaseModel):
    """One tool of a Lambda target, from its folder's `tool_schema.json`."""

    model_config = _CAMEL

    name: str
    description: str
    input_schema: ToolInput = Field(alias="inputSchema")


TOOL_SCHEMAS = TypeAdapter(tuple[ToolSchema, ...])
