"""Gateway target `slack`: writing messages, and looking up people and channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from pydantic import ValidationError

from lambdas.process import platform
from lambdas.slack_tools.arguments import (
    Arguments,
    GetUserInfo,
    ListChannels,
    SendBlocks,
    SendMessage,
    UpdateMessage,
)
from lambdas.tool_calls import called_tool
from slipway.adapters.slack.tools import Answer, SlackTools
from slipway.domain.errors import InvalidInput


@cache
def slack() -> SlackTools:
    """Made on the first call."""
    return SlackTools(secrets=platform().secrets)


TOOLS: Mapping[str, tuple[type[Arguments], Callable[..., Answer]]] = {
    "send_message": (SendMessage, lambda **given: slack().send(**given)),
    "send_blocks": (SendBlocks, lambda **given: slack().send(**given)),
    "get_user_info": (GetUserInfo, lambda **given: slack().user(**given)),
    "list_channels": (ListChannels, lambda **given: slack().channels(**given)),
    "update_message": (UpdateMessage, lambda **given: slack().update(**given)),
}


def handler(event: Mapping[str, object], context: object) -> Answer:
    """The gateway sends the arguments as the event and the tool's name in the client context."""
    name = called_tool(context)
    if name not in TOOLS:
        raise InvalidInput(f"slack has no tool {name!r}; it has {', '.join(TOOLS)}")
    arguments, run = TOOLS[name]
    try:
        given = arguments.model_validate(event)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"{name}: {wrong}") from None
    return run(**given.model_dump(exclude_none=True))
