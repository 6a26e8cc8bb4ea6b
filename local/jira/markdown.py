"""Markdown read into the Atlassian Document Format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token
    from pydantic import JsonValue

    from local.double import JsonObject

_BLOCKS = {
    "paragraph_open": "paragraph",
    "bullet_list_open": "bulletList",
    "ordered_list_open": "orderedList",
    "list_item_open": "listItem",
    "blockquote_open": "blockquote",
    "table_open": "table",
    "tr_open": "tableRow",
    "th_open": "tableHeader",
    "td_open": "tableCell",
}
_MARKS = {"strong_open": "strong", "em_open": "em", "s_open": "strike"}


def to_adf(text: str) -> JsonObject:
    """Return Markdown as an ADF document; HTML in it stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    content: list[JsonValue] = []
    stack: list[list[JsonValue]] = [content]
    for token in parser.parse(text):
        _add(token, stack)
    return {"type": "doc", "version": 1, "content": content}


def _add(token: Token, stack: list[list[JsonValue]]) -> None:
    """Put one block token where the stack of open blocks says it belongs."""
    if token.type in _BLOCKS:
        _open(stack, {"type": _BLOCKS[token.type]})
    elif token.type == "heading_open":
        _open(stack, {"type": "heading", "attrs": {"level": int(token.tag[1:])}})
    elif token.nesting == -1 and token.type not in {"thead_close", "tbody_close"}:
        stack.pop()
    elif token.type == "inline":
        children = _inline(token.children or [])
        # A table cell holds blocks in ADF, while Markdown puts the text straight into it.
        in_cell = bool(stack[-2]) and _kind(stack[-2][-1]) in {"tableCell", "tableHeader"}
        stack[-1].extend([{"type": "paragraph", "content": children}] if in_cell else children)
    elif token.type in {"fence", "code_block"}:
        stack[-1].append(_code(token))
    elif token.type == "hr":
        stack[-1].append({"type": "rule"})


def _open(stack: list[list[JsonValue]], node: JsonObject) -> None:
    content: list[JsonValue] = []
    node["content"] = content
    stack[-1].append(node)
    stack.append(content)


def _code(token: Token) -> JsonObject:
    node: JsonObject = {"type": "codeBlock"}
    language = token.info.strip().split(" ")[0]
    if language:
        node["attrs"] = {"language": language}
    if token.content:
        node["content"] = [{"type": "text", "text": token.content.rstrip("\n")}]
    return node


def _inline(tokens: Sequence[Token]) -> list[JsonValue]:
    content: list[JsonValue] = []
    marks: list[JsonObject] = []
    for token in tokens:
        if token.type in _MARKS:
            marks.append({"type": _MARKS[token.type]})
        elif token.type == "link_open":
            marks.append({"type": "link", "attrs": {"href": str(token.attrGet("href") or "")}})
        elif token.nesting == -1:
            marks.pop()
        elif token.type == "hardbreak":
            content.append({"type": "hardBreak"})
        elif token.type == "softbreak":
            content.append(_text(" ", marks))
        elif token.type == "code_inline":
            content.append(_text(token.content, [*marks, {"type": "code"}]))
        elif token.content:
            content.append(_text(token.content, marks))
    return content


def _text(text: str, marks: Sequence[JsonObject]) -> JsonObject:
    node: JsonObject = {"type": "text", "text": text}
    if marks:
        node["marks"] = [dict(mark) for mark in marks]
    return node


def _kind(node: JsonValue) -> JsonValue:
    return node.get("type") if isinstance(node, dict) else None
