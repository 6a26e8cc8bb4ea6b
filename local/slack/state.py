"""What the Slack double remembers: people, channels, messages, the app, what can still be answered."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field

from local.double import JsonObject, StateFile

if TYPE_CHECKING:
    from pathlib import Path

TEAM: Final = "T0LOCAL"
TEAM_DOMAIN: Final = "local"
APP: Final = "A0LOCAL"
BOT: Final = "B0LOCAL"
BOT_USER: Final = "U0BOT"
SLACKBOT: Final = "USLACKBOT"


class User(BaseModel):
    """A person, or the app's bot user."""

    id: str
    name: str
    email: str = ""
    is_bot: bool = False


class Reaction(BaseModel):
    """Who reacted with an emoji."""

    name: str
    users: list[str]


class Message(BaseModel):
    """One message; `only_for` makes it ephemeral, `broadcast` shows a reply in the channel too."""

    ts: str
    user: str
    text: str = ""
    blocks: list[JsonObject] = Field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    bot: bool = False
    edited_ts: str | None = None
    reactions: list[Reaction] = Field(default_factory=list)
    metadata: JsonObject | None = None
    only_for: str | None = None

    @property
    def in_channel(self) -> bool:
        """Whether the channel shows it outside of its thread."""
        return self.broadcast or self.thread_ts in {None, self.ts}


class Channel(BaseModel):
    """A channel, or a direct conversation of the bot with `direct_with`."""

    id: str
    name: str
    direct_with: str | None = None
    messages: list[Message] = Field(default_factory=list)

    def message(self, ts: str) -> Message | None:
        """Return the message with this timestamp."""
        return next((message for message in self.messages if message.ts == ts), None)


class App(BaseModel):
    """The installed app: how its requests are signed, and where it listens."""

    signing_secret: str
    bot_token: str
    commands_url: str | None = None
    interactivity_url: str | None = None
    events_url: str | None = None
    events: list[str] = Field(default_factory=lambda: ["app_mention"])


class ResponseAddress(BaseModel):
    """A response_url: five answers within thirty minutes."""

    id: str
    channel: str
    user: str
    message_ts: str | None = None
    expires: float
    uses_left: int = 5


class Trigger(BaseModel):
    """A trigger_id: opens one view within three seconds."""

    id: str
    user: str
    channel: str
    expires: float


class OpenView(BaseModel):
    """A modal that a user has open, and where it was opened."""

    id: str
    user: str
    channel: str
    document: JsonObject
    hash: str
    errors: dict[str, str] = Field(default_factory=dict)


class SlackState(BaseModel):
    """The whole workspace."""

    app: App | None = None
    users: dict[str, User] = Field(default_factory=dict)
    channels: dict[str, Channel] = Field(default_factory=dict)
    responses: dict[str, ResponseAddress] = Field(default_factory=dict)
    triggers: dict[str, Trigger] = Field(default_factory=dict)
    views: dict[str, OpenView] = Field(default_factory=dict)
    last_microseconds: int = 0
    sequence: int = 0


class Workspace:
    """The live state of one double and the file that it survives in."""

    def __init__(self, directory: Path, *, url: str) -> None:
        """Open the workspace kept in `directory` and reached at `url`."""
        self.url = url
        self._file = StateFile(directory / "slack.json", SlackState)
        self.state = self._file.load()
        self._seed()

    def save(self) -> None:
        """Write the state to disk, without what can no longer be answered."""
        moment = time.time()
        for kept in (self.state.responses, self.state.triggers):
            for key in [key for key, entry in kept.items() if entry.expires < moment]:
                del kept[key]
        self._file.save(self.state)

    def reset(self) -> None:
        """Forget everything."""
        self.state = SlackState()
        self._seed()
        self.save()

    def timestamp(self) -> str:
        """Return a message timestamp, later than every one before: it is the message's id."""
        moment = max(time.time_ns() // 1000, self.state.last_microseconds + 1)
        self.state.last_microseconds = moment
        return f"{moment // 1_000_000}.{moment % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """Return a new id with Slack's prefix for its kind."""
        self.state.sequence += 1
        return f"{prefix}0LOCAL{self.state.sequence:04d}"

    def channel(self, id_or_name: str) -> Channel | None:
        """Return a channel by its id, or by its name with or without `#`."""
        name = id_or_name.removeprefix("#")
        return self.state.channels.get(id_or_name) or next(
            (channel for channel in self.state.channels.values() if channel.name == name), None
        )

    def direct(self, user: User) -> Channel:
        """Return the bot's conversation with a user."""
        for channel in self.state.channels.values():
            if channel.direct_with == user.id:
                return channel
        channel = Channel(id=self.next_id("D"), name=f"dm-{user.name}", direct_with=user.id)
        self.state.channels[channel.id] = channel
        return channel

    def new_trigger(self, *, user: str, channel: str) -> str:
        """Return a trigger_id with which the app may open a view for this user."""
        moment = time.time()
        trigger = Trigger(
            id=f"{int(moment)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}",
            user=user,
            channel=channel,
            expires=moment + 3,
        )
        self.state.triggers[trigger.id] = trigger
        return trigger.id

    def new_response_url(self, *, user: str, channel: str, message_ts: str | None) -> str:
        """Return an address where the app may answer what just happened."""
        address = ResponseAddress(
            id=secrets.token_urlsafe(24),
            channel=channel,
            user=user,
            message_ts=message_ts,
            expires=time.time() + 1800,
        )
        self.state.responses[address.id] = address
        return f"{self.url}/actions/{TEAM}/{address.id}"

    def _seed(self) -> None:
        self.state.users.setdefault(BOT_USER, User(id=BOT_USER, name="slipway", is_bot=True))
        self.state.users.setdefault(SLACKBOT, User(id=SLACKBOT, name="slackbot", is_bot=True))
