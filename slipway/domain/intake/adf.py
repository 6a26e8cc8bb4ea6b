"""Jira's rich text as Markdown: Atlassian Document Format, and the older wiki markup's code blocks."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import JsonValue

from slipway.domain.intake.delivery import JsonObject, at, is_object, objects, text

_MARKS = {"strong": "**", "em": "*", "strike": "~~", "code": "`"}
_WIKI_BLOCK = re.compile(
    r"\{(code|noformat)(?::([^}\n]*))?\}[ \t]*\n?(.*?)\n?[ \t]*\{\1\}", re.DOTALL | re.IGNORECASE
)
_WIKI_INLINE = re.compile(r"\{\{(.+?)\}\}")
_WIKI_QUOTE = re.compile(r"\{quote\}(.*?)(?:\{quote\}|\Z)", re.DOTALL | re.IGNORECASE)
_WIKI_QUOTED_LINE = re.compile(r"^bq\. ", re.MULTILINE)
_OUR_NAME = "@slipway"


def to_markdown(value: JsonValue, *, our_account: str = "") -> str:
    """A description or comment body: an ADF document, wiki markup, or nothing.

    A mention of `our_account` is written by our own name, whatever the site calls that account.
    """
    if isinstance(value, str):
        mention = f"[~accountid:{our_account}]"
        return _wiki(value.replace(mention, _OUR_NAME) if our_account else value)
    if not is_object(value):
        return ""
    return _blocks(_named(value, our_account) if our_account else value).strip()


def _named(node: JsonObject, our_account: str) -> JsonObject:
    if node.get("type") == "mention" and text(node, "attrs", "id") == our_account:
        return {"type": "text", "text": _OUR_NAME}
    if "content" not in node:
        return node
    return {**node, "content": [_named(child, our_account) for child in objects(node, "content")]}


def _wiki(markup: str) -> str:
    def quote(match: re.Match[str]) -> str:
        return "\n".join(f"> {line}" for line in match[1].strip().split("\n"))

    def fence(match: re.Match[str]) -> str:
        language = "" if match[2] is None or "=" in match[2] else match[2].split("|")[0]
        return f"```{language}\n{match[3]}\n```"

    plain = _WIKI_BLOCK.sub(fence, markup.replace("\r\n", "\n"))
    quoted = _WIKI_QUOTED_LINE.sub("> ", _WIKI_QUOTE.sub(quote, plain))
    return _WIKI_INLINE.sub(r"`\1`", quoted).strip()


def _blocks(node: JsonObject) -> str:
    return "\n\n".join(part for child in objects(node, "content") if (part := _block(child)).strip())


def _block(node: JsonObject) -> str:
    render = _RENDERERS.get(text(node, "type"))
    if render is not None:
        return render(node)
    if "content" in node:
        return _blocks(node) or _inline(node)
    return _inline_node(node)


def _heading(node: JsonObject) -> str:
    depth = at(node, "attrs", "level")
    return f"{'#' * (depth if isinstance(depth, int) else 1)} {_inline(node)}"


def _code(node: JsonObject) -> str:
    return f"```{text(node, 'attrs', 'language')}\n{_plain(node)}\n```"


def _quote(node: JsonObject) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _blocks(node).split("\n"))


def _bullets(node: JsonObject) -> str:
    return "\n".join(_item(child, "- ") for child in objects(node, "content"))


def _numbers(node: JsonObject) -> str:
    return "\n".join(_item(child, f"{i}. ") for i, child in enumerate(objects(node, "content"), start=1))


def _checkboxes(node: JsonObject) -> str:
    return "\n".join(
        f"- [{'x' if text(child, 'attrs', 'state') == 'DONE' else ' '}] {_inline(child)}"
        for child in objects(node, "content")
    )


def _item(node: JsonObject, bullet: str) -> str:
    lines = _blocks(node).replace("\n\n", "\n").split("\n")
    return "\n".join([bullet + lines[0], *(" " * len(bullet) + line for line in lines[1:])])


def _table(node: JsonObject) -> str:
    rows = [
        [_blocks(cell).replace("\n", " ").replace("|", "\\|") for cell in objects(row, "content")]
        for row in objects(node, "content")
    ]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _inline(node: JsonObject) -> str:
    return "".join(_inline_node(child) for child in objects(node, "content"))


def _inline_node(node: JsonObject) -> str:
    match node.get("type"):
        case "text":
            return _marked(node)
        case "hardBreak":
            return "\n"
        case "mention" | "emoji" | "status":
            return text(node, "attrs", "text") or text(node, "attrs", "shortName")
        case "inlineCard" | "blockCard" | "embedCard":
            return text(node, "attrs", "url")
        case "date":
            return text(node, "attrs", "timestamp")
    return _inline(node)


def _marked(node: JsonObject) -> str:
    written = text(node, "text")
    for mark in objects(node, "marks"):
        kind = text(mark, "type")
        if kind == "link" and (href := text(mark, "attrs", "href")) != written:
            written = f"[{written}]({href})"
        elif sign := _MARKS.get(kind):
            written = f"{sign}{written}{sign}"
    return written


def _plain(node: JsonObject) -> str:
    return "".join(
        "\n" if child.get("type") == "hardBreak" else text(child, "text")
        for child in objects(node, "content")
    )


_RENDERERS: dict[str, Callable[[JsonObject], str]] = {
    "paragraph": _inline,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _quote,
    "expand": _quote,
    "nestedExpand": _quote,
    "bulletList": _bullets,
    "orderedList": _numbers,
    "taskList": _checkboxes,
    "decisionList": _checkboxes,
    "table": _table,
    "rule": lambda _node: "---",
    "mediaSingle": lambda _node: "",
    "mediaGroup": lambda _node: "",
}
