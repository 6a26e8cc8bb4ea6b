"""Where a crash happened, and where its test belongs."""

from __future__ import annotations

import pytest

from slipway.playbooks.crash.culprit import locate
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.crash.ticket_reading import read
from tests.unit.slipway.playbooks.crash.bench import Case

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/totals.py": '''
    """Totals."""


    class Order:
        def total(self, prices):
            return sum(prices) / len(prices)


    class Invoice:
        def total(self, lines):
            def one(line):
                return line["qty"] * line["price"]

            return sum(one(line) for line in lines)
    ''',
    "src/shop/names.py": "def first_name(user):\n    return user['name'].split()[0]\n",
    "tests/test_totals.py": "from shop.totals import Order\n",
}


def found(description: str, summary: str = "It crashes") -> list[tuple[str, int | None]]:
    case = Case(name="", files=FILES, summary=summary, description=description, then="")
    claim = read(case.ticket())
    assert claim is not None
    return [(site.function.qualified, site.line) for site in locate(claim, {"acme/shop": case.tree()})]


def frame(path: str, line: int, function: str, source: str) -> str:
    return f'  File "{path}", line {line}, in {function}\n    {source}\n'


def test_paths_of_a_container_are_matched_by_their_end() -> None:
    text = frame("/srv/releases/42/shop/totals.py", 6, "total", "return sum(prices) / len(prices)")
    assert found(f"{text}ZeroDivisionError: x") == [("Order.total", 6)]


def test_line_numbers_may_have_drifted() -> None:
    text = frame("shop/totals.py", 61, "total", "return sum(prices) / len(prices)")
    assert found(f"{text}ZeroDivisionError: x") == [("Order.total", 6)]


def test_methods_of_one_name_are_told_apart_by_their_source() -> None:
    text = (
        '  File "shop/totals.py", line 6, in total\n    return sum(one(line) for line in lines)\nKeyError: 1'
    )
    assert found(text) == [("Invoice.total", 14)]


def test_a_nested_function_is_found() -> None:
    text = (
        '  File "shop/totals.py", line 12, in one\n    return line["qty"] * line["price"]\nKeyError: \'qty\''
    )
    assert found(text) == [("Invoice.total.<locals>.one", 12)]


def test_frames_outside_the_repository_are_left_out() -> None:
    text = """
  File "/usr/lib/python3.11/runpy.py", line 88, in _run_code
    exec(code, run_globals)
  File "shop/names.py", line 2, in first_name
    return user['name'].split()[0]
  File "/venv/lib/python3.11/site-packages/x/names.py", line 2, in first_name
    return user['name'].split()[0]
KeyError: 'name'
"""
    assert found(text) == [("first_name", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "`first_name({})` raises KeyError.",
        "We see `KeyError: 'name'` in production.",
        "The first name crashes: IndexError",
    ],
)
def test_without_a_traceback_names_and_messages_decide(text: str) -> None:
    assert found(text) == [("first_name", None)]


@pytest.mark.parametrize(
    ("files", "source", "module", "test"),
    [
        ({"a.py": "", "test_b.py": ""}, "a.py", "a", "test_a.py"),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, "src/p/m.py", "p.m", "tests/test_m.py"),
        ({"p/__init__.py": "", "p/m.py": "", "p/tests/test_x.py": ""}, "p/m.py", "p.m", "p/tests/test_m.py"),
        ({"p/__init__.py": "", "p/m.py": "", "tests/p/m_test.py": ""}, "p/m.py", "p.m", "tests/p/m_test.py"),
        ({"lib/m.py": "", "tests/unit/test_m.py": ""}, "lib/m.py", "m", "tests/unit/test_m.py"),
        ({"p/__init__.py": ""}, "p/__init__.py", "p", "tests/test_p.py"),
        (
            {"back/app/m.py": "", "back/tests/test_n.py": "from app.m import x"},
            "back/app/m.py",
            "app.m",
            "back/tests/test_m.py",
        ),
    ],
)
def test_modules_and_tests_are_named_by_the_repository_s_conventions(
    files: dict[str, str], source: str, module: str, test: str
) -> None:
    layout = Layout(SourceIndex(files))
    assert (layout.module_name(source), layout.test_path(source)) == (module, test)
