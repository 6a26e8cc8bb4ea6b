"""The limits of Block Kit that Slack enforces, so that a card which works here works there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.double import JsonObject

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCKS_OF_A_MESSAGE: Final = 50
_TYPES: Final = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "markdown", "rich_text", "section"}
)


class Text(BaseModel):
    """A text object."""

    type: str = Field(pattern="^(plain_text|mrkdwn)$")
    text: str = Field(min_length=1, max_length=3000)


class PlainText(Text):
    """A text object where no markup is allowed."""

    type: str = Field(pattern="^plain_text$")


class ButtonText(PlainText):
    """What stands on a button."""

    text: str = Field(min_length=1, max_length=75)


class HeaderText(PlainText):
    """A header's text."""

    text: str = Field(min_length=1, max_length=150)


class Element(BaseModel):
    """Something in a block to use or to look at; only buttons are checked in depth."""

    model_config = ConfigDict(extra="allow")

    type: str
    action_id: str | None = Field(default=None, max_length=255)


class Button(Element):
    """A button."""

    text: ButtonText
    value: str | None = Field(default=None, max_length=2000)
    url: str | None = Field(default=None, max_length=3000)
    style: str | None = Field(default=None, pattern="^(primary|danger)$")


class Block(BaseModel):
    """One block; what its type demands is checked beside the shape."""

    model_config = ConfigDict(extra="allow")

    type: str
    block_id: str | None = Field(default=None, max_length=255)
    elements: list[Element] = Field(default_factory=list)
    fields: list[Text] = Field(default_factory=list, max_length=10)


def problem(blocks: Sequence[JsonObject]) -> str | None:
    """Return what Slack would not accept about blocks, or None."""
    if len(blocks) > _BLOCKS_OF_A_MESSAGE:
        return f"no more than {_BLOCKS_OF_A_MESSAGE} items allowed"
    for index, block in enumerate(blocks):
        try:
            _check(block)
        except (ValidationError, ValueError) as error:
            return f"{error} [json-pointer:/blocks/{index}]"
    given = [block["block_id"] for block in blocks if "block_id" in block]
    if len(given) != len(set(map(str, given))):
        return "block_id must be unique within a message"
    return None


def identified(blocks: Sequence[JsonObject]) -> list[JsonObject]:
    """Return blocks where each has a block_id, as Slack gives one to those without."""
    return [{"block_id": f"blk{index}", **block} for index, block in enumerate(blocks)]


def _check(given: JsonObject) -> None:
    block = Block.model_validate(given)
    if block.type not in _TYPES:
        raise ValueError(f"unsupported type: {block.type}")
    if block.type == "header":
        HeaderText.model_validate(given.get("text"))
    if block.type == "section":
        if "text" in given:
            Text.model_validate(given["text"])
        elif not block.fields:
            raise ValueError("a section needs text or fields")
        if "accessory" in given:
            _check_element(given["accessory"])
    if block.type in {"actions", "context"}:
        _check_elements(block.type, given.get("elements"))


def _check_elements(kind: str, elements: object) -> None:
    limit = 25 if kind == "actions" else 10
    if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
        raise ValueError(f"{kind} needs 1 to {limit} elements")
    for element in elements:
        if kind == "actions":
            _check_element(element)


def _check_element(element: object) -> None:
    if Element.model_validate(element).type == "button":
        Button.model_validate(element)
