import pytest

from local.jira import adf, markdown, markup

TEXT = """## Plan

Change **one** constant, *not* two; see [the docs](https://example.com/a) and `LIMIT`.

- first
- second
  - nested

1. one
2. two

```python
raise ValueError("<b>")
```

> quoted

| file | why |
| --- | --- |
| a.py | it is wrong |"""


def test_markdown_survives_the_way_into_a_document_and_back() -> None:
    assert markup.markdown(markdown.to_adf(TEXT)) == TEXT


def test_a_document_is_written_as_wiki_markup() -> None:
    wiki = markup.wiki_markup(markdown.to_adf(TEXT))
    assert wiki is not None
    assert "h2. Plan" in wiki
    assert "*one*" in wiki
    assert "[the docs|https://example.com/a]" in wiki
    assert "* second\n** nested" in wiki
    assert '{code:python}\nraise ValueError("<b>")\n{code}' in wiki
    assert "||file||why||" in wiki


def test_a_document_is_shown_as_escaped_html() -> None:
    html = adf.html(markdown.to_adf(TEXT))
    assert "<strong>one</strong>" in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=y>", "a & b"])
def test_html_in_markdown_stays_text(text: str) -> None:
    assert adf.plain_text(markdown.to_adf(text)) == text


def test_a_plain_document_has_one_paragraph_per_line() -> None:
    assert adf.plain_text(adf.document(["one", "", "two"])) == "one\n\ntwo"


def test_no_document_is_no_text() -> None:
    assert markup.wiki_markup(None) is None
    assert adf.plain_text(None) == ""
