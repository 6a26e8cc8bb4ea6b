"""GitHub's search language."""

from __future__ import annotations

from local.forge.search_query import Term, parse_query


def test_words_phrases_and_qualifiers_are_told_apart() -> None:
    query = parse_query('discount "apply rate" repo:acme/pricing language:python path:"src/a b"')
    assert query.terms == [Term("discount"), Term("apply rate")]
    assert query.qualifiers == {"repo": ["acme/pricing"], "language": ["python"], "path": ["src/a b"]}


def test_a_colon_that_is_no_qualifier_is_part_of_the_word() -> None:
    assert parse_query("std:vector").terms == [Term("std:vector")]


def test_minus_and_not_exclude() -> None:
    query = parse_query("rate -legacy NOT test -path:docs")
    assert query.terms == [Term("rate")]
    assert query.unwanted == [Term("legacy"), Term("test")]
    assert query.without == {"path": ["docs"]}


def test_or_makes_one_of_the_words_enough() -> None:
    query = parse_query("(rate OR fee)")
    assert query.is_any
    assert query.terms == [Term("rate"), Term("fee")]


def test_slashes_hold_a_regular_expression() -> None:
    assert parse_query(r"/def \w+_rate/").terms == [Term(r"def \w+_rate", is_pattern=True)]
