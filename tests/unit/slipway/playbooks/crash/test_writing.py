"""Edits and tests read as if a person of the repository had written them."""

from __future__ import annotations

import ast

import pytest

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.claim import Crash
from slipway.playbooks.crash.edits import Edit, apply
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.mutations import mutants
from slipway.playbooks.crash.quotes import quote_style, requoted
from slipway.playbooks.crash.regression_text import Claimed, with_test
from slipway.playbooks.crash.source_index import SourceIndex

SOURCE = """\
def label(user):
    # Shown on the parcel.
    city = (user['city'])  # upper case
    return "%s, é%s" % (user['name'], city.upper())
"""


def first(kind: type[ast.AST], text: str = SOURCE) -> ast.expr | ast.stmt:
    found = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, kind))
    assert isinstance(found, ast.expr | ast.stmt)
    return found


def test_an_expression_is_replaced_where_it_stands() -> None:
    edit = Edit(node=first(ast.Subscript), expression='user.get("city", "")')
    assert apply(SOURCE, [edit]) == SOURCE.replace("user['city']", "user.get('city', '')")


def test_columns_count_bytes_before_characters_that_take_two() -> None:
    call = next(n for n in ast.walk(ast.parse(SOURCE)) if isinstance(n, ast.Call))
    assert apply(SOURCE, [Edit(node=call, expression="city")]).endswith("(user['name'], city)\n")


def test_a_guard_goes_above_the_statement_and_leaves_its_comment() -> None:
    edit = Edit(node=first(ast.Assign), before="if user is None:\n    return ''")
    assert apply(SOURCE, [edit]).splitlines()[1:5] == [
        "    if user is None:",
        "        return ''",
        "    # Shown on the parcel.",
        "    city = (user['city'])  # upper case",
    ]


def test_a_place_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        apply("x = 1\n", [Edit(node=first(ast.Subscript), expression="1")])


@pytest.mark.parametrize(
    ("code", "style", "expected"),
    [
        ("f('a', \"b\")", '"', 'f("a", "b")'),
        ('f("a")', "'", "f('a')"),
        ("f('say \"x\"')", '"', "f('say \"x\"')"),
        ("f(r'\\d')", '"', 'f(r"\\d")'),
    ],
)
def test_strings_are_quoted_as_the_file_quotes(code: str, style: str, expected: str) -> None:
    assert requoted(code, quote_style(f"x = {style}y{style}\n")) == expected


@pytest.mark.parametrize(
    ("exception", "message", "call", "mutant"),
    [
        ("KeyError", "'b'", "f({'a': 1, 'b': [2]})", "f({'a': 1})"),
        ("IndexError", "list index out of range", "f([1, 2])", "f([])"),
        ("ZeroDivisionError", "division by zero", "Trip(km=3, hours=2).speed", "Trip(km=3, hours=0).speed"),
        ("AttributeError", "'NoneType' object has no attribute 'x'", "f(A(b=B(x=1)))", "f(A(b=None))"),
        ("ValueError", "invalid literal for int() with base 10: 'x'", "f('1')", "f('x')"),
        ("KeyError", "'b'", "f(_file('i.json', '[{\"b\": 1}]'))", "f(_file('i.json', '[{}]'))"),
        ("ValueError", "could not convert string to float: ''", "f('a,b\\n1,2\\n')", "f('a,b\\n1,\\n')"),
    ],
)
def test_ordinary_calls_are_spoiled_in_the_way_that_fits(
    exception: str, message: str, call: str, mutant: str
) -> None:
    assert mutant in mutants(call, crash=Crash(exception=exception, message=message), texts=())


def written(tree: dict[str, str], attempt: Attempt, claimed: Claimed) -> tuple[str, str]:
    layout = Layout(SourceIndex({"shop.py": "def total(items):\n    return items[0]\n", **tree}))
    function = layout.index.called("total")
    assert function is not None
    return with_test(
        "tests/test_shop.py",
        attempt=attempt,
        claimed=claimed,
        function=function,
        cause="empty",
        layout=layout,
    )


CALL = Attempt(expression="total([])", imports={"total": "shop"})


def test_a_new_file_has_its_imports_in_order() -> None:
    text, test = written({}, CALL, Claimed(exception="ValueError", module="builtins", message="no items"))
    assert test == "test_total_when_empty"
    assert text == (
        "import pytest\n\nfrom shop import total\n\n\n"
        "def test_total_when_empty():\n"
        '    with pytest.raises(ValueError, match="no items"):\n'
        "        total([])\n"
    )


def test_a_module_that_is_imported_whole_is_used_through_its_name() -> None:
    old = "import shop\n\n\ndef test_total():\n    assert shop.total([1]) == 1\n"
    text, _ = written({"tests/test_shop.py": old}, CALL, Claimed(value="None"))
    assert text == old + "\n\ndef test_total_when_empty():\n    assert shop.total([]) is None\n"


def test_methods_of_a_test_case_use_its_assertions() -> None:
    old = (
        "import unittest\n\nfrom shop import total\n\n\nclass ShopTest(unittest.TestCase):\n"
        "    def test_total(self):\n        self.assertEqual(total([1]), 1)\n"
        "\n\nif __name__ == '__main__':\n    unittest.main()\n"
    )
    text, test = written({"tests/test_shop.py": old}, CALL, Claimed(value="0"))
    assert test == "ShopTest::test_total_when_empty"
    added = "\n    def test_total_when_empty(self):\n        self.assertEqual(total([]), 0)\n"
    assert text == old.replace("total([1]), 1)\n", f"total([1]), 1)\n{added}")


def test_a_taken_name_is_not_taken_again() -> None:
    old = "from shop import total\n\n\ndef test_total_when_empty():\n    assert total([1]) == 1\n"
    _, test = written({"tests/test_shop.py": old}, CALL, Claimed(value="0"))
    assert test == "test_total_when_empty_without_crash"


def test_files_streams_and_variables_come_by_fixtures() -> None:
    attempt = Attempt(
        expression="total(_file('a.csv', 'x'))", imports={"total": "shop"}, environment={"N": None}, stdin="1"
    )
    text, _ = written({}, attempt, Claimed(printed="1\n"))
    assert "def test_total_when_empty(tmp_path, monkeypatch, capsys):" in text
    assert '    path = tmp_path / "a.csv"\n    path.write_text("x", encoding="utf-8")\n' in text
    assert '    monkeypatch.delenv("N", raising=False)\n' in text
    assert '    monkeypatch.setattr("sys.stdin", io.StringIO("1"))\n    total(path)\n' in text
    assert text.endswith('    assert capsys.readouterr().out == "1\\n"\n')
