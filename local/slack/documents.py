"""How the workspace's records look in Web API answers and in requests to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.slack.state import APP, BOT, TEAM, TEAM_DOMAIN

if TYPE_CHECKING:
    from local.double import JsonObject
    from local.slack.state import Channel, Message, User


def team() -> JsonObject:
    """Return the workspace."""
    return {"id": TEAM, "domain": TEAM_DOMAIN}


def user(found: User) -> JsonObject:
    """Return a user's whole record."""
    return {
        "id": found.id,
        "team_id": TEAM,
        "name": found.name,
        "real_name": found.name,
        "deleted": False,
        "is_bot": found.is_bot,
        "is_app_user": False,
        "tz": "Etc/UTC",
        "profile": {
            "real_name": found.name,
            "display_name": found.name,
            "email": found.email,
            "team": TEAM,
        },
    }


def acting_user(found: User) -> JsonObject:
    """Return a user as interactions name who acted."""
    return {"id": found.id, "username": found.name, "name": found.name, "team_id": TEAM}


def channel(found: Channel) -> JsonObject:
    """Return a conversation."""
    direct = found.direct_with is not None
    document: JsonObject = {
        "id": found.id,
        "name": found.name,
        "name_normalized": found.name,
        "is_channel": not direct,
        "is_group": False,
        "is_im": direct,
        "is_private": direct,
        "is_archived": False,
        "is_general": False,
        "is_member": True,
        "created": 0,
        "context_team_id": TEAM,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
    if direct:
        document["user"] = found.direct_with
    return document


def message(found: Message, on: Channel) -> JsonObject:
    """Return a message as history and answers show it."""
    document: JsonObject = {
        "type": "message",
        "user": found.user,
        "ts": found.ts,
        "text": found.text,
        "team": TEAM,
    }
    if found.blocks:
        document["blocks"] = [dict(block) for block in found.blocks]
    if found.bot:
        document |= {"bot_id": BOT, "app_id": APP}
    if found.thread_ts is not None:
        document["thread_ts"] = found.thread_ts
    if found.broadcast:
        document["subtype"] = "thread_broadcast"
    if found.edited_ts is not None:
        document["edited"] = {"user": found.user, "ts": found.edited_ts}
    if found.metadata is not None:
        document["metadata"] = found.metadata
    if found.reactions:
        document["reactions"] = [
            {"name": r.name, "users": [*r.users], "count": len(r.users)} for r in found.reactions
        ]
    replies = [reply for reply in on.messages if reply.thread_ts == found.ts and not reply.only_for]
    if replies:
        document |= {
            "thread_ts": found.ts,
            "reply_count": len(replies),
            "reply_users_count": len({reply.user for reply in replies}),
            "latest_reply": replies[-1].ts,
        }
    return document
