"""The Atlassian Document Format: its nodes, its plain text, its HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, JsonValue

from local.double import JsonObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Mark(BaseModel):
    """What is done to a piece of text: strong, em, code, strike, link."""

    type: str
    attrs: JsonObject = Field(default_factory=dict)


class Node(BaseModel):
    """One node of a document; unknown node types keep their text."""

    type: str
    text: str = ""
    attrs: JsonObject = Field(default_factory=dict)
    marks: list[Mark] = Field(default_factory=list)
    content: list[Node] = Field(default_factory=list)


def document(paragraphs: Sequence[str]) -> JsonObject:
    """Return a document of plain paragraphs."""
    return {
        "type": "doc",
        "version": 1,
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}
            for text in paragraphs
        ],
    }


def is_document(value: JsonValue) -> bool:
    """Tell whether a value is an ADF document, as REST v3 requires for rich text."""
    return isinstance(value, dict) and value.get("type") == "doc" and "content" in value


def plain_text(value: JsonObject | None) -> str:
    """Return a document's text without its markup, one line per block."""
    return "" if value is None else _plain(Node.model_validate(value)).strip("\n")


def html(value: JsonObject | None) -> str:
    """Return a document as escaped HTML for the pages."""
    return "" if value is None else _html(Node.model_validate(value))


def _plain(node: Node) -> str:
    if node.type == "text":
        return node.text
    if node.type == "hardBreak":
        return "\n"
    if node.type in {"mention", "emoji", "inlineCard"}:
        return attribute(node, "text") or attribute(node, "url")
    inner = "".join(_plain(child) for child in node.content)
    return f"{inner}\n" if node.type in _LINE_BLOCKS else inner


_LINE_BLOCKS = frozenset({"paragraph", "heading", "codeBlock", "tableRow", "rule"})


_TAGS: Mapping[str, str] = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "panel": "blockquote",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
    "strong": "strong",
    "em": "em",
    "code": "code",
    "strike": "s",
}


def _html(node: Node) -> str:
    if node.type == "text":
        text = escape(node.text)
        for mark in node.marks:
            href = mark.attrs.get("href")
            if mark.type == "link" and isinstance(href, str) and href.startswith(("http:", "https:")):
                text = f'<a href="{escape(href)}" rel="noreferrer">{text}</a>'
            elif mark.type in _TAGS:
                text = f"<{_TAGS[mark.type]}>{text}</{_TAGS[mark.type]}>"
        return text
    if node.type == "hardBreak":
        return "<br>"
    if node.type == "rule":
        return "<hr>"
    if node.type == "codeBlock":
        return f"<pre>{escape(code_text(node))}</pre>"
    if node.type in {"mention", "emoji", "inlineCard"}:
        return escape(attribute(node, "text") or attribute(node, "url"))
    inner = "".join(_html(child) for child in node.content)
    tag = "h3" if node.type == "heading" else _TAGS.get(node.type)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def code_text(node: Node) -> str:
    """Return the text of a code block."""
    return "".join(child.text for child in node.content)


def attribute(node: Node, name: str) -> str:
    """Return a node's attribute when it is text, else the empty string."""
    value = node.attrs.get(name)
    return value if isinstance(value, str) else ""
