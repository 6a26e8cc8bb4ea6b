"""Tracebacks are read however people paste them."""

from __future__ import annotations

import pytest

from slipway.playbooks.crash.tracebacks import crashes, mentioned, without_tracebacks

PLAIN = """
Traceback (most recent call last):
  File "/app/shop/cli.py", line 12, in main
    print(total(order))
          ^^^^^^^^^^^^
  File "/app/shop/totals.py", line 40, in total
    return order["qty"]
           ~~~~~^^^^^^^
KeyError: 'qty'
"""
FORMS = {
    "plain": PLAIN,
    "in a fence": f"```pytb\n{PLAIN}```",
    "indented": "\n".join(f"      {line}" for line in PLAIN.splitlines()),
    "quoted": "\n".join(f"> {line}" for line in PLAIN.splitlines()),
    "in a Jira block": f"{{noformat}}{PLAIN}{{noformat}}",
    "after a container's name": "\n".join(f"web_1  | {line}" for line in PLAIN.splitlines()),
    "escaped": PLAIN.replace('"', "&quot;"),
    "in one line": " ".join(PLAIN.replace("^", "").replace("~", "").split()),
    "in Sentry's short form": """
KeyError: 'qty'
shop/totals.py in total at line 40
    return order["qty"]
shop/cli.py in main at line 12
    print(total(order))
""",
    "by rich": """
│ /app/shop/cli.py:12 in main              │
│ ❱ 12     print(total(order))             │
│ /app/shop/totals.py:40 in total          │
│   39     # count                         │
│ ❱ 40     return order["qty"]             │
KeyError: 'qty'
""",
    "by IPython": """
File /app/shop/cli.py:12, in main()
---> 12 print(total(order))
File /app/shop/totals.py:40, in total(order)
     39 # count
---> 40 return order["qty"]
KeyError: 'qty'
""",
    "by pytest": """
    def main():
>       print(total(order))

shop/cli.py:12:
_ _ _ _ _ _ _ _ _ _ _ _ _ _

    def total(order):
>       return order["qty"]
E       KeyError: 'qty'

shop/totals.py:40: KeyError
""",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_every_form_gives_the_same_crash(text: str) -> None:
    crash = crashes(text)[-1]

    assert (crash.exception, crash.message) == ("KeyError", "'qty'")
    assert [(f.path.removeprefix("/app/"), f.line, f.function, f.source) for f in crash.frames] == [
        ("shop/cli.py", 12, "main", "print(total(order))"),
        ("shop/totals.py", 40, "total", 'return order["qty"]'),
    ]


def test_of_chained_exceptions_each_is_read() -> None:
    text = (
        PLAIN
        + "\nDuring handling of the above exception, another exception occurred:\n"
        + PLAIN.replace("KeyError: 'qty'", "shop.errors.OrderError: no quantity")
    )
    assert [(c.exception, c.message) for c in crashes(text)] == [
        ("KeyError", "'qty'"),
        ("OrderError", "no quantity"),
    ]


def test_only_the_last_lines_are_enough() -> None:
    (crash,) = crashes('  File "a/b.py", line 3, in f\n    return x[0]\nIndexError: list index out of range')
    assert crash.frames[0].source == "return x[0]"


def test_prose_gives_the_mention_with_a_message() -> None:
    crash = mentioned("KeyError in f\n\n`f(1)` raises `KeyError: 'email'`. It should return None.")
    assert crash is not None
    assert (crash.exception, crash.message) == ("KeyError", "'email'")


def test_a_sentence_after_the_message_is_not_part_of_it() -> None:
    crash = mentioned("ValueError: could not convert string to float: 'abc'. It should return 0.")
    assert crash is not None
    assert crash.message == "could not convert string to float: 'abc'"


def test_prose_around_a_traceback_stays() -> None:
    text = f"Before it.\n{PLAIN}\nAfter it, `x` should be 0."
    assert without_tracebacks(text).split() == ["Before", "it.", "After", "it,", "`x`", "should", "be", "0."]
