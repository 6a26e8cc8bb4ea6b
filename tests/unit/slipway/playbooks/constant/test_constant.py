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
    "a product with a name of its own module, in the ticket's unit": (
        {
            "src/mail/sizes.py": "KB = 1024\nMB = KB * 1024\n\nMAX_ATTACHMENT_BYTES = 2 * MB\nMAX_PICTURE_BYTES = 2 * MB\n",
            "src/mail/__init__.py": "",
            "tests/test_sizes.py": "from mail import sizes\n\n\ndef test_sizes():\n    assert sizes.MAX_ATTACHMENT_BYTES == 2097152\n    assert sizes.MAX_PICTURE_BYTES == 2097152\n",
        },
        ticket("Bigger attachments", "Raise `MAX_ATTACHMENT_BYTES` from 2 MB to 10 MB; pictures stay at 2 MB."),
        ("src/mail/sizes.py", "MAX_ATTACHMENT_BYTES = 10 * MB\nMAX_PICTURE_BYTES = 2 * MB\n"),
    ),
    "an option with its help text": (
        {
            "tool/cli.py": 'import argparse\n\n\ndef parser():\n    found = argparse.ArgumentParser()\n    found.add_argument("--depth", type=int, default=3, help="levels, defaults to 3")\n    found.add_argument("--tries", type=int, default=3, help="tries, defaults to 3")\n    return found\n',
            "tool/__init__.py": "",
            "tests/test_cli.py": "from tool.cli import parser\n\n\ndef test_depth():\n    given = parser().parse_args([])\n    assert f'{given.depth} levels' == '3 levels'\n    assert given.tries == 3\n",
        },
        ticket("tool: look deeper", "The default of `--depth` should be 6, it is 3. Don't touch the tries."),
        ("tool/cli.py", 'default=6, help="levels, defaults to 6"'),
    ),
    "a field of the class that the sentence names": (
        {
            "src/db/pools.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Reader:\n    idle_limit: float = 90.0\n\n\n@dataclass\nclass Writer:\n    idle_limit: float = 90.0\n    lease: float = 90.0\n",
            "src/db/__init__.py": "",
            "README.md": "| option | value |\n|---|---|\n| `idle_limit` | 90 s |\n| `lease` | 90 s |\n",
            "tests/test_pools.py": "from db.pools import Reader, Writer\n\n\ndef test_reader():\n    assert Reader().idle_limit == 90.0\n\n\ndef test_writer():\n    writer = Writer()\n    assert writer.lease == 90.0\n    assert writer.idle_limit == 90.0\n",
        },
        ticket("Writers are closed too early", "Please set `idle_limit` of `Writer` from 90 to 240. `Reader` is fine as it is."),
        ("src/db/pools.py", "class Writer:\n    idle_limit: float = 240.0\n    lease: float = 90.0\n"),
    ),
    "a limit whose neighbours tests try, with its comment": (
        {
            "src/gate/rules.py": 'RULES = {\n    "guest": {"wait": 600},\n    "member": {\n        "wait": 600,  # 10 minutes\n    },\n}\n',
            "src/gate/__init__.py": "",
            "src/gate/door.py": 'from gate.rules import RULES\n\n\ndef is_open(kind, waited):\n    return waited >= RULES[kind]["wait"]\n',
            "tests/test_door.py": "from gate.door import is_open\n\n\ndef test_member_rules():\n    assert is_open('member', 599) is False\n    assert is_open('member', 600)\n    assert not is_open('member', 100)\n\n\ndef test_guest_rules():\n    assert is_open('guest', 600)\n",
        },
        ticket("Members wait too long", 'Change `RULES["member"]["wait"]` from 10 minutes to 5 minutes, i.e. 300.'),
        ("src/gate/rules.py", '"wait": 300,  # 5 minutes'),
    ),
    "a value that other expectations follow from": (
        {
            "src/trip/limits.py": "SEATS = 20\nBIKES = 20\n",
            "src/trip/__init__.py": "",
            "src/trip/plan.py": "import math\n\nfrom trip import limits\n\n\ndef coaches(people):\n    return math.ceil(people / limits.SEATS)\n\n\ndef left(people):\n    return coaches(people) * limits.SEATS - people\n",
            "tests/test_plan.py": "from trip.plan import coaches\n\n\ndef test_coaches():\n    assert coaches(100) == 5\n    assert coaches(1) == 1\n",
        },
        ticket("Bigger coaches", "Our coaches have 50 seats now, so `SEATS` in `trip/limits.py` should be 50 instead of 20."),
        ("src/trip/limits.py", "SEATS = 50\nBIKES = 20"),
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


def test_tests_of_equal_values_stay(tmp_path: Path) -> None:
    files, asked, _ = CASES["a field of the class that the sentence names"]
    workshop = Workshop(tmp_path, {REPOSITORY: tree(files)})
    workshop.solve(ConstantPlaybook(), asked)
    after = workshop.trees[REPOSITORY]
    assert "Reader().idle_limit == 90.0" in after["tests/test_pools.py"]
    assert "writer.lease == 90.0" in after["tests/test_pools.py"]
    assert "writer.idle_limit == 240.0" in after["tests/test_pools.py"]
    assert "| `idle_limit` | 240 s |\n| `lease` | 90 s |" in after["README.md"]


def test_the_neighbours_of_a_limit_move_with_it(tmp_path: Path) -> None:
    files, asked, _ = CASES["a limit whose neighbours tests try, with its comment"]
    workshop = Workshop(tmp_path, {REPOSITORY: tree(files)})
    workshop.solve(ConstantPlaybook(), asked)
    text = workshop.trees[REPOSITORY]["tests/test_door.py"]
    assert "is_open('member', 299) is False" in text
    assert "is_open('guest', 600)" in text


def test_an_expectation_that_arithmetic_does_not_explain_is_for_a_person(tmp_path: Path) -> None:
    files = tree(
        {
            "mix.py": "SPREAD = 20\n\n\ndef mixed(x):\n    return (x * 7919 + SPREAD * SPREAD) % 1009\n",
            "tests/test_mix.py": "from mix import mixed\n\n\ndef test_mixed():\n    assert mixed(3) == 950\n",
        }
    )
    workshop = Workshop(tmp_path, {REPOSITORY: files})
    with pytest.raises(NeedsHuman, match="test_mixed"):
        workshop.solve(ConstantPlaybook(), ticket("Change SPREAD from 20 to 50"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Change `A_B` from 5 to 9. `C_D` stays at 5.", ("C_D",)),
        ("Change `A_B` from 5 to 9. Please leave `C_D` alone, and `E_F` too.", ("C_D", "E_F")),
        ("We keep hitting `A_B`. It should be 9 instead of 5.", ()),
        ("`A_B` stays too small for us. It should be 9 instead of 5.", ()),
    ],
)
def test_what_is_to_stay_is_read(said: str, kept: tuple[str, ...]) -> None:
    claim = ConstantPlaybook().recognise(ticket("Limits", said))
    assert claim is not None
    assert claim.kept == kept


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
