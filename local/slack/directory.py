"""The Web API's auth.test, conversations.*, users.* and team.info methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from local.double import JsonObject
from local.slack import documents
from local.slack.state import BOT, BOT_USER, TEAM, TEAM_DOMAIN
from local.slack.web_api import (
    NoParameters,
    Parameters,
    SlackError,
    channel_or_error,
    checked,
    message_or_error,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from local.slack.state import Workspace
    from local.slack.web_api import Method


class Page(Parameters):
    """Which page of a list; the cursor is the position as text."""

    cursor: str = ""
    limit: int = Field(default=100, ge=1, le=1000)


class ConversationPage(Page):
    """The parameters of conversations.list."""

    types: str = "public_channel"


class Conversation(Page):
    """The parameters of methods about one conversation."""

    channel: str
    ts: str = ""
    oldest: str = "0"
    latest: str = ""
    inclusive: bool = False


class OpenConversation(Parameters):
    """The parameters of conversations.open."""

    users: str = ""
    channel: str = ""


class OneUser(Parameters):
    """The parameters of users.info."""

    user: str


class OneEmail(Parameters):
    """The parameters of users.lookupByEmail."""

    email: str


class Directory:
    """The methods over one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Serve `workspace`."""
        self._workspace = workspace

    def methods(self) -> Mapping[str, Method]:
        """Return the methods by their names."""
        return {
            "auth.test": self.auth,
            "team.info": self.team,
            "conversations.list": self.conversations,
            "conversations.info": self.conversation,
            "conversations.join": self.conversation,
            "conversations.open": self.open,
            "conversations.history": self.history,
            "conversations.replies": self.replies,
            "users.list": self.users,
            "users.info": self.user,
            "users.lookupByEmail": self.by_email,
        }

    async def auth(self, given: JsonObject) -> JsonObject:
        """Say who the token is."""
        checked(NoParameters, given)
        return {
            "url": f"{self._workspace.url}/",
            "team": TEAM_DOMAIN,
            "team_id": TEAM,
            "user": self._workspace.state.users[BOT_USER].name,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    async def team(self, given: JsonObject) -> JsonObject:
        """Describe the workspace."""
        checked(NoParameters, given)
        return {"team": {**documents.team(), "name": TEAM_DOMAIN}}

    async def conversations(self, given: JsonObject) -> JsonObject:
        """List the channels, and direct conversations when asked."""
        wanted = checked(ConversationPage, given)
        kinds = wanted.types.split(",")
        found: list[JsonValue] = [
            documents.channel(channel)
            for channel in self._workspace.state.channels.values()
            if ("im" if channel.direct_with else "public_channel") in kinds
        ]
        return _page("channels", found, wanted)

    async def conversation(self, given: JsonObject) -> JsonObject:
        """Return one conversation; the bot is a member of every channel already."""
        wanted = checked(Conversation, given)
        return {"channel": documents.channel(channel_or_error(self._workspace, wanted.channel))}

    async def open(self, given: JsonObject) -> JsonObject:
        """Open the bot's conversation with one user."""
        wanted = checked(OpenConversation, given)
        if wanted.channel:
            return {"channel": documents.channel(channel_or_error(self._workspace, wanted.channel))}
        user = self._workspace.state.users.get(wanted.users)
        if user is None:
            raise SlackError("user_not_found")
        return {"channel": {"id": self._workspace.direct(user).id}}

    async def history(self, given: JsonObject) -> JsonObject:
        """Return a channel's messages, newest first, without replies in threads."""
        wanted = checked(Conversation, given)
        channel = channel_or_error(self._workspace, wanted.channel)
        found: list[JsonValue] = [
            documents.message(message, channel)
            for message in reversed(channel.messages)
            if message.only_for is None and message.in_channel and _between(message.ts, wanted)
        ]
        return _page("messages", found, wanted)

    async def replies(self, given: JsonObject) -> JsonObject:
        """Return a thread, its first message first."""
        wanted = checked(Conversation, given)
        channel = channel_or_error(self._workspace, wanted.channel)
        first = message_or_error(channel, wanted.ts)
        found: list[JsonValue] = [
            documents.message(message, channel)
            for message in channel.messages
            if message.only_for is None and first.ts in {message.ts, message.thread_ts}
        ]
        return _page("messages", found, wanted)

    async def users(self, given: JsonObject) -> JsonObject:
        """List the users."""
        found: list[JsonValue] = [documents.user(u) for u in self._workspace.state.users.values()]
        return _page("members", found, checked(Page, given))

    async def user(self, given: JsonObject) -> JsonObject:
        """Return one user."""
        found = self._workspace.state.users.get(checked(OneUser, given).user)
        if found is None:
            raise SlackError("user_not_found")
        return {"user": documents.user(found)}

    async def by_email(self, given: JsonObject) -> JsonObject:
        """Find a user by e-mail address."""
        wanted = checked(OneEmail, given).email.lower()
        for user in self._workspace.state.users.values():
            if user.email.lower() == wanted:
                return {"user": documents.user(user)}
        raise SlackError("users_not_found")


def _between(ts: str, wanted: Conversation) -> bool:
    if wanted.inclusive:
        return wanted.oldest <= ts and (not wanted.latest or ts <= wanted.latest)
    return wanted.oldest < ts and (not wanted.latest or ts < wanted.latest)


def _page(name: str, items: Sequence[JsonValue], wanted: Page) -> JsonObject:
    if wanted.cursor and not wanted.cursor.isdecimal():
        raise SlackError("invalid_cursor")
    start = int(wanted.cursor or "0")
    end = start + wanted.limit
    more = end < len(items)
    return {
        name: [*items[start:end]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(end) if more else ""},
    }
