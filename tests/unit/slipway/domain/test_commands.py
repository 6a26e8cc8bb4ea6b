"""The words people give us, on every channel the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.domain.intake.commands import (
    ARGUMENT_LIMIT,
    DECIDING,
    VERBS,
    Words,
    comment_command,
    comment_id,
    parse,
    split_task,
)

VERB = st.sampled_from(VERBS)
CALL = st.sampled_from(["@agent", "/agent", "@slipway", "/slipway", "@Agent", "@slipway[bot]", "@agent,"])
PROSE = st.text(st.characters(codec="utf-8", exclude_characters="@/`<~"), max_size=60).filter(
    lambda text: not text.lstrip().startswith(("On", "-", "_"))
)


@pytest.mark.parametrize("line", ["", "   ", "@agent", "/slipway "])
def test_our_name_alone_is_a_call_for_help(line: str) -> None:
    assert parse(line) == Words(verb="help")


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("aprove", "approve"),
        ("Stauts", "status"),
        ("cancel", "stop"),
        ("approve?", "approve"),
        ("log", "logs"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_command(line: str, nearest: str) -> None:
    words = parse(line)
    assert words.verb == "help"
    assert f"did you mean `{nearest}`? Nothing was done" in words.problem


def test_a_word_like_none_of_ours_is_answered_with_all_of_them() -> None:
    assert "`approve [task]`" in parse("please approve").problem


@pytest.mark.parametrize(
    "body",
    [
        "thanks @agent approve",
        "> @agent approve",
        ">@agent approve\n\nno",
        "```\n@agent approve\n```",
        "~~~text\n@agent approve",
        "````\n```\n@agent approve\n````",
        "    @agent approve",
        "\t/agent approve",
        "`@agent approve`",
        "<!-- @agent approve -->",
        "<!-- @agent approve",
        "<pre>\n@agent approve\n</pre>",
        "<blockquote>\n\n@agent approve\n\n</blockquote>",
        "No.\n\nOn Mon, 4 May 2026 at 10:00, Bob <bob@acme.example> wrote:\n@agent approve",
        "No.\n-----Original Message-----\n@agent approve",
        "- @agent approve",
        "@agents approve",
        "@agent's approve",
        "@agent-smith approve",
        "@agent/team approve",
        "/agent/approve",
        "/slipway.yml approve",
        "**@agent approve**",
        "",
    ],
)
def test_what_is_quoted_shown_hidden_or_said_to_others_is_no_command(body: str) -> None:
    assert comment_command(body) is None


@pytest.mark.parametrize(
    ("body", "verb", "argument"),
    [
        ("/slipway Stop now\nplease", "stop", "now"),
        ("@agent: approve!", "approve", ""),
        ("Looks fine.\n\n@agent approve", "approve", ""),
        ("> is it right?\n\n/agent approve", "approve", ""),
        ("@agent @slipway retry", "retry", ""),
        ("@agent retry\r\n@slipway retry", "retry", ""),
        ("@agent reject wrong place\n\nIt is `b.py`.", "reject", "wrong place\n\nIt is `b.py`."),
        ("@agent revise\n```py\nx = 1\n```", "revise", "```py\nx = 1\n```"),
        ("@agent logs 5", "logs", "5"),
        ("<pre>\nx\n</pre>\n@agent list", "list", ""),
    ],
)
def test_a_line_that_starts_with_our_name_is_a_command(body: str, verb: str, argument: str) -> None:
    assert comment_command(body) == Words(verb=verb, argument=argument)


def test_two_different_commands_in_one_comment_are_both_left_undone() -> None:
    words = comment_command("@agent approve\n@agent stop")
    assert words is not None
    assert words.verb == "help"
    assert "(`approve`, `stop`)" in words.problem


@pytest.mark.parametrize("line", ["@agent ap\u200bprove", "@age\u00adnt approve", "\u202e@agent approve"])
def test_a_command_that_is_not_what_it_looks_like_is_left_undone(line: str) -> None:
    words = comment_command(line)
    assert words is not None
    assert words.verb == "help"
    assert "cannot be seen" in words.problem


def test_signs_that_are_made_of_several_characters_may_follow() -> None:
    words = comment_command("@agent approve 👩\u200d💻")
    assert words is not None
    assert words.verb == "approve"


def test_words_without_end_are_left_undone() -> None:
    assert "4000 are allowed" in parse("revise " + "x" * (ARGUMENT_LIMIT + 1)).problem


@pytest.mark.parametrize(
    ("argument", "task", "rest"),
    [
        ("ENG-12 too big", "ENG-12", "too big"),
        ("eng-12-1a2b3c4d", "eng-12-1a2b3c4d", ""),
        ("too big", "", "too big"),
        ("utf-8 breaks", "", "utf-8 breaks"),
        ("A" * 3000 + "-1", "", "A" * 3000 + "-1"),
        ("", "", ""),
    ],
)
def test_a_task_is_told_apart_from_a_reason(argument: str, task: str, rest: str) -> None:
    assert split_task(argument) == (task, rest)


@given(body=st.text(max_size=300))
def test_any_text_is_read_without_an_error(body: str) -> None:
    words = comment_command(body)
    assert words is None or words.verb in VERBS
    assert parse(body).verb in VERBS


@given(call=CALL, verb=VERB, before=PROSE, after=PROSE)
def test_a_command_is_found_between_other_words(call: str, verb: str, before: str, after: str) -> None:
    words = comment_command(f"{before}\n\n{call} {verb}\n\n{after}")
    assert words is not None
    assert (words.verb, words.problem) == (verb, "")


@given(call=CALL, verb=VERB, before=PROSE)
def test_nothing_that_is_quoted_or_shown_as_code_is_a_command(call: str, verb: str, before: str) -> None:
    said = f"{before}\n{call} {verb}".replace("\r", "\n")
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    assert comment_command(quoted) is None
    assert comment_command(f"```\n{said}\n```") is None
    assert comment_command(f"<!--{said}-->") is None


@given(body=st.text(max_size=200), verb=st.sampled_from(DECIDING))
def test_only_a_line_with_our_name_decides(body: str, verb: str) -> None:
    words = comment_command(f"{body} {verb}".replace("@", "").replace("/", ""))
    assert words is None


def test_a_comment_decides_under_one_id_and_reads_under_another() -> None:
    approve, stop = (comment_id("issue_comment", "7", Words(verb=verb)) for verb in ("approve", "stop"))
    assert approve == stop == "issue_comment:7"
    status = comment_id("issue_comment", "7", Words(verb="status"))
    typo = comment_id("issue_comment", "7", Words(verb="help", problem="aprove is not a command"))
    assert len({approve, status, typo}) == 3
