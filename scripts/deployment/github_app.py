"""The manifest of the GitHub App: only the permissions and events that the code uses."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from slipway.domain.agent_spec import AgentSpec
from slipway.domain.errors import NotFound

EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "status",
    "workflow_job",
    "workflow_run",
)
"""What `slipway/domain/intake/github.py` reads; installations are told without being asked for."""

PLATFORM_NEEDS: Mapping[str, str] = {
    "checks": "read",  # the truth about CI
    "contents": "read",  # snapshots, plans, compared commits
    "issues": "read",  # GitHub sends comments on pull requests to those who may read issues
    "metadata": "read",  # who may write, and the default branch
    "pull_requests": "write",  # comments, draft to ready
    "statuses": "read",  # CI that reports by commit status
}
"""What `slipway/adapters/github` calls."""

TOOL_NEEDS: Mapping[str, Mapping[str, str]] = {
    "actions_get": {"actions": "read"},
    "actions_list": {"actions": "read"},
    "create_branch": {"contents": "write"},
    "create_or_update_file": {"contents": "write"},
    "create_pull_request": {"pull_requests": "write"},
    "delete_file": {"contents": "write"},
    "get_commit": {"contents": "read"},
    "get_file_contents": {"contents": "read"},
    "get_job_logs": {"actions": "read"},
    "get_repository_tree": {"contents": "read"},
    "list_branches": {"contents": "read"},
    "list_commits": {"contents": "read"},
    "list_pull_requests": {"pull_requests": "read"},
    "pull_request_read": {"pull_requests": "read"},
    "push_files": {"contents": "write"},
    "search_code": {"contents": "read"},
    "search_issues": {"issues": "read"},
    "search_pull_requests": {"pull_requests": "read"},
    "search_repositories": {"metadata": "read"},
}
"""What the gateway's GitHub tools need."""
_ORDER = ("read", "write")


def permissions(agents: Iterable[AgentSpec]) -> dict[str, str]:
    """The strongest need of the platform and of any tool that an agent may call."""
    needed = dict(PLATFORM_NEEDS)
    for spec in agents:
        for tool in spec.tools:
            if tool.target != "github":
                continue
            if tool.name not in TOOL_NEEDS:
                raise NotFound(
                    f"agent {spec.name} may call {tool.gateway_name}, whose permission is unknown; "
                    "add it to TOOL_NEEDS in scripts/deployment/github_app.py"
                )
            for name, level in TOOL_NEEDS[tool.name].items():
                needed[name] = max(needed.get(name, "read"), level, key=_ORDER.index)
    return dict(sorted(needed.items()))


def manifest(*, environment: str, api_url: str, agents: Iterable[AgentSpec]) -> dict[str, JsonValue]:
    """For https://github.com/organizations/ORG/settings/apps/new?manifest."""
    return {
        "name": f"Slipway {environment}",
        "url": "https://github.com",
        "description": "Tickets in, pull requests out.",
        "public": False,
        "hook_attributes": {"url": f"{api_url}/webhooks/github", "active": True},
        "default_permissions": dict(permissions(agents)),
        "default_events": list(EVENTS),
    }


def page(content: Mapping[str, JsonValue]) -> str:
    """A page that hands the manifest to GitHub, which takes it from a form only."""
    value = html.escape(json.dumps(content), quote=True)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Create the GitHub App</title>
<h1>Create the GitHub App {html.escape(str(content["name"]))}</h1>
<form method="post" onsubmit="this.action = 'https://github.com/organizations/' +
  encodeURIComponent(this.organization.value) + '/settings/apps/new'">
  <input type="hidden" name="manifest" value="{value}">
  <label>Organisation <input name="organization" required></label>
  <button>Create on GitHub</button>
</form></html>
"""
