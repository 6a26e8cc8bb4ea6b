"""Keys that are missing: repositories and the tickets about them."""

# ruff: noqa: E501  (tickets are quoted as people write them)

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="a key inside a generator expression",
        files={
            "src/shop/__init__.py": "",
            "src/shop/totals.py": '''
from __future__ import annotations


def total(order: dict) -> float:
    """Sum of all lines."""
    return sum(line["qty"] * line["price"] for line in order["lines"])
''',
            "src/shop/cli.py": """
import json
import sys

from shop.totals import total


def main(argv=None):
    path = (argv or sys.argv[1:])[0]
    with open(path) as stream:
        order = json.load(stream)
    print(f"{total(order):.2f}")
    return 0
""",
            "tests/test_totals.py": """
import pytest

from shop.totals import total


@pytest.mark.parametrize(("qty", "price", "expected"), [(1, 2.5, 2.5), (2, 3, 6)])
def test_total(qty, price, expected):
    assert total({"lines": [{"qty": qty, "price": price}]}) == expected
""",
            "pyproject.toml": """
[tool.ruff]
line-length = 100
[tool.pytest.ini_options]
testpaths = ["tests"]
""",
        },
        summary="Order total crashes when a line has no quantity",
        description="""
From production:

    Traceback (most recent call last):
      File "/app/src/shop/cli.py", line 13, in main
        print(f"{total(order):.2f}")
      File "/app/src/shop/totals.py", line 6, in total
        return sum(line["qty"] * line["price"] for line in order["lines"])
      File "/app/src/shop/totals.py", line 6, in <genexpr>
        return sum(line["qty"] * line["price"] for line in order["lines"])
    KeyError: 'qty'

A missing quantity should be treated as 1.
""",
        then="""
from shop.totals import total; assert total({'lines':[{'price':3},{'qty':2,'price':5}]}) == 13
""",
    ),
    Case(
        name="an environment variable that is not set",
        files={
            "service/__init__.py": "",
            "service/config.py": '''
import os


def worker_count() -> int:
    """Number of workers from WORKERS."""
    return int(os.environ["WORKERS"])
''',
            "tests/test_config.py": """
from service.config import worker_count


def test_worker_count(monkeypatch):
    monkeypatch.setenv("WORKERS", "3")
    assert worker_count() == 3
""",
        },
        summary="Service does not start without WORKERS",
        description="""
    File "service/config.py", line 6, in worker_count
      return int(os.environ["WORKERS"])
    KeyError: 'WORKERS'

It should default to 4 when the variable is not set.
""",
        then="""
import os
os.environ.pop("WORKERS", None)
from service.config import worker_count
assert worker_count() == 4
os.environ["WORKERS"]="2"; assert worker_count()==2
""",
    ),
    Case(
        name="a key inside a lambda",
        files={
            "ranking.py": '''
def ranked(players: list[dict]) -> list[str]:
    """Names by score, best first."""
    ordered = sorted(players, key=lambda player: player["score"], reverse=True)
    return [player["name"] for player in ordered]
''',
            "tests/test_ranking.py": """
from ranking import ranked


def test_ranked():
    assert ranked([{"name": "a", "score": 1}, {"name": "b", "score": 2}]) == ["b", "a"]
""",
        },
        summary="Players without score break the ranking",
        description="""
KeyError: 'score' at ranking.py:3 in <lambda>

A player without a score counts as 0.
""",
        then="""
from ranking import ranked; assert ranked([{'name':'a'},{'name':'b','score':2}]) == ['b','a']
""",
    ),
    Case(
        name="three frames with an error for people",
        files={
            "app/__init__.py": "",
            "app/rates.py": """
RATES = {"EUR": 1.0, "USD": 1.1}


def rate(currency):
    return RATES[currency]
""",
            "app/convert.py": """
from app.rates import rate


def convert(amount, currency):
    return amount * rate(currency)
""",
            "app/report.py": """
from app.convert import convert


def report(entries):
    return [convert(e["amount"], e["currency"]) for e in entries]
""",
            "tests/test_report.py": """
from app.report import report


def test_report():
    assert report([{"amount": 2, "currency": "EUR"}]) == [2.0]
""",
        },
        summary="Unknown currency crashes the report",
        description="""
Traceback (most recent call last):
  File "/opt/x/app/report.py", line 5, in report
    return [convert(e["amount"], e["currency"]) for e in entries]
  File "/opt/x/app/convert.py", line 5, in convert
    return amount * rate(currency)
  File "/opt/x/app/rates.py", line 5, in rate
    return RATES[currency]
KeyError: 'XYZ'

Should raise a ValueError with the message "unknown currency: XYZ".
""",
        then="""
from app.rates import rate
try: rate("ABC")
except ValueError as e: assert "unknown currency: ABC" in str(e), e
else: raise SystemExit(1)
""",
    ),
    Case(
        name="a coroutine in a repository without tests",
        files={
            "svc/__init__.py": "",
            "svc/users.py": """
USERS = {1: "ann"}


async def user_name(user_id: int) -> str | None:
    return USERS[user_id]
""",
        },
        summary="KeyError for unknown users",
        description="""
`await user_name(99)` fails with KeyError: 99. Unknown users should give `None`.
""",
        then="""
import asyncio; from svc.users import user_name; assert asyncio.run(user_name(5)) is None; assert asyncio.run(user_name(1))=='ann'
""",
    ),
    Case(
        name="a column that a CSV file lacks",
        files={
            "loader.py": '''
import csv
import io


def load_people(text):
    """Parse people from CSV text."""
    reader = csv.DictReader(io.StringIO(text))
    return [{"name": row["name"], "city": row["city"]} for row in reader]
''',
            "test_loader.py": r"""
from loader import load_people


def test_load_people():
    assert load_people("name,city\nAnn,Oslo\n") == [{"name": "Ann", "city": "Oslo"}]
""",
        },
        summary="CSV without city column",
        description="""
load_people fails on this file:

```csv
name,age
Ann,30
```

```
  File "loader.py", line 8, in load_people
    return [{"name": row["name"], "city": row["city"]} for row in reader]
  File "loader.py", line 8, in <listcomp>
KeyError: 'city'
```

A missing city should be treated as an empty string.
""",
        then=r"""
from loader import load_people; assert load_people('name\nAnn\n') == [{'name':'Ann','city':''}]
""",
    ),
    Case(
        name="a class method that builds from a dictionary",
        files={
            "src/hr/__init__.py": "",
            "src/hr/employee.py": """
from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Employee:
    name: str
    salary: int
    team: str | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Employee:
        return cls(
            name=data["name"],
            salary=int(data["salary"]),
            team=data["team"],
        )
""",
            "tests/test_employee.py": """
from hr.employee import Employee


def test_from_dict() -> None:
    employee = Employee.from_dict({"name": "Ann", "salary": "10", "team": "ops"})
    assert employee == Employee(name="Ann", salary=10, team="ops")
""",
            "pyproject.toml": """
[project]
name="hr"
version="1"
""",
        },
        summary="Employee.from_dict fails without team",
        description="""
Sentry issue HR-17

KeyError: 'team'
  File "hr/employee.py", line 18, in from_dict
    team=data["team"],

The team is optional and should default to `None`.
""",
        then="""
from hr.employee import Employee; assert Employee.from_dict({'name':'B','salary':1}) == Employee('B',1,None)
""",
    ),
    Case(
        name="a variable of a template inside a lambda",
        files={
            "tmpl/__init__.py": "",
            "tmpl/render.py": r"""
import re


class Template:
    pattern = re.compile(r"{{\s*(\w+)\s*}}")

    def __init__(self, source: str) -> None:
        self.source = source

    def render(self, **context: object) -> str:
        return self.pattern.sub(lambda match: str(context[match.group(1)]), self.source)
""",
            "tests/test_render.py": """
from tmpl.render import Template


def test_render() -> None:
    assert Template("Hi {{ name }}").render(name="Ann") == "Hi Ann"
""",
        },
        summary="Template.render raises KeyError for unknown variables",
        description="""
```python
Template("Hi {{ name }}").render()
```
KeyError: 'name'

Missing variables should be rendered as an empty string.
""",
        then="""
from tmpl.render import Template; assert Template('Hi {{ name }}!').render() == 'Hi !'
""",
    ),
    Case(
        name="an expected result that shows a rule",
        files={
            "kv/__init__.py": "",
            "kv/merge.py": '''
def merge(left: dict, right: dict) -> dict:
    """Merge two nested settings; right wins."""
    result = dict(left)
    for key, value in right.items():
        if isinstance(value, dict):
            result[key] = merge(left[key], value)
        else:
            result[key] = value
    return result
''',
            "tests/test_merge.py": """
from kv.merge import merge


def test_merge():
    assert merge({"a": {"b": 1}}, {"a": {"c": 2}}) == {"a": {"b": 1, "c": 2}}
""",
        },
        summary="merge crashes when only the right side has a section",
        description="""
```python
merge({}, {"db": {"host": "x"}})
```
-> KeyError: 'db'

Expected: `{"db": {"host": "x"}}`
""",
        then="""
from kv.merge import merge; assert merge({}, {'a': {'b': 1}}) == {'a': {'b': 1}}
""",
    ),
    Case(
        name="an error class of another module",
        files={
            "bank/__init__.py": "",
            "bank/errors.py": '''
class BankError(Exception):
    """Base of all errors."""


class AccountNotFound(BankError):
    """There is no such account."""
''',
            "bank/ledger.py": '''
from dataclasses import dataclass, field


@dataclass
class Ledger:
    balances: dict[str, int] = field(default_factory=dict)

    def balance(self, account: str) -> int:
        """Balance in cents."""
        return self.balances[account]
''',
            "tests/test_ledger.py": """
from bank.ledger import Ledger


def test_balance():
    assert Ledger({"a": 5}).balance("a") == 5
""",
            "pyproject.toml": """
[tool.ruff]
line-length=88
[tool.ruff.lint]
select=["E","F","I","B"]
""",
        },
        summary="Ledger.balance leaks KeyError",
        description="""
`Ledger().balance("x")` raises KeyError. It should raise AccountNotFound instead.
""",
        then="""
from bank.ledger import Ledger
from bank.errors import AccountNotFound
try: Ledger().balance("q")
except AccountNotFound: pass
""",
    ),
    Case(
        name="a result that repeats the input",
        files={
            "bot/__init__.py": "",
            "bot/commands.py": '''
def parse_command(message: str) -> tuple[str, list[str]]:
    """Split "/name arg arg"."""
    parts = message.strip().split()
    name = parts[0].lstrip("/")
    return name, parts[1:]


HANDLERS = {}


def command(name):
    def register(function):
        HANDLERS[name] = function
        return function

    return register


@command("echo")
def echo(*words):
    return " ".join(words)


def dispatch(message: str) -> str:
    name, arguments = parse_command(message)
    return HANDLERS[name](*arguments)
''',
            "tests/test_commands.py": """
from bot.commands import dispatch


def test_echo():
    assert dispatch("/echo a b") == "a b"
""",
        },
        summary="Unknown commands crash the bot",
        description="""
```
Traceback (most recent call last):
  File "/bot/commands.py", line 28, in dispatch
    return HANDLERS[name](*arguments)
           ~~~~~~~~^^^^^^
KeyError: 'dance'
```
`dispatch("/dance")` should return "unknown command: dance".
""",
        then="""
from bot.commands import dispatch; assert dispatch('/dance') == 'unknown command: dance'
""",
    ),
)
