"""Tickets that say in words what they want: references, comparisons, examples; and tickets that say nothing."""

# ruff: noqa: E501  (tickets are quoted as people write them)

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="words for a constant of the module",
        files={
            "tariff/__init__.py": "",
            "tariff/zones.py": """
ZONES = {"DE": "home", "US": "far"}
DEFAULT_ZONE = "world"


def zone_of(country):
    return ZONES[country.upper()]
""",
            "tests/test_zones.py": """
from tariff.zones import zone_of


def test_zone():
    assert zone_of("de") == "home"
""",
        },
        summary="Checkout fails for customers from New Zealand",
        description="""
Our first customer from NZ!

    Traceback (most recent call last):
      File "/app/tariff/zones.py", line 6, in zone_of
        return ZONES[country.upper()]
    KeyError: 'NZ'

I think every country that we don't list should simply be in the default zone.
""",
        then="""
from tariff.zones import zone_of
assert (zone_of("nz"), zone_of("de")) == ("world", "home")
""",
    ),
    Case(
        name="another field of the same object",
        files={
            "people.py": """
class Person:
    def __init__(self, login, nickname=None):
        self.login = login
        self.nickname = nickname

    def greeting(self):
        return f"Hello {self.nickname.title()}"
""",
            "tests/test_people.py": """
from people import Person


def test_greeting():
    assert Person("kim", "kimmy").greeting() == "Hello Kimmy"
""",
        },
        summary="notifications stop",
        description="""
      File "/srv/people.py", line 7, in greeting
        return f"Hello {self.nickname.title()}"
    AttributeError: 'NoneType' object has no attribute 'title'

Person without nickname. Use the login in that case.
""",
        then="""
from people import Person
assert Person("robin").greeting() == "Hello Robin"
""",
    ),
    Case(
        name="like a variable that is not set",
        files={
            "src/poller/__init__.py": "",
            "src/poller/config.py": '''
import os

DEFAULT_INTERVAL = 30


def interval(environ=None):
    """Seconds between two polls."""
    environ = os.environ if environ is None else environ
    return int(environ.get("POLL_INTERVAL", DEFAULT_INTERVAL))
''',
            "tests/test_config.py": """
from poller.config import interval


def test_interval():
    assert interval({"POLL_INTERVAL": "5"}) == 5
""",
        },
        summary="Poller does not start",
        description="""
```
  File "/app/src/poller/config.py", line 9, in interval
    return int(environ.get("POLL_INTERVAL", DEFAULT_INTERVAL))
ValueError: invalid literal for int() with base 10: ''
```

An empty value ought to be handled like an unset one.
""",
        then="""
from poller.config import interval
assert (interval({"POLL_INTERVAL": ""}), interval({"POLL_INTERVAL": "7"})) == (30, 7)
""",
    ),
    Case(
        name="the input as it is",
        files={
            "urlfmt.py": '''
def without_scheme(url):
    """`https://a.example/x` -> `a.example/x`."""
    return url.split("://")[1]
''',
            "tests/test_urlfmt.py": """
from urlfmt import without_scheme


def test_without_scheme():
    assert without_scheme("https://a.example/x") == "a.example/x"
""",
        },
        summary="URLs without a scheme crash",
        description="""
Steps: `without_scheme("a.example/x")`

Result:

      File "/app/urlfmt.py", line 3, in without_scheme
        return url.split("://")[1]
    IndexError: list index out of range

Expected result: a URL without scheme is returned unchanged.
""",
        then="""
from urlfmt import without_scheme
assert without_scheme("b.example") == "b.example"
""",
    ),
    Case(
        name="skipped with a warning",
        files={
            "feed.py": """
import logging

log = logging.getLogger(__name__)


def total(rows):
    amount = 0
    for row in rows:
        amount += int(row["amount"])
    return amount
""",
            "tests/test_feed.py": """
from feed import total


def test_total():
    assert total([{"amount": "1"}, {"amount": "2"}]) == 3
""",
        },
        summary="A bad row stops the feed",
        description="""
**Actual behaviour**

      File "/app/feed.py", line 9, in total
        amount += int(row["amount"])
    ValueError: invalid literal for int() with base 10: 'x'

**Expected behaviour**

Rows that cannot be read are skipped with a warning in the log. All the others are still counted.

**Environment**
Linux
""",
        then="""
import logging
from feed import total
seen = []
handler = logging.Handler()
handler.emit = seen.append
logging.getLogger().addHandler(handler)
assert total([{"amount": "1"}, {"amount": "x"}, {"amount": "2"}]) == 3
assert [record.levelname for record in seen] == ["WARNING"]
""",
    ),
    Case(
        name="an error whose name is no Error",
        files={
            "hall/__init__.py": "",
            "hall/errors.py": """
class UnknownSeat(Exception):
    pass
""",
            "hall/seats.py": """
class Hall:
    def __init__(self, rows):
        self.rows = dict(rows)

    def price(self, label):
        row, number = label[0], int(label[1:])
        return self.rows[row][number - 1]
""",
            "tests/test_seats.py": """
from hall.seats import Hall


def test_price():
    assert Hall({"A": [30, 20]}).price("A2") == 20
""",
        },
        summary="KeyError for a row that does not exist",
        description="""
## Steps to reproduce
1. open a hall with row A
2. ask the price of `Z1`

## Actual
```
  File "/app/hall/seats.py", line 7, in price
    return self.rows[row][number - 1]
KeyError: 'Z'
```

## Expected
`UnknownSeat` is raised, with the message `no seat Z1`.
""",
        then="""
from hall.errors import UnknownSeat
from hall.seats import Hall
try:
    Hall({"A": [30]}).price("Y9")
except UnknownSeat as error:
    assert str(error) == "no seat Y9", error
else:
    raise AssertionError
""",
    ),
    Case(
        name="a table of examples",
        files={
            "levels.py": """
LEVELS = {"low": 1, "high": 3}


def level(text):
    return LEVELS[text]
""",
            "tests/test_levels.py": """
from levels import level


def test_level():
    assert level("low") == 1
""",
        },
        summary="KeyError for a level that is not set",
        description="""
| call | today | wanted |
|------|-------|--------|
| `level("high")` | 3 | 3 |
| `level("none")` | KeyError: 'none' | 0 |

      File "/app/levels.py", line 5, in level
        return LEVELS[text]
    KeyError: 'none'
""",
        then="""
from levels import level
assert (level("none"), level("high")) == (0, 3)
""",
    ),
    Case(
        name="nothing is said, the README says it",
        files={
            "series.py": '''
def coldest(readings):
    """The lowest temperature of a day."""
    return min(readings)
''',
            "README.md": "# series\n\n`coldest(readings)` is None when nothing was measured.\n",
            "tests/test_series.py": """
from series import coldest


def test_coldest():
    assert coldest([3, -1]) == -1
""",
        },
        summary="Report fails",
        description="""
      File "/app/series.py", line 3, in coldest
        return min(readings)
    ValueError: min() arg is an empty sequence
""",
        then="""
from series import coldest
assert coldest([]) is None
""",
    ),
    Case(
        name="nothing is said, the caller asks for None",
        files={
            "subjects.py": '''
import re


def number(subject):
    """The number in `[#12] Printer`."""
    return int(re.search(r"#(\\d+)", subject).group(1))


def queue(subject):
    found = number(subject)
    if found is None:
        return "new"
    return f"ticket {found}"
''',
            "tests/test_subjects.py": """
from subjects import queue


def test_queue():
    assert queue("[#12] hi") == "ticket 12"
""",
        },
        summary="New mails fail",
        description="""
      File "/app/subjects.py", line 11, in queue
        found = number(subject)
      File "/app/subjects.py", line 7, in number
        return int(re.search(r"#(\\d+)", subject).group(1))
    AttributeError: 'NoneType' object has no attribute 'group'
""",
        then="""
from subjects import queue
assert queue("hi") == "new"
""",
    ),
    Case(
        name="an object that cannot be compared gets the default of its own name",
        files={
            "retry.py": """
DEFAULT_ATTEMPTS = 3
DEFAULT_BACKOFF = 1.5


class Policy:
    def __init__(self, attempts, backoff):
        self.attempts = attempts
        self.backoff = backoff


def policy_from(config):
    retry = config["retry"]
    attempts = retry.get("attempts", DEFAULT_ATTEMPTS)
    backoff = retry["backoff"]
    return Policy(attempts, backoff)
""",
            "tests/test_retry.py": """
from retry import policy_from


def test_policy():
    assert policy_from({"retry": {"attempts": 2, "backoff": 2}}).backoff == 2
""",
        },
        summary="KeyError for a customer who sets the attempts only",
        description="""
      File "/srv/retry.py", line 14, in policy_from
        backoff = retry["backoff"]
    KeyError: 'backoff'

We fall back for `attempts`, so `backoff` should fall back to the default the same way.
""",
        then="""
from retry import policy_from
policy = policy_from({"retry": {"attempts": 5}})
assert (policy.attempts, policy.backoff) == (5, 1.5)
""",
    ),
    Case(
        name="a loop that leaves out empty answers already",
        files={
            "roster.py": """
class Person:
    def __init__(self, email):
        self.email = email


def lead(team) -> Person | None:
    return team.get("lead")


def lead_address(team) -> str:
    return lead(team).email


def lead_addresses(teams) -> list[str]:
    addresses = []
    for team in teams:
        address = lead_address(team)
        if address and address not in addresses:
            addresses.append(address)
    return addresses
""",
            "tests/test_roster.py": """
from roster import Person, lead_addresses


def test_lead_addresses():
    assert lead_addresses([{"lead": Person("a@example")}]) == ["a@example"]
""",
        },
        summary="No lead got the mail",
        description="""
      File "/var/lib/roster.py", line 17, in lead_addresses
        address = lead_address(team)
      File "/var/lib/roster.py", line 11, in lead_address
        return lead(team).email
    AttributeError: 'NoneType' object has no attribute 'email'

Teams without a lead should be left out, everybody else should get theirs.
""",
        then="""
from roster import Person, lead_address, lead_addresses
assert lead_addresses([{"lead": Person("a")}, {}, {"lead": Person("b")}]) == ["a", "b"]
assert not lead_address({})
""",
    ),
)
