"""Run the gateway: `python -m local.gateway --port PORT --state DIR --github-credentials FILE ...`.

Environment: SLIPWAY_EMULATOR_URL (where the deployed configuration is), SLIPWAY_FORGE_URL.
"""

from __future__ import annotations

import os
from pathlib import Path

import httpx

from local import double
from local.gateway.app import build
from local.gateway.github import github_server
from local.gateway.github.client import Forge
from local.gateway.jira import jira_server
from local.gateway.jira.client import JiraSite
from local.gateway.sentry import sentry_server


def main() -> None:
    """Serve until stopped."""
    arguments = double.parser("gateway", "A stand-in for AgentCore Gateway.")
    arguments.add_argument("--github-credentials", type=Path, required=True, help="the App's JSON file")
    arguments.add_argument("--jira-credentials", type=Path, required=True, help="the account's JSON file")
    given = arguments.parse_args()
    forge = httpx.AsyncClient(base_url=_required("SLIPWAY_FORGE_URL"), trust_env=False, timeout=60)
    jira = httpx.AsyncClient(trust_env=False, timeout=30)
    servers = {
        "api.githubcopilot.com": github_server(Forge(forge, given.github_credentials)),
        "mcp.atlassian.com": jira_server(JiraSite(jira, given.jira_credentials)),
        "mcp.sentry.dev": sentry_server(),
    }
    app = build(emulator_url=_required("SLIPWAY_EMULATOR_URL"), servers=servers, clients=[forge, jira])
    double.serve(app, double.options(given))


def _required(name: str) -> str:
    value = os.environ.get(name, "").rstrip("/")
    if not value:
        raise SystemExit(f"{name} is not set; the gateway needs that address")
    return value


if __name__ == "__main__":
    main()
