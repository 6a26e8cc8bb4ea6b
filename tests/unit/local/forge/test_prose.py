"""Markdown as GitHub shows it, and nothing of an author's HTML."""

from __future__ import annotations

import pytest

from local.forge.pages.prose import prose


def inside(text: str) -> str:
    return prose(text).removeprefix('<div class="prose">').removesuffix("</div>").strip()


@pytest.mark.parametrize(
    "text",
    [
        "Ready.\n\n<!-- slipway:task=eng-1 --><!-- slipway:delivery -->",
        "Ready. <!-- slipway:task=eng-1 -->",
        "<!-- slipway\nof two lines -->\nReady.",
        "Ready.\n\n<!-- never closed",
    ],
)
def test_comments_are_hidden(text: str) -> None:
    shown = inside(text)
    assert "Ready." in shown
    assert "slipway" not in shown
    assert "closed" not in shown


def test_a_comment_in_code_is_shown() -> None:
    assert "&lt;!-- kept --&gt;" in inside("`<!-- kept -->`")


def test_a_task_list_is_boxes_that_cannot_be_ticked() -> None:
    shown = inside("- [ ] Plan **approved**\n- [x] Tests passing\n- plain [ ] item\n- [link](https://a.test)")
    assert '<li class="task"><input type="checkbox" disabled> Plan <strong>approved</strong></li>' in shown
    assert '<li class="task"><input type="checkbox" disabled checked> Tests passing</li>' in shown
    assert "<li>plain [ ] item</li>" in shown
    assert '<li><a href="https://a.test">link</a></li>' in shown


def test_a_table_is_a_table() -> None:
    assert "<td>red</td>" in inside("| run | exit |\n| --- | --- |\n| red | 1 |")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div onclick=x>\n<script>alert(1)</script>\n</div>",
        "<!-- x --><script>alert(1)</script>",
        "<!-- x -->\n<iframe src=//evil.test></iframe>",
        "- [ ] <script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<svg/onload=alert(1)>",
        '![x](x"onerror=alert(1))',
        "<!<!-- -->-- --><script>",
    ],
)
def test_no_markup_of_the_authors_comes_through(text: str) -> None:
    shown = inside(text)
    for tag in ("<script", "<img src=x o", "<div", "<iframe", "<svg", 'href="javascript'):
        assert tag not in shown
