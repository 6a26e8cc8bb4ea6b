"""Values that are empty or too short: repositories and the tickets about them."""

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="a queue whose docstring says what an empty one gives",
        files={
            "queueing/__init__.py": "",
            "queueing/jobs.py": '''
class JobQueue:
    def __init__(self):
        self._jobs = []

    def add(self, job):
        self._jobs.append(job)

    def peek(self):
        """Return the next job, or None when the queue is empty."""
        return self._jobs[0]
''',
            "tests/__init__.py": "",
            "tests/test_jobs.py": """
import unittest

from queueing.jobs import JobQueue


class JobQueueTest(unittest.TestCase):
    def test_peek(self):
        queue = JobQueue()
        queue.add("a")
        self.assertEqual(queue.peek(), "a")


if __name__ == "__main__":
    unittest.main()
""",
        },
        summary="peek() on an empty queue crashes",
        description="""
Traceback (most recent call last):
  File "worker.py", line 3, in <module>
    queue.peek()
  File "queueing/jobs.py", line 10, in peek
    return self._jobs[0]
IndexError: list index out of range
""",
        then="""
from queueing.jobs import JobQueue; assert JobQueue().peek() is None
""",
    ),
    Case(
        name="a part that is not there after a split",
        files={
            "mail/__init__.py": "",
            "mail/address.py": """
def domain(address: str) -> str:
    return address.split("@")[1].lower()


def domains(addresses: list[str]) -> set[str]:
    return {domain(address) for address in addresses}
""",
            "tests/test_address.py": """
from mail.address import domain, domains


def test_domain():
    assert domain("a@Example.org") == "example.org"


def test_domains():
    assert domains(["a@x.org", "b@x.org"]) == {"x.org"}
""",
        },
        summary="IndexError in domain for addresses without @",
        description="""
```
Traceback (most recent call last):
  File "/srv/mail/address.py", line 6, in domains
    return {domain(address) for address in addresses}
  File "/srv/mail/address.py", line 6, in <setcomp>
    return {domain(address) for address in addresses}
  File "/srv/mail/address.py", line 2, in domain
    return address.split("@")[1].lower()
IndexError: list index out of range
```
For such an address `domain` should return an empty string.
""",
        then="""
from mail.address import *; assert domain('root') == ''; assert domain('a@B')=='b'
""",
    ),
    Case(
        name="a stack below a calculator with an error for people",
        files={
            "rpn.py": '''
"""Reverse Polish notation."""


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()


def evaluate(expression):
    stack = Stack()
    for token in expression.split():
        if token in "+-*":
            right, left = stack.pop(), stack.pop()
            stack.push({"+": left + right, "-": left - right, "*": left * right}[token])
        else:
            stack.push(float(token))
    return stack.pop()
''',
            "test_rpn.py": """
from rpn import evaluate


def test_evaluate():
    assert evaluate("1 2 +") == 3
""",
        },
        summary="evaluate('1 +') fails with IndexError",
        description="""
```python
from rpn import evaluate

evaluate("1 +")
```

```
Traceback (most recent call last):
  File "rpn.py", line 20, in evaluate
    right, left = stack.pop(), stack.pop()
                               ^^^^^^^^^^^
  File "rpn.py", line 13, in pop
    return self.items.pop()
IndexError: pop from empty list
```

A malformed expression should raise a ValueError with the message "malformed expression".
""",
        then="""
from rpn import evaluate
try: evaluate("+")
except ValueError as e: assert "malformed expression" in str(e)
else: raise SystemExit(1)
""",
    ),
    Case(
        name="the maximum of nothing, in Sentry's one-line frames",
        files={
            "src/weather_app/__init__.py": "",
            "src/weather_app/types.py": """
from typing import TypedDict


class Day(TypedDict):
    date: str
    rain_mm: float
""",
            "src/weather_app/stats.py": """
from collections.abc import Sequence

from weather_app.types import Day


def wettest_day(days: Sequence[Day]) -> str | None:
    wettest = max(days, key=lambda day: day["rain_mm"])
    return wettest["date"]
""",
            "tests/test_stats.py": """
from weather_app.stats import wettest_day


def test_wettest_day():
    days = [{"date": "mon", "rain_mm": 1.0}, {"date": "tue", "rain_mm": 3.0}]
    assert wettest_day(days) == "tue"
""",
        },
        summary="ValueError: max() arg is an empty sequence",
        description="""
weather_app/stats.py in wettest_day at line 7
    wettest = max(days, key=lambda day: day["rain_mm"])

Happens for an empty forecast.
""",
        then="""
from weather_app.stats import wettest_day; assert wettest_day([]) is None
""",
    ),
    Case(
        name="a variable that an empty loop never binds",
        files={
            "pick.py": '''
def last_even(numbers):
    """The last even number, or None when there is none."""
    for number in numbers:
        if number % 2 == 0:
            found = number
    return found
''',
            "tests/test_pick.py": """
from pick import last_even


def test_last_even():
    assert last_even([1, 2, 4, 5]) == 4
""",
        },
        summary="UnboundLocalError in last_even([1, 3])",
        description="""
UnboundLocalError: cannot access local variable 'found' where it is not associated with a value
""",
        then="""
from pick import last_even; assert last_even([1]) is None; assert last_even([2]) == 2
""",
    ),
    Case(
        name="a command line without arguments",
        files={
            "calc/__init__.py": "",
            "calc/__main__.py": """
import sys

from calc.cli import main

if __name__ == "__main__":
    sys.exit(main())
""",
            "calc/cli.py": """
import argparse
import sys


def parse_args(argv):
    parser = argparse.ArgumentParser(prog="calc")
    parser.add_argument("values", nargs="*")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    numbers = [float(value) for value in args.values]
    print(max(numbers))
    return 0
""",
            "tests/test_cli.py": r"""
from calc.cli import main


def test_prints_the_maximum(capsys):
    assert main(["1", "3"]) == 0
    assert capsys.readouterr().out == "3.0\n"
""",
        },
        summary="calc without numbers shows a stack trace",
        description="""
Running `python -m calc` with no numbers:

Traceback (most recent call last):
  File "/work/calc/__main__.py", line 6, in <module>
    sys.exit(main())
             ^^^^^^
  File "/work/calc/cli.py", line 14, in main
    print(max(numbers))
          ^^^^^^^^^^^^
ValueError: max() arg is an empty sequence

It should return 1 instead of crashing.
""",
        then="""
from calc.cli import main; assert main([]) == 1; assert main(['2']) == 0
""",
    ),
    Case(
        name="a crash that pytest reported",
        files={
            "text/__init__.py": "",
            "text/initials.py": """
def initials(name):
    return "".join(part[0].upper() for part in name.split(" "))
""",
            "tests/test_initials.py": """
from text.initials import initials


def test_initials():
    assert initials("ada lovelace") == "AL"
""",
        },
        summary="initials fails on double spaces",
        description="""
    def test_double_space():
>       assert initials("ada  lovelace") == "AL"

tests/test_new.py:5:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

name = 'ada  lovelace'

    def initials(name):
>       return "".join(part[0].upper() for part in name.split(" "))
                       ^^^^^^^
E       IndexError: string index out of range

text/initials.py:2: IndexError

Empty parts should be ignored.
""",
        then="""
from text.initials import initials; assert initials('ada  lovelace') == 'AL'; assert initials('x y')=='XY'
""",
    ),
)
