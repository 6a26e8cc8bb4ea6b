# ruff: noqa: E501  (sources and tickets are easier to read on one line)
"""Values and messages that a ticket wants changed, in repositories of many shapes, proven for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.constant import ConstantPlaybook
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, discovery, ticket, tree

CASES = {
    "a module's constant by its name": (
        {"src/app/net.py": "MAX_RETRIES = 3\n\n\ndef tries():\n    return MAX_RETRIES\n", "src/app/__init__.py": ""},
        ticket("Increase MAX_RETRIES from 3 to 5"),
        ("src/app/net.py", "MAX_RETRIES = 5"),
    ),
    "a described constant with its unit": (
        {
            "app/client.py": "# How long to wait for an answer, in seconds.\nREQUEST_TIMEOUT = 10.0\nPOOL_SIZE = 10\n",
            "app/__init__.py": "",
            "tests/test_client.py": "from app import client\n\n\ndef test_it():\n    assert client.REQUEST_TIMEOUT == 10.0\n",
        },
        ticket("Requests give up too early", "The request timeout should be 30 seconds instead of 10 seconds."),
        ("app/client.py", "REQUEST_TIMEOUT = 30.0"),
    ),
    "a default parameter": (
        {
            "pages.py": "def pages(items, *, page_size=20):\n    return [items[i:i + page_size] for i in range(0, len(items), page_size)]\n",
            "test_pages.py": "from pages import pages\n\n\ndef test_pages():\n    assert len(pages(list(range(40)))) == 2\n",
        },
        ticket("Bigger pages", "The default page size of `pages` should be 25, currently 20."),
        ("pages.py", "page_size=25"),
    ),
    "an entry of a dictionary": (
        {"conf.py": 'SETTINGS = {"retries": 2, "cache": {"ttl": 60, "size": 60}}\n', "tests/test_x.py": "def test_x():\n    assert True\n"},
        ticket("Cache longer", "Please raise the cache `ttl` from 60 to 120."),
        ("conf.py", '"ttl": 120'),
    ),
    "a message inside a function": (
        {
            "shop/cart.py": 'def check(n):\n    if n > 3:\n        raise ValueError(f"To many items: {n}")\n',
            "shop/__init__.py": "",
            "tests/test_cart.py": 'import pytest\nfrom shop.cart import check\n\n\ndef test_many():\n    with pytest.raises(ValueError, match="To many items: 4"):\n        check(4)\n',
        },
        ticket("Typo", 'The error should say "Too many items" instead of "To many items".'),
        ("shop/cart.py", "Too many items: {n}"),
    ),
    "a message without a test": (
        {"hello.py": "def main():\n    print('Welcome to teh shop')\n", "README.md": "x\n"},
        ticket("Fix typo in greeting", 'Change "Welcome to teh shop" to "Welcome to the shop".'),
        ("hello.py", "'Welcome to the shop'"),
    ),
    "a field of a dataclass": (
        {
            "src/jobs/model.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Job:\n    name: str\n    priority: int = 5\n",
            "src/jobs/__init__.py": "",
            "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\n',
        },
        ticket("Jobs start lower", "The default `priority` of `Job` should be 3."),
        ("src/jobs/model.py", "priority: int = 3"),
    ),
    "a product of factors": (
        {"upload.py": "MAX_UPLOAD = 10 * 1024 * 1024\n", "tests/test_u.py": "import upload\n\n\ndef test_u():\n    assert upload.MAX_UPLOAD\n"},
        ticket("Bigger uploads", "Raise `MAX_UPLOAD` from 10 MB to 25 MB."),
        ("upload.py", "MAX_UPLOAD = 25 * 1024 * 1024"),
    ),
    "milliseconds in the code, seconds in the ticket": (
        {"poll.py": "POLL_INTERVAL_MS = 500\n", "tests/test_p.py": "import poll\n\n\ndef test_p():\n    assert poll.POLL_INTERVAL_MS == 500\n"},
        ticket("Poll less often", "Change `POLL_INTERVAL_MS` to 2 seconds."),
        ("poll.py", "POLL_INTERVAL_MS = 2000"),
    ),
    "a decimal and a share in percent": (
        {"vat.py": 'from decimal import Decimal\n\nVAT_RATE = Decimal("0.19")\nOTHER = Decimal("0.19")\n', "tests/test_v.py": "def test_v():\n    assert 1\n"},
        ticket("New VAT", "The VAT rate goes up: change `VAT_RATE` from 0.19 to 0.21."),
        ("vat.py", 'VAT_RATE = Decimal("0.21")\nOTHER = Decimal("0.19")'),
    ),
    "a switch": (
        {"flags.py": "STRICT_MODE = False\nDEBUG = False\n", "tests/test_f.py": "import flags\n\n\ndef test_f():\n    assert flags.DEBUG is False\n"},
        ticket("Be strict", "`STRICT_MODE` should be True by default."),
        ("flags.py", "STRICT_MODE = True\nDEBUG = False"),
    ),
    "a setting of a configuration file": (
        {"config/app.yml": "server:\n  port: 8080\n  workers: 4\n", "app.py": "x = 1\n"},
        ticket("More workers", "Set `workers` from 4 to 8 in config/app.yml."),
        ("config/app.yml", "workers: 8"),
    ),
    "an arrow, and a class with unittest": (
        {
            "limits.py": "class Limits:\n    max_users = 100\n    max_groups = 100\n",
            "tests/test_limits.py": "import unittest\nfrom limits import Limits\n\n\nclass LimitsTest(unittest.TestCase):\n    def test_users(self):\n        self.assertEqual(Limits.max_users, 100)\n",
        },
        ticket("Limits.max_users: 100 → 250", "The limit for users must change; groups stay."),
        ("limits.py", "max_users = 250\n    max_groups = 100"),
    ),
    "behaviour that a test pins down": (
        {
            "src/lib/text.py": 'MAX_LENGTH = 8\n\n\ndef cut(text):\n    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "…"\n',
            "src/lib/__init__.py": "",
            "tests/test_text.py": 'from lib.text import cut\n\n\ndef test_cut():\n    assert len(cut("x" * 50)) - 1 == 8\n',
        },
        ticket("Longer titles", "Please raise MAX_LENGTH from 8 to 12."),
        ("src/lib/text.py", "MAX_LENGTH = 12"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_value_is_changed_where_it_is_written(name: str, tmp_path: Path) -> None:
    files, asked, (path, expected) = CASES[name]
    before = tree(files)
    workshop = Workshop(tmp_path, {REPOSITORY: dict(before)})
    (item,) = workshop.solve(ConstantPlaybook(), asked)
    assert expected in (item.changes[path] or "")
    changed = set((item.changes[path] or "").splitlines()) - set(before[path].splitlines())
    assert len(changed) == 1


def test_a_switch_of_text_between_quoted_words(tmp_path: Path) -> None:
    files = tree(
        {"log.py": 'DEFAULT_LEVEL = "INFO"\nFORMAT = "INFO"\n', "tests/test_l.py": "def test(): ...\n"}
    )
    workshop = Workshop(tmp_path, {REPOSITORY: files})
    (item,) = workshop.solve(ConstantPlaybook(), ticket("Change the default level from `INFO` to `WARNING`"))
    assert item.changes["log.py"] == 'DEFAULT_LEVEL = "WARNING"\nFORMAT = "INFO"\n'


def refusal(asked: Ticket, files: dict[str, str]) -> str:
    playbook = ConstantPlaybook()
    claim = playbook.recognise(asked)
    assert claim is not None
    trees = {REPOSITORY: tree(files)}
    with pytest.raises(NeedsHuman) as refused:
        playbook.draft(claim, ticket=asked, discovery=discovery(asked, trees), trees=trees)
    return str(refused.value)


def test_two_places_that_fit_are_listed() -> None:
    files = {"a.py": "TIMEOUT = 5\n", "b.py": "TIMEOUT = 5\n"}
    message = refusal(ticket("Change TIMEOUT from 5 to 9"), files)
    assert "TIMEOUT = 5 (a.py)" in message
    assert "TIMEOUT = 5 (b.py)" in message


def test_a_wrong_old_value_is_not_changed() -> None:
    message = refusal(ticket("Change TIMEOUT from 7 to 9"), {"a.py": "TIMEOUT = 5\n"})
    assert "TIMEOUT = 5 (a.py)" in message


def test_a_protected_file_is_for_a_person() -> None:
    files = {"a.py": "TIMEOUT = 5\n", ".slipway.yml": "version: 1\nprotected: [a.py]\n"}
    assert "protected" in refusal(ticket("Change TIMEOUT from 5 to 9"), files)


@pytest.mark.parametrize(
    "asked",
    [
        ticket("Make ordering more delightful", "It would be great if it felt modern."),
        ticket("Add an option to limit the pages to 10", "A new flag `--pages`."),
        ticket("Rename `foo` to `bar`"),
        ticket("It crashes", '```\nTraceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1\n```\nIt should be 3.'),
        ticket("Update click from 8.1.7 to 8.5.1"),
    ],
    ids=lambda asked: asked.summary,
)  # fmt: skip
def test_other_tickets_are_left_to_others(asked: Ticket) -> None:
    assert ConstantPlaybook().recognise(asked) is None
