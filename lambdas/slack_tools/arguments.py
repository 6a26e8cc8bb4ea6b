"""The arguments of each tool: what AgentCore's schema language cannot say is checked here."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

_EVERYBODY = re.compile(r"<!(?:channel|here|everyone|subteam\^)[^>]*>|(?<![\w@])@(?:channel|here|everyone)\b")


def _quiet(value: str) -> str:
    if found := _EVERYBODY.search(value):
        raise ValueError(f"{found[0]} calls everybody; name a person as <@USER_ID> instead")
    return value


def _quiet_blocks(blocks: list[dict[str, JsonValue]]) -> list[dict[str, JsonValue]]:
    for text in _texts(blocks):
        _quiet(text)
    return blocks


def _texts(value: JsonValue | list[dict[str, JsonValue]]) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]


Channel = Annotated[str, Field(pattern=r"^[CDG][A-Z0-9]{2,20}$|^#?[a-z0-9_-]{1,80}$")]
Timestamp = Annotated[str, Field(pattern=r"^\d{10,}\.\d{6}$")]
Text = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_quiet)]
Blocks = Annotated[
    list[dict[str, JsonValue]], Field(min_length=1, max_length=50), AfterValidator(_quiet_blocks)
]


class Arguments(BaseModel):
    """A misspelled argument is refused: a model that is told so corrects itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SendMessage(Arguments):
    """send_message."""

    channel: Channel
    text: Text
    thread_ts: Timestamp | None = None


class SendBlocks(Arguments):
    """send_blocks."""

    channel: Channel
    blocks: Blocks
    text: Text
    thread_ts: Timestamp | None = None


class GetUserInfo(Arguments):
    """get_user_info."""

    user: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{1,20}$|^[^@\s]{1,64}@[^@\s]{1,190}$")]


class ListChannels(Arguments):
    """list_channels."""

    limit: Annotated[int, Field(ge=1, le=200)] = 100
    cursor: Annotated[str, Field(max_length=500)] = ""


class UpdateMessage(Arguments):
    """update_message."""

    channel: Channel
    ts: Timestamp
    text: Text
    blocks: Blocks | None = None
