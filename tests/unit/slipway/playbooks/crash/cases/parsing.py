"""Text that cannot be parsed: repositories and the tickets about them."""

# ruff: noqa: E501  (tickets are quoted as people write them)

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="an error of the same module with the input in its message",
        files={
            "netconf.py": '''
DEFAULT_PORT = 8080


class ConfigError(Exception):
    """Bad configuration."""


def parse_port(text: str) -> int:
    port = int(text)
    if port > 65535:
        raise ConfigError("port too large")
    return port
''',
            "test_netconf.py": """
import pytest

import netconf


def test_parse_port():
    assert netconf.parse_port("80") == 80


def test_too_large():
    with pytest.raises(netconf.ConfigError):
        netconf.parse_port("70000")
""",
        },
        summary="parse_port raises ValueError",
        description="""
Calling `parse_port("abc")` raises

```
ValueError: invalid literal for int() with base 10: 'abc'
```

It should raise a `ConfigError` with the message "invalid port: abc" instead.
""",
        then="""
import netconf
try: netconf.parse_port("xyz")
except netconf.ConfigError as e: assert "invalid port" in str(e) and "xyz" in str(e), e
else: raise SystemExit("no error")
""",
    ),
    Case(
        name="rows of a CSV file that are skipped",
        files={
            "importer/__init__.py": "",
            "importer/rows.py": '''
import csv


def read_amounts(path):
    """Read the amount column of a CSV file."""
    amounts = []
    with open(path, newline="") as handle:
        for row in csv.DictReader(handle):
            amounts.append(float(row["amount"]))
    return amounts
''',
            "tests/test_rows.py": r"""
from importer.rows import read_amounts


def test_read_amounts(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,amount\n1,2.5\n2,3\n")
    assert read_amounts(path) == [2.5, 3.0]
""",
        },
        summary="Import dies on blank amounts",
        description="""
The nightly import failed with

```
  File "/srv/importer/rows.py", line 9, in read_amounts
    amounts.append(float(row["amount"]))
ValueError: could not convert string to float: ''
```
Rows with an unreadable amount should be skipped.
""",
        then=r"""
import pathlib, tempfile
from importer.rows import read_amounts
p = pathlib.Path(tempfile.mkdtemp())/"x.csv"; p.write_text("id,amount\n1,\n2,4\n")
assert read_amounts(p) == [4.0]
""",
    ),
    Case(
        name="a docstring that says what no settings are",
        files={
            "conf/__init__.py": "",
            "conf/loader.py": '''
import json
from pathlib import Path


def load_settings(path: Path) -> dict:
    """Read settings; an absent file means no settings."""
    if not path.exists():
        return {}
    return json.loads(path.read_text())
''',
            "tests/test_loader.py": """
import json

from conf.loader import load_settings


def test_reads_json(tmp_path):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"a": 1}))
    assert load_settings(file) == {"a": 1}


def test_absent(tmp_path):
    assert load_settings(tmp_path / "nope.json") == {}
""",
        },
        summary="Empty settings file crashes the start",
        description="""
```
  File "/app/conf/loader.py", line 9, in load_settings
    return json.loads(path.read_text())
  File "/usr/local/lib/python3.12/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
  File "/usr/local/lib/python3.12/json/decoder.py", line 355, in raw_decode
    raise JSONDecodeError("Expecting value", s, err.value) from None
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
```
""",
        then="""
import pathlib, tempfile
from conf.loader import load_settings
p = pathlib.Path(tempfile.mkdtemp())/"x.json"; p.write_text("")
assert load_settings(p) == {}
""",
    ),
    Case(
        name="an exception of the standard library",
        files={
            "money.py": '''
from decimal import Decimal


def parse_amount(text: str) -> Decimal:
    """Amount in a cell such as "1,234.50"."""
    cleaned = text.replace(",", "").strip()
    return Decimal(cleaned)
''',
            "tests/test_money.py": """
from decimal import Decimal

from money import parse_amount


def test_parse_amount():
    assert parse_amount("1,234.50") == Decimal("1234.50")
""",
        },
        summary="parse_amount crashes on text",
        description="""
Traceback (most recent call last):
  File "money.py", line 7, in parse_amount
    return Decimal(cleaned)
           ^^^^^^^^^^^^^^^^
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]

parse_amount should raise ValueError("not an amount: n/a") for "n/a".
""",
        then="""
from money import parse_amount
try: parse_amount("abc")
except ValueError as e: assert "not an amount: abc" in str(e), e
else: raise SystemExit(1)
""",
    ),
    Case(
        name="a file that is not there",
        files={
            "state/__init__.py": "",
            "state/store.py": """
import json


def load_state(path):
    with open(path) as handle:
        return json.load(handle)


def save_state(path, state):
    with open(path, "w") as handle:
        json.dump(state, handle)
""",
            "tests/test_store.py": """
from state.store import load_state, save_state


def test_round_trip(tmp_path):
    path = tmp_path / "state.json"
    save_state(path, {"a": 1})
    assert load_state(path) == {"a": 1}
""",
        },
        summary="First start: FileNotFoundError",
        description="""
FileNotFoundError: [Errno 2] No such file or directory: 'state.json'

    load_state("state.json")

When there is no state file yet, `load_state` should return an empty dict.
""",
        then="""
from state.store import load_state; assert load_state('/nonexistent/x.json') == {}
""",
    ),
    Case(
        name="a line from standard input",
        files={
            "guess.py": '''
import sys


def read_number():
    """Read a number from standard input."""
    line = sys.stdin.readline()
    return int(line)


if __name__ == "__main__":
    print(read_number())
''',
        },
        summary="guess.py dies on letters",
        description=r"""
$ echo abc | python guess.py
Traceback (most recent call last):
  File "guess.py", line 11, in <module>
    print(read_number())
  File "guess.py", line 7, in read_number
    return int(line)
ValueError: invalid literal for int() with base 10: 'abc\n'

It should return None when the line is not a number.
""",
        then="""
import io,sys; sys.stdin=io.StringIO('xyz'); from guess import read_number; assert read_number() is None
""",
    ),
    Case(
        name="a generator that skips broken lines",
        files={
            "events/__init__.py": "",
            "events/reader.py": """
import json
from collections.abc import Iterator
from typing import Any, TextIO


def read_events(stream: TextIO) -> Iterator[dict[str, Any]]:
    for line in stream:
        yield json.loads(line)
""",
            "tests/unit/test_reader.py": r"""
import io

from events.reader import read_events


def test_read_events():
    assert list(read_events(io.StringIO('{"a": 1}\n{"a": 2}\n'))) == [{"a": 1}, {"a": 2}]
""",
        },
        summary="read_events stops at the first broken line",
        description="""
json.decoder.JSONDecodeError: Expecting value: line 2 column 1 (char 1)

in `read_events`. Broken or blank lines should be skipped.
""",
        then=r"""
import io; from events.reader import read_events; assert list(read_events(io.StringIO('\n{"a": 1}\noops\n'))) == [{'a':1}]
""",
    ),
    Case(
        name="a generator that unpacks",
        files={
            "logtool.py": """
from typing import Iterator


def pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, value = line.split("=", 1)
        yield key.strip(), value.strip()
""",
            "tests/test_logtool.py": """
from logtool import pairs


def test_pairs():
    assert list(pairs(["a=1", "b = 2"])) == [("a", "1"), ("b", "2")]
""",
        },
        summary="pairs fails on lines without equals sign",
        description="""
```
  File "logtool.py", line 6, in pairs
    key, value = line.split("=", 1)
    ^^^^^^^^^^
ValueError: not enough values to unpack (expected 2, got 1)
```
Lines without `=` should be ignored.
""",
        then="""
from logtool import pairs; assert list(pairs(['x','a=1'])) == [('a','1')]
""",
    ),
    Case(
        name="a caller that skips what its callee refuses",
        files={
            "ingest/__init__.py": "",
            "ingest/parse.py": '''
def parse_line(line: str) -> tuple[str, int]:
    """Parse "name;count"."""
    name, count = line.split(";")
    return name, int(count)
''',
            "ingest/load.py": """
from .parse import parse_line


def load(lines: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        name, count = parse_line(line)
        counts[name] = counts.get(name, 0) + count
    return counts
""",
            "tests/test_load.py": """
from ingest.load import load


def test_load():
    assert load(["a;1", "b;2", "a;3"]) == {"a": 4, "b": 2}
""",
        },
        summary="load() crashes on malformed lines",
        description="""
```
Traceback (most recent call last):
  File "/home/u/ingest/load.py", line 7, in load
    name, count = parse_line(line)
  File "/home/u/ingest/parse.py", line 3, in parse_line
    name, count = line.split(";")
ValueError: not enough values to unpack (expected 2, got 1)
```

`load` should skip malformed lines instead of stopping.
""",
        then="""
from ingest.load import load; assert load(['oops','a;1']) == {'a':1}
""",
    ),
    Case(
        name="a ticket that names only a file and a message",
        files={
            "clock/__init__.py": "",
            "clock/duration.py": r'''
import re

UNITS = {"h": 3600, "m": 60, "s": 1}


def seconds(text: str) -> int:
    """Seconds in a text such as "1h30m"."""
    total = 0
    for number, unit in re.findall(r"(\d+)([a-z])", text):
        total += int(number) * UNITS[unit]
    return total
''',
            "tests/test_duration.py": """
import pytest

from clock.duration import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10s", 10),
        ("1h30m", 5400),
    ],
)
def test_seconds(text, expected):
    assert seconds(text) == expected
""",
        },
        summary="Unknown unit in duration",
        description="""
A user typed `5d` and got:

    KeyError: 'd'

from clock/duration.py. Unknown units should be rejected with a `ValueError` whose message is "unknown unit: d".
""",
        then="""
from clock.duration import seconds
try: seconds("3y")
except ValueError as e: assert "unknown unit: y" in str(e), e
else: raise SystemExit(1)
""",
    ),
    Case(
        name="an environment variable by its name",
        files={
            "conf.py": '''
import os

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def flag(name: str, default: bool = False) -> bool:
    """Boolean environment variable."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    return _BOOLEANS[raw.lower()]
''',
            "tests/test_conf.py": """
from conf import flag


def test_flag(monkeypatch):
    monkeypatch.setenv("X", "true")
    assert flag("X") is True


def test_default(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert flag("X", default=True) is True
""",
        },
        summary="flag() crashes on DEBUG=on",
        description="""
KeyError: 'on' in conf.py, line 11, in flag

I'd like a `ValueError` with the message "DEBUG must be a boolean, not 'on'".
""",
        then="""
import os; os.environ["DEBUG"]="maybe"
from conf import flag
try: flag("DEBUG")
except ValueError as e: assert "DEBUG must be a boolean" in str(e), e
else: raise SystemExit(1)
""",
    ),
)
