"""GitHub's official MCP tools over the REST API of the local forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.gateway.github import actions, contents, history, pulls, reviews, search, writing
from local.gateway.tools import Server

if TYPE_CHECKING:
    from local.gateway.github.client import Forge


def github_server(forge: Forge) -> Server:
    """Return the GitHub server's tools, working on `forge`."""
    return Server(
        [
            *search.tools(forge),
            *contents.tools(forge),
            *history.tools(forge),
            *writing.tools(forge),
            *pulls.tools(forge),
            *reviews.tools(forge),
            *actions.tools(forge),
        ]
    )
