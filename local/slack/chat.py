"""The Web API's chat.* and reactions.* methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from local.double import JsonObject
from local.slack import documents, rules
from local.slack.state import BOT_USER, Channel, Message, Reaction
from local.slack.web_api import (
    Parameters,
    SlackError,
    channel_or_error,
    checked,
    message_or_error,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.slack.events import Events
    from local.slack.state import Workspace
    from local.slack.web_api import Method


class Content(Parameters):
    """What a message says."""

    channel: str
    text: str | None = None
    blocks: list[JsonObject] | None = None
    metadata: JsonObject | None = None


class Post(Content):
    """What every way to post takes."""

    thread_ts: str | None = None


class PostMessage(Post):
    """The parameters of chat.postMessage."""

    reply_broadcast: bool = False


class PostEphemeral(Post):
    """The parameters of chat.postEphemeral."""

    user: str


class Update(Content):
    """The parameters of chat.update."""

    ts: str


class Delete(Parameters):
    """The parameters of chat.delete."""

    channel: str
    ts: str


class Permalink(Parameters):
    """The parameters of chat.getPermalink."""

    channel: str
    message_ts: str


class React(Parameters):
    """The parameters of reactions.add and reactions.remove."""

    channel: str
    timestamp: str
    name: str = Field(min_length=1)


class Chat:
    """The methods over one workspace."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        """Serve `workspace` and tell `events` about new messages."""
        self._workspace = workspace
        self._events = events

    def methods(self) -> Mapping[str, Method]:
        """Return the methods by their names."""
        return {
            "chat.postMessage": self.post,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
            "chat.getPermalink": self.permalink,
            "reactions.add": self.react,
            "reactions.remove": self.unreact,
        }

    async def post(self, given: JsonObject) -> JsonObject:
        """Post as the bot."""
        wanted = checked(PostMessage, given)
        channel = channel_or_error(self._workspace, wanted.channel)
        if wanted.thread_ts is not None and channel.message(wanted.thread_ts) is None:
            raise SlackError("thread_not_found")
        message = Message(
            ts=self._workspace.timestamp(),
            user=BOT_USER,
            bot=True,
            thread_ts=wanted.thread_ts,
            broadcast=wanted.reply_broadcast and wanted.thread_ts is not None,
            metadata=wanted.metadata,
        )
        write(message, text=wanted.text, blocks=wanted.blocks)
        channel.messages.append(message)
        self._events.posted(channel, message)
        return {
            "channel": channel.id,
            "ts": message.ts,
            "message": documents.message(message, channel),
        }

    async def post_ephemeral(self, given: JsonObject) -> JsonObject:
        """Post for one person's eyes."""
        wanted = checked(PostEphemeral, given)
        channel = channel_or_error(self._workspace, wanted.channel)
        if wanted.user not in self._workspace.state.users:
            raise SlackError("user_not_in_channel")
        message = Message(
            ts=self._workspace.timestamp(),
            user=BOT_USER,
            bot=True,
            thread_ts=wanted.thread_ts,
            only_for=wanted.user,
        )
        write(message, text=wanted.text, blocks=wanted.blocks)
        channel.messages.append(message)
        return {"message_ts": message.ts}

    async def update(self, given: JsonObject) -> JsonObject:
        """Replace one of the bot's own messages."""
        wanted = checked(Update, given)
        channel, message = self._own(wanted.channel, wanted.ts, "cant_update_message")
        write(message, text=wanted.text, blocks=wanted.blocks)
        message.metadata = wanted.metadata or message.metadata
        message.edited_ts = self._workspace.timestamp()
        return {
            "channel": channel.id,
            "ts": message.ts,
            "text": message.text,
            "message": documents.message(message, channel),
        }

    async def delete(self, given: JsonObject) -> JsonObject:
        """Delete one of the bot's own messages."""
        wanted = checked(Delete, given)
        channel, message = self._own(wanted.channel, wanted.ts, "cant_delete_message")
        channel.messages.remove(message)
        return {"channel": channel.id, "ts": message.ts}

    async def permalink(self, given: JsonObject) -> JsonObject:
        """Return the address of a message on this double's page."""
        wanted = checked(Permalink, given)
        channel = channel_or_error(self._workspace, wanted.channel)
        message = message_or_error(channel, wanted.message_ts)
        address = f"{self._workspace.url}/channels/{channel.name}#m{message.ts}"
        return {"channel": channel.id, "permalink": address}

    async def react(self, given: JsonObject) -> JsonObject:
        """Add the bot's reaction."""
        wanted = checked(React, given)
        message = message_or_error(channel_or_error(self._workspace, wanted.channel), wanted.timestamp)
        found = next((r for r in message.reactions if r.name == wanted.name), None)
        if found is None:
            message.reactions.append(Reaction(name=wanted.name, users=[BOT_USER]))
        elif BOT_USER in found.users:
            raise SlackError("already_reacted")
        else:
            found.users.append(BOT_USER)
        return {}

    async def unreact(self, given: JsonObject) -> JsonObject:
        """Take the bot's reaction back."""
        wanted = checked(React, given)
        message = message_or_error(channel_or_error(self._workspace, wanted.channel), wanted.timestamp)
        for found in message.reactions:
            if found.name == wanted.name and BOT_USER in found.users:
                found.users.remove(BOT_USER)
                message.reactions = [r for r in message.reactions if r.users]
                return {}
        raise SlackError("no_reaction")

    def _own(self, channel_name: str, ts: str, refusal: str) -> tuple[Channel, Message]:
        channel = channel_or_error(self._workspace, channel_name)
        message = message_or_error(channel, ts)
        if not message.bot:
            raise SlackError(refusal)
        return channel, message


def write(message: Message, *, text: str | None, blocks: list[JsonObject] | None) -> None:
    """Set what a message says; a text alone replaces blocks, as in Slack."""
    if not text and not blocks:
        raise SlackError("no_text")
    if text and len(text) > 40_000:
        raise SlackError("msg_too_long")
    wrong = rules.problem(blocks or [])
    if wrong is not None:
        raise SlackError("invalid_blocks", wrong)
    message.text = text or ""
    message.blocks = rules.identified(blocks or [])
