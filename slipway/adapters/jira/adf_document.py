"""Markdown, as our messages use it, as an Atlassian Document Format document."""

from __future__ import annotations

import re

from pydantic import JsonValue

Node = dict[str, JsonValue]

_INLINE = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((\S+?)\)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_BULLET = re.compile(r"^[-*] (.+)$")


def document(markdown: str) -> Node:
    """Paragraphs, headings, bullets, code blocks; bold, code and links inside."""
    content: list[JsonValue] = []
    lines = markdown.replace("\r\n", "\n").split("\n")
    position = 0
    while position < len(lines):
        node, position = _block(lines, position)
        if node is not None:
            content.append(node)
    return {"type": "doc", "version": 1, "content": content}


def _block(lines: list[str], position: int) -> tuple[Node | None, int]:
    line = lines[position]
    if not line.strip():
        return None, position + 1
    if line.startswith("```"):
        return _code(lines, position)
    if heading := _HEADING.match(line):
        attributes: Node = {"level": len(heading[1])}
        return {"type": "heading", "attrs": attributes, "content": _inline(heading[2])}, position + 1
    if _BULLET.match(line):
        return _bullets(lines, position)
    end = position
    while end < len(lines) and lines[end].strip() and not _starts_block(lines[end]):
        end += 1
    return {"type": "paragraph", "content": _inline("\n".join(lines[position:end]))}, end


def _starts_block(line: str) -> bool:
    return line.startswith("```") or bool(_HEADING.match(line) or _BULLET.match(line))


def _code(lines: list[str], position: int) -> tuple[Node, int]:
    end = position + 1
    while end < len(lines) and not lines[end].startswith("```"):
        end += 1
    language = lines[position][3:].strip()
    node: Node = {"type": "codeBlock", "attrs": {"language": language} if language else {}}
    if code := "\n".join(lines[position + 1 : end]):
        node["content"] = [{"type": "text", "text": code}]
    return node, end + 1


def _bullets(lines: list[str], position: int) -> tuple[Node, int]:
    items: list[JsonValue] = []
    while position < len(lines) and (match := _BULLET.match(lines[position])):
        paragraph: Node = {"type": "paragraph", "content": _inline(match[1])}
        items.append({"type": "listItem", "content": [paragraph]})
        position += 1
        # Our lists leave an empty line between items.
        while (
            position + 1 < len(lines) and not lines[position].strip() and _BULLET.match(lines[position + 1])
        ):
            position += 1
    return {"type": "bulletList", "content": items}, position


def _inline(text: str) -> list[JsonValue]:
    nodes: list[JsonValue] = []
    end = 0
    for match in _INLINE.finditer(text):
        nodes += _plain(text[end : match.start()])
        bold, code, label, href = match.groups()
        if bold:
            nodes.append({"type": "text", "text": bold, "marks": [{"type": "strong"}]})
        elif code:
            nodes.append({"type": "text", "text": code, "marks": [{"type": "code"}]})
        else:
            link: Node = {"type": "link", "attrs": {"href": href}}
            nodes.append({"type": "text", "text": label, "marks": [link]})
        end = match.end()
    return nodes + _plain(text[end:])


def _plain(text: str) -> list[JsonValue]:
    nodes: list[JsonValue] = []
    for i, line in enumerate(text.split("\n")):
        if i:
            nodes.append({"type": "hardBreak"})
        if line:
            nodes.append({"type": "text", "text": line})
    return nodes
