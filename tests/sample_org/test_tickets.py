"""What the sample tickets say is true of the sample repositories."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from local import sample_org
from tests.sample_org.checkout import REPOSITORIES, Checkout, files_of

TICKETS = {name: sample_org.load_ticket(path) for name, path in sample_org.tickets().items()}
REQUEST = '10.0.0.1 - - [01/Mar/2024:10:00:01 +0000] "GET /shop HTTP/1.1"'
RECEIPT = """
from datetime import date
from orders.checkout import place_order
from orders.models import Customer
from orders.receipts import render_receipt
from pricing import Catalog, Item, Money
catalog = Catalog([Item("BOLT-8", "Bolt M8", Money.of("0.35"))])
ada = Customer("Ada")
order = place_order({"BOLT-8": 5}, customer=ada, catalog=catalog, number="1", today=date(2024, 3, 1))
render_receipt(order)
"""
GREETING = """
from notices.messages import compose
from notices.recipients import Recipient
compose("Order\\nIt is on its way.", {}, recipient=Recipient("Marta", "m@example.com", locale="pl"))
"""
# Ticket to the repository, the files and the command that show what its reporter saw.
CRASHES = {
    "receipt-without-address": ("orders", {"print_receipts.py": RECEIPT.strip()}, "python print_receipts.py"),
    "default": ("notices", {"nightly.py": GREETING.strip()}, "python nightly.py"),
    "empty-log": ("loglens", {"access.log": ""}, "python -m loglens.cli summary access.log"),
    "latency-without-times": (
        "loglens",
        {"access.log": f"{REQUEST} 200 5120\n"},
        "python -m loglens.cli latency access.log",
    ),
    "size-of-nothing": (
        "loglens",
        {"access.log": f"{REQUEST} 304 - 3\n"},
        "python -m loglens.cli summary access.log",
    ),
}
FRAME = re.compile(r'File "[^"]*?(?:/(?P<source>src/[^"]+)|/[^"/]+)", line (?P<line>\d+), in (?P<name>.+)')


def traceback_lines(text: str) -> list[str]:
    """Frames, code and error of our own files, without the markers that differ between versions of Python."""
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index("Traceback (most recent call last):") + 1
    found = []
    for line in lines[start:]:
        if not line or line.startswith("```"):
            break
        if frame := FRAME.match(line):
            line = f"{frame['source'] or 'script'} {frame['line']} {frame['name']}"
        if set(line) - {"^", "~", " "}:
            found.append(line)
    return found


def test_a_ticket_is_there_for_every_class_of_work() -> None:
    assert "default" in TICKETS
    assert len(TICKETS) >= 8
    assert all("AI" in ticket.labels for ticket in TICKETS.values())


def test_every_traceback_is_one_that_is_reproduced_here() -> None:
    assert set(CRASHES) == {name for name, ticket in TICKETS.items() if "Traceback" in ticket.description}


@pytest.mark.parametrize("name", CRASHES)
def test_a_traceback_is_really_produced_by_the_code(name: str, check_out: Callable[[str], Checkout]) -> None:
    repository, files, command = CRASHES[name]
    checkout = check_out(repository)
    for path, content in files.items():
        (checkout.folder / path).write_text(content)
    done = checkout.run(command)
    assert done.exit_code == 1
    reported, seen = traceback_lines(TICKETS[name].description), traceback_lines(done.stderr)
    assert [line for line in reported if line not in seen] == []
    assert reported[-1] == seen[-1]


def test_the_name_to_change_is_used_in_two_repositories() -> None:
    assert "`net_price` to `price_before_tax`" in TICKETS["rename-net-price"].description
    users = [
        name for name, path in REPOSITORIES.items() if any("net_price" in t for t in files_of(path).values())
    ]
    assert len(users) == 2


@pytest.mark.parametrize(
    ("ticket", "repository", "path", "line"),
    [
        ("order-lines", "orders", "src/orders/limits.py", "MAX_LINES_PER_ORDER = 50"),
        (
            "stop-wording",
            "notices",
            "src/notices/wording.py",
            'UNSUBSCRIBE_HINT = "Reply STOP to end these messages."',
        ),
        ("update-click", "loglens", "constraints.txt", "click==8.1.7"),
        ("update-click", "loglens", "pyproject.toml", 'dependencies = ["click==8.1.7"]'),
    ],
)
def test_what_a_ticket_wants_changed_is_as_it_says(
    ticket: str, repository: str, path: str, line: str
) -> None:
    assert line in (REPOSITORIES[repository] / path).read_text().splitlines()
    name, value = re.split(r"\s*==?\s*", re.sub(r'^dependencies = \["|"\]$', "", line))
    assert name in TICKETS[ticket].description
    assert value.strip('"') in TICKETS[ticket].description


def test_the_attached_patch_applies_and_its_tests_pass(check_out: Callable[[str], Checkout]) -> None:
    checkout = check_out("notices")
    (patch,) = TICKETS["spanish"].files.values()
    subprocess.run(["git", "init", "-q"], cwd=checkout.folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=checkout.folder, input=patch, text=True, check=True)
    for command in (*checkout.config.test, *checkout.config.lint, *checkout.config.format):
        assert checkout.run(command).exit_code == 0
