from __future__ import annotations

import pytest

from slipway.domain.document_paths import kind_of
from slipway.domain.knowledge import Kind
from slipway.domain.sections import Section, sections
from slipway.domain.word_vector import word_vector


def cut(text: str, *, max_characters: int = 200) -> list[Section]:
    return sections(text, max_characters=max_characters)


def test_a_section_knows_the_headings_above_it() -> None:
    text = "# Guide\n\nHello.\n\n## Set up\n\n### Linux\n\napt\n\n## Use\n\nrun\n"
    assert cut(text) == [
        Section("Guide", "Hello."),
        Section("Guide › Set up › Linux", "apt"),
        Section("Guide › Use", "run"),
    ]


def test_text_before_the_first_heading_has_none() -> None:
    assert cut("Just words.\n") == [Section("", "Just words.")]


def test_a_comment_of_code_is_no_heading() -> None:
    text = "# Run\n\n```sh\n# not a heading\nmake\n```\n\n~~~\n# nor this\n~~~\n"
    (found,) = cut(text)
    assert found.heading == "Run"
    assert "# not a heading" in found.text
    assert "# nor this" in found.text


def test_a_longer_fence_may_hold_a_shorter_one() -> None:
    (found,) = cut("# A\n\n````\n```\n# inside\n```\n````\n")
    assert "# inside" in found.text


def test_underlined_headings_nest_by_the_order_of_their_lines() -> None:
    text = "Guide\n=====\n\nHello.\n\nSet up\n------\n\napt\n\nUse\n---\n\nrun\n"
    assert cut(text) == [
        Section("Guide", "Hello."),
        Section("Guide › Set up", "apt"),
        Section("Guide › Use", "run"),
    ]


def test_a_table_and_a_rule_are_no_headings() -> None:
    text = "# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nend\n"
    assert [found.heading for found in cut(text)] == ["T"]


def test_what_only_authors_see_is_left_out() -> None:
    assert cut("# A\n\n<!-- secret\nplan -->\nshown\n") == [Section("A", "shown")]


def test_a_long_section_is_cut_between_paragraphs() -> None:
    paragraphs = [f"{letter * 80}" for letter in "abcd"]
    found = cut("# A\n\n" + "\n\n".join(paragraphs), max_characters=170)
    assert [len(each.text) <= 170 for each in found] == [True, True]
    assert [each.text.split("\n\n") for each in found] == [paragraphs[:2], paragraphs[2:]]


def test_nothing_is_lost_of_a_line_without_end() -> None:
    found = cut("# A\n\n" + "x" * 1000, max_characters=300)
    assert "".join(each.text for each in found) == "x" * 1000
    assert max(len(each.text) for each in found) == 300


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README.md", Kind.DOCUMENT),
        ("README", Kind.DOCUMENT),
        ("README.de.md", Kind.DOCUMENT),
        ("packages/core/README.rst", Kind.DOCUMENT),
        ("CONTRIBUTING.md", Kind.CONVENTION),
        (".github/CONTRIBUTING.md", Kind.CONVENTION),
        ("docs/style-guide.md", Kind.CONVENTION),
        ("docs/adr/0001-use-sqs.md", Kind.DECISION),
        ("docs/handbook.md", Kind.DOCUMENT),
        ("docs/notes.txt", Kind.DOCUMENT),
        ("CHANGELOG.md", None),
        ("src/readme.py", None),
        ("docs/conf.py", None),
        ("docs/Makefile", None),
        ("requirements.txt", None),
        ("node_modules/x/README.md", None),
        ("tests/fixtures/README.md", None),
    ],
)
def test_documents_are_told_from_everything_else(path: str, kind: Kind | None) -> None:
    assert kind_of(path) is kind


def nearness(one: str, other: str) -> float:
    return sum(
        a * b
        for a, b in zip(word_vector(one, dimensions=1024), word_vector(other, dimensions=1024), strict=True)
    )


def test_the_same_text_has_the_same_vector_of_length_one() -> None:
    assert nearness("Amounts are rounded", "Amounts are rounded") == pytest.approx(1)


def test_forms_of_a_word_are_near_and_other_words_are_not() -> None:
    assert nearness("rounding", "rounded") > 0.2
    assert abs(nearness("rounding of amounts", "queue of messages")) < 0.15


def test_names_in_code_fall_into_their_words() -> None:
    assert nearness("BasketRefused", "basket refused") == pytest.approx(1)


def test_text_without_words_still_has_a_direction() -> None:
    assert sum(word_vector("?!", dimensions=256)) == 1
