"""Slack's own markup and blocks shown as HTML; everything that somebody wrote is escaped."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.double import JsonObject

_REFERENCE: Final = re.compile(r"<([^<>\n]+)>")
_STYLES: Final = (
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])"), r"<s>\1</s>"),
)
_CODE: Final = re.compile(r"```\n?(.+?)\n?```|`([^`\n]+)`", re.DOTALL)


def html(text: str, *, names: Mapping[str, str]) -> str:
    """Return mrkdwn as HTML; `names` gives users and channels by their ids."""
    parts: list[str] = []
    position = 0
    for match in _CODE.finditer(text):
        parts.append(_prose(text[position : match.start()], names))
        tag, content = ("pre", match[1]) if match[1] is not None else ("code", match[2])
        parts.append(f"<{tag}>{escape(unescape(content))}</{tag}>")
        position = match.end()
    parts.append(_prose(text[position:], names))
    return "".join(parts)


def blocks_html(blocks: list[JsonObject], *, names: Mapping[str, str]) -> str:
    """Return the blocks that only show something; actions are the page's own matter."""
    return "".join(_block(block, names) for block in blocks)


def text_html(value: JsonValue, *, names: Mapping[str, str]) -> str:
    """Return a text object as HTML."""
    if not isinstance(value, dict):
        return ""
    text = value.get("text")
    if not isinstance(text, str):
        return ""
    return html(text, names=names) if value.get("type") == "mrkdwn" else escape(text).replace("\n", "<br>")


def _prose(text: str, names: Mapping[str, str]) -> str:
    # References first: their characters must not be taken for styles.
    references: list[str] = []

    def keep(match: re.Match[str]) -> str:
        references.append(_reference(match[1], names))
        return f"\x00{len(references) - 1}\x00"

    shown = escape(unescape(_REFERENCE.sub(keep, text.replace("\x00", ""))))
    for pattern, replacement in _STYLES:
        shown = pattern.sub(replacement, shown)
    shown = shown.replace("\n", "<br>")
    return re.sub("\x00(\\d+)\x00", lambda match: references[int(match[1])], shown)


def _reference(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target[0] in "@#":
        return f'<span class="mention">{target[0]}{escape(names.get(target[1:], label or target[1:]))}</span>'
    if target.startswith("!"):
        return f'<span class="mention">{escape(label or target[1:])}</span>'
    address = unescape(target)
    if not address.startswith(("http://", "https://", "mailto:")):
        return escape(unescape(label or target))
    return f'<a href="{escape(address)}" rel="noreferrer">{escape(unescape(label) or address)}</a>'


def _block(block: JsonObject, names: Mapping[str, str]) -> str:
    match block.get("type"):
        case "header":
            return f"<h3>{text_html(block.get('text'), names=names)}</h3>"
        case "section":
            fields = block.get("fields")
            cells = "".join(
                f"<div>{text_html(field, names=names)}</div>"
                for field in (fields if isinstance(fields, list) else [])
            )
            grid = f'<div class="fields">{cells}</div>' if cells else ""
            return f"<div>{text_html(block.get('text'), names=names)}</div>{grid}"
        case "context":
            elements = block.get("elements")
            shown = " ".join(
                text_html(element, names=names)
                for element in (elements if isinstance(elements, list) else [])
            )
            return f"<small>{shown}</small>"
        case "divider":
            return "<hr>"
        case "image":
            return f"<p>[{escape(str(block.get('alt_text')))}]</p>"
        case "markdown":
            return f"<pre>{escape(str(block.get('text')))}</pre>"
        case "rich_text":
            return f"<div>{_rich(block, names)}</div>"
        case _:
            return ""


def _rich(node: JsonObject, names: Mapping[str, str]) -> str:
    match node.get("type"):
        case "text":
            return _styled(escape(str(node.get("text", ""))).replace("\n", "<br>"), node.get("style"))
        case "link":
            address = str(node.get("url", ""))
            return _reference(f"{address}|{node.get('text') or address}", names)
        case "user":
            return _reference(f"@{node.get('user_id')}", names)
        case "channel":
            return _reference(f"#{node.get('channel_id')}", names)
        case "emoji":
            return f":{escape(str(node.get('name')))}:"
    elements = node.get("elements")
    inner = [_rich(e, names) for e in (elements if isinstance(elements, list) else []) if isinstance(e, dict)]
    match node.get("type"):
        case "rich_text_list":
            items = "".join(f"<li>{item}</li>" for item in inner)
            return f"<ol>{items}</ol>" if node.get("style") == "ordered" else f"<ul>{items}</ul>"
        case "rich_text_preformatted":
            return f"<pre>{''.join(inner)}</pre>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(inner)}</blockquote>"
        case _:
            return "".join(inner)


def _styled(text: str, style: JsonValue) -> str:
    tags = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}
    for name, tag in tags.items():
        if isinstance(style, dict) and style.get(name):
            text = f"<{tag}>{text}</{tag}>"
    return text
