"""ADF written as wiki markup (webhooks, REST v2) and as Markdown (what a model reads)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from local.jira.adf import Node, attribute, code_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.double import JsonObject


def wiki_markup(value: JsonObject | None) -> str | None:
    """Return a document as the wiki markup that webhooks and REST v2 carry."""
    return None if value is None else _Wiki().render(Node.model_validate(value))


def markdown(value: JsonObject | None) -> str | None:
    """Return a document as Markdown, as the Rovo tools give it to a model."""
    return None if value is None else _Markdown().render(Node.model_validate(value))


class _Markup(ABC):
    """Walks a document block by block; the two dialects differ in their spelling only."""

    marks: ClassVar[Mapping[str, tuple[str, str]]]

    def render(self, node: Node) -> str:
        return "\n\n".join(self.blocks(node.content)).strip("\n")

    def blocks(self, nodes: Sequence[Node]) -> list[str]:
        return [self.block(node) for node in nodes]

    def block(self, node: Node) -> str:
        match node.type:
            case "heading":
                level = node.attrs.get("level")
                return self.heading(self.inline(node), level if isinstance(level, int) else 1)
            case "codeBlock":
                return self.code(code_text(node), attribute(node, "language"))
            case "bulletList" | "orderedList":
                return "\n".join(self.items(node, ()))
            case "blockquote" | "panel":
                return self.quote("\n\n".join(self.blocks(node.content)))
            case "rule":
                return "----"
            case "table":
                return "\n".join(self.row(row, first=index == 0) for index, row in enumerate(node.content))
            case _:
                return self.inline(node)

    def inline(self, node: Node) -> str:
        if node.type == "text":
            return self.marked(node)
        if node.type == "hardBreak":
            return "\n"
        if node.type in {"mention", "emoji", "inlineCard"}:
            return attribute(node, "text") or attribute(node, "url")
        return "".join(self.inline(child) for child in node.content)

    def marked(self, node: Node) -> str:
        text = node.text
        for mark in node.marks:
            if mark.type == "link":
                href = mark.attrs.get("href")
                text = self.link(text, href if isinstance(href, str) else "")
            elif mark.type in self.marks:
                before, after = self.marks[mark.type]
                text = f"{before}{text}{after}"
        return text

    def items(self, node: Node, outer: tuple[str, ...]) -> list[str]:
        kinds = (*outer, node.type)
        lines: list[str] = []
        for number, item in enumerate(node.content, start=1):
            first, *rest = item.content or [Node(type="paragraph")]
            lines.append(f"{self.item_prefix(kinds, number)} {self.inline(first)}")
            for child in rest:
                if child.type in {"bulletList", "orderedList"}:
                    lines.extend(self.items(child, kinds))
                else:
                    lines.append(self.block(child))
        return lines

    @abstractmethod
    def item_prefix(self, kinds: tuple[str, ...], number: int) -> str:
        """Return what stands before the text of a list item."""

    def heading(self, text: str, level: int) -> str:
        return f"{'#' * level} {text}"

    def code(self, text: str, language: str) -> str:
        return f"```{language}\n{text}\n```"

    def quote(self, text: str) -> str:
        return "\n".join(f"> {line}" for line in text.split("\n"))

    def link(self, text: str, href: str) -> str:
        return f"[{text}]({href})"

    def row(self, node: Node, *, first: bool) -> str:
        cells = " | ".join(self.inline(cell) for cell in node.content)
        line = f"| {cells} |"
        return f"{line}\n|{' --- |' * len(node.content)}" if first else line


class _Markdown(_Markup):
    marks: ClassVar[Mapping[str, tuple[str, str]]] = {
        "strong": ("**", "**"),
        "em": ("*", "*"),
        "code": ("`", "`"),
        "strike": ("~~", "~~"),
    }

    def item_prefix(self, kinds: tuple[str, ...], number: int) -> str:
        indent = "".join("   " if kind == "orderedList" else "  " for kind in kinds[:-1])
        return f"{indent}{f'{number}.' if kinds[-1] == 'orderedList' else '-'}"


class _Wiki(_Markup):
    marks: ClassVar[Mapping[str, tuple[str, str]]] = {
        "strong": ("*", "*"),
        "em": ("_", "_"),
        "code": ("{{", "}}"),
        "strike": ("-", "-"),
    }

    def item_prefix(self, kinds: tuple[str, ...], number: int) -> str:  # noqa: ARG002
        return "".join("#" if kind == "orderedList" else "*" for kind in kinds)

    def heading(self, text: str, level: int) -> str:
        return f"h{level}. {text}"

    def code(self, text: str, language: str) -> str:
        opening = f"{{code:{language}}}" if language else "{noformat}"
        return f"{opening}\n{text}\n{'{code}' if language else '{noformat}'}"

    def quote(self, text: str) -> str:
        return f"{{quote}}\n{text}\n{{quote}}"

    def link(self, text: str, href: str) -> str:
        return f"[{text}|{href}]"

    def row(self, node: Node, *, first: bool) -> str:
        bar = "||" if first else "|"
        return bar + bar.join(self.inline(cell) for cell in node.content) + bar
