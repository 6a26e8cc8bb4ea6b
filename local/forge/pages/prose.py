"""What people write, shown as GitHub shows it: comments hidden, task lists as boxes, HTML as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TASK = re.compile(r"\[([ xX])\]\s+")
_BOX = "task_box"


def prose(text: str) -> str:
    """Markdown as safe HTML; links go to the web only, and no tag of the author's comes through."""
    return f'<div class="prose">{_reader().render(text)}</div>'


def _reader() -> MarkdownIt:
    # HTML is parsed so that comments are found where HTML has them, and then it is escaped.
    reader = MarkdownIt("js-default", {"html": True, "linkify": False})
    reader.core.ruler.push("task_lists", _task_lists)
    reader.add_render_rule("html_block", _html_block)
    reader.add_render_rule("html_inline", _html_inline)
    reader.add_render_rule(_BOX, _box)
    return reader


def _task_lists(state: StateCore) -> None:
    for item, inline in _first_lines(state.tokens):
        words = inline.children or []
        if words and words[0].type == "text" and (task := _TASK.match(words[0].content)):
            words[0].content = words[0].content[task.end() :]
            words.insert(0, Token(_BOX, "input", 0, meta={"ticked": task[1] != " "}))
            item.attrSet("class", "task")


def _first_lines(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) == ("list_item_open", "paragraph_open", "inline"):
            yield item, inline


_Environment = MutableMapping[str, object]


def _box(
    _: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Environment
) -> str:
    return f'<input type="checkbox" disabled{" checked" if tokens[index].meta["ticked"] else ""}> '


def _html_inline(
    _: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Environment
) -> str:
    return escape(_COMMENT.sub("", tokens[index].content))


def _html_block(
    _: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Environment
) -> str:
    left = _COMMENT.sub("", tokens[index].content).strip()
    return f"<p>{escape(left)}</p>\n" if left else ""
