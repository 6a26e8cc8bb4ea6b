# ruff: noqa: E501  (tickets are easier to read on one line)
"""The many ways in which people ask for another name."""

from __future__ import annotations

import pytest

from slipway.playbooks.rename.claim import read
from tests.unit.slipway.playbooks.workshop import ticket


@pytest.mark.parametrize(
    ("summary", "description", "expected"),
    [
        ("Naming", "`count_pallets` in `wms.stock` should go by the name `count_skids`.", [("count_pallets", "count_skids")]),
        ("Rename class Mngr", "It's called `Mngr` since 2014. Please name it `Manager`.", [("Mngr", "Manager")]),
        ("Basket.sum -> Basket.total", "The builtin has that name too.", [("sum", "total")]),
        ("resize(): unreadable", "Could we have `size` in place of `sz` for the argument of `resize`?", [("sz", "size")]),
        ("A helper", "The helper `norm()` (in text_tools.py) should be called `tidy` from now on.", [("norm", "tidy")]),
        ("Exceptions", "Names of exceptions end in Error. So `BadInput` needs to become `BadInputError`.", [("BadInput", "BadInputError")]),
        ("Order", "The dataclass field `amt` on `Order` ought to be named `amount`.", [("amt", "amount")]),
        ("Snake case", "`getUser` and `setUser` in users.py are the last ones: rename them to `get_user` and `set_user`.", [("getUser", "get_user"), ("setUser", "set_user")]),
        ("Naming", "`Printer.go` starts a job. I want it to be `Printer.start_job`.", [("go", "start_job")]),
        ("Typo", "`recieve_mail` must of course be spelled `receive_mail`.", [("recieve_mail", "receive_mail")]),
        ("Verbs", "We use `load` elsewhere, only `Repo.fetch` is different. Rename to `Repo.load`.", [("fetch", "load")]),
        ("Domain", "Use `Consignment` instead of `Shipment` as the name of the class.", [("Shipment", "Consignment")]),
        ("Status", "In the enum `Status` the member `CANCELED` should be named `CANCELLED`.", [("CANCELED", "CANCELLED")]),
        ("MAX", "`MAX` in `limits.py` says nothing. How about calling it `MAX_UPLOAD_MB`?", [("MAX", "MAX_UPLOAD_MB")]),
    ],
)  # fmt: skip
def test_a_wish_for_another_name_is_read(
    summary: str, description: str, expected: list[tuple[str, str]]
) -> None:
    claim = read(ticket(summary, description))
    assert claim is not None
    assert [(each.old, each.new) for each in claim.renamings] == expected


@pytest.mark.parametrize(
    ("summary", "description"),
    [
        ("A better name for `process_data`", "Something that tells what it does."),
        ("Default mode", "`DEFAULT_MODE` should become `fast` instead of `safe`."),
        ("Calls", "`close()` should be called once."),
        ("Result", "The function should return `width` instead of `height`."),
        ("Leave it", "Don't rename `one_name` to `other_name`."),
    ],
)
def test_what_asks_for_no_other_name_is_not_read_as_such(summary: str, description: str) -> None:
    assert read(ticket(summary, description)) is None


@pytest.mark.parametrize(
    ("said", "keeps"),
    [
        ("Positional arguments stay, so positional calls keep working.", False),
        ("No deprecation shim, please.", False),
        ("We do not need to support the old spelling.", False),
        ("An alias is not needed.", False),
        ("The old name can go straight away, no deprecation period.", False),
        ("Notebooks use the old name, so it has to keep working for a release.", True),
        ("The old name must still work.", True),
    ],
)
def test_only_a_wish_for_the_old_name_keeps_it(said: str, keeps: bool) -> None:
    claim = read(ticket("Rename `a_b` to `c_d`", said))
    assert claim is not None
    assert claim.keeps_alias is keeps


def test_a_phrase_within_a_phrase_names_the_owner() -> None:
    claim = read(ticket("Sizes", "Could we have `size` in place of `sz` for the argument of `resize`?"))
    assert claim is not None
    assert claim.renamings[0].owner == "resize"
