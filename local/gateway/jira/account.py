"""getAccessibleAtlassianResources and atlassianUserInfo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.gateway.tools import Arguments, Tool

if TYPE_CHECKING:
    from pydantic import JsonValue

    from local.gateway.jira.client import JiraSite


class NoArguments(Arguments):
    """Arguments of a tool that takes none."""


def tools(site: JiraSite) -> list[Tool[Any]]:
    """Return the tools about the caller's own account."""

    async def resources(_wanted: NoArguments) -> JsonValue:
        return site.resources()

    async def user_info(_wanted: NoArguments) -> JsonValue:
        return await site.send("GET", "/myself")

    return [
        Tool(
            "getAccessibleAtlassianResources",
            "Get the Atlassian sites that the user can reach, with the cloudId that other tools need",
            NoArguments,
            resources,
        ),
        Tool("atlassianUserInfo", "Get the current user's account", NoArguments, user_info),
    ]
