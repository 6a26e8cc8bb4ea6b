"""A ticket file of the user's is read, or refused with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.sample_org import TicketFile, load_ticket


def written(folder: Path, text: str) -> Path:
    path = folder / "ticket.yml"
    path.write_text(text)
    return path


def test_a_summary_is_enough(tmp_path: Path) -> None:
    assert load_ticket(written(tmp_path, "summary: It breaks\n")) == TicketFile(summary="It breaks")


def test_every_field_is_read(tmp_path: Path) -> None:
    ticket = load_ticket(
        written(
            tmp_path,
            "summary: A\ndescription: B\nlabels: [AI, shop]\npriority: High\n"
            "attachments: [{name: a.diff, content: x}]\n",
        )
    )
    assert (ticket.labels, str(ticket.priority), ticket.files) == (("AI", "shop"), "High", {"a.diff": "x"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must hold `summary:`"),
        ("- a\n", "must hold `summary:`"),
        ("description: x\n", "summary: Field required"),
        ("summary: ''\n", "summary: String should have at least 1 character"),
        ("summary: x\ntitle: y\n", "unknown field title; there are summary, description"),
        ("summary: x\npriority: Urgent\n", "priority: Input should be 'Critical', 'High'"),
        ("summary: x\nattachments: [{name: a}]\n", r"attachments\.0\.content: Field required"),
        (
            "summary: x\nattachments: [{name: ../a, content: x}]\n",
            r"attachments\.0\.name: String should match",
        ),
        ("summary: [\n", "not valid YAML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        load_ticket(written(tmp_path, text))
    assert str(tmp_path / "ticket.yml") in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        load_ticket(tmp_path / "ticket.yml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ticket.yml"
    path.write_bytes(b"summary: \xff\xfe")
    with pytest.raises(ValueError, match="not UTF-8"):
        load_ticket(path)
