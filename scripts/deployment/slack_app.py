"""The manifest of the Slack app: its command, its addresses, and the scopes that the code uses."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

COMMAND = "/slipway"
EVENTS = ("app_mention",)
"""What `slipway/domain/intake/slack.py` reads."""

METHOD_SCOPES: Mapping[str, str] = {
    "auth_test": "",
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_list": "channels:read",
    "users_info": "users:read",
    "users_lookupByEmail": "users:read.email",
    "views_open": "",
}
"""What each method of the Web API that we call needs of the bot token."""
_RECEIVING = ("app_mentions:read", "commands")


def scopes() -> list[str]:
    """Every scope of the bot."""
    return sorted({*_RECEIVING, *(scope for scope in METHOD_SCOPES.values() if scope)})


def manifest(*, environment: str, api_url: str) -> dict[str, JsonValue]:
    """For "Create an app from a manifest" at https://api.slack.com/apps."""
    name = "Slipway" if environment == "prod" else f"Slipway {environment}"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": name, "description": "Tickets in, pull requests out."},
        "features": {
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "url": f"{api_url}/slack/commands",
                    "description": "See, approve, reject, stop or retry tasks",
                    "usage_hint": "help | list | status TASK | approve TASK | reject TASK reason",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes())}},
        "settings": {
            "event_subscriptions": {
                "request_url": f"{api_url}/slack/events",
                "bot_events": list(EVENTS),
            },
            "interactivity": {"is_enabled": True, "request_url": f"{api_url}/slack/interactivity"},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
