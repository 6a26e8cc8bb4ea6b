"""Atlassian's Rovo MCP tools (version 2) over the REST API of the Jira double."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.gateway.jira import account, comments, issues
from local.gateway.tools import Server

if TYPE_CHECKING:
    from local.gateway.jira.client import JiraSite


def jira_server(site: JiraSite) -> Server:
    """Return the Jira tools, working on `site`."""
    return Server([*account.tools(site), *issues.tools(site), *comments.tools(site)])
