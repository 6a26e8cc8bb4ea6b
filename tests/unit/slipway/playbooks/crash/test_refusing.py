"""What the crash playbook leaves to a person, and how it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft
from slipway.playbooks.catalogue import understand
from slipway.playbooks.crash import CrashPlaybook
from tests.unit.slipway.playbooks.crash.bench import REPOSITORY, Case, Workplace, discovery, solve

RATES = {
    "rates.py": """
    class Rate:
        def __init__(self, name, value):
            self.name = name
            self.value = value


    RATES = {"EUR": Rate("euro", 1.0)}


    def rate_of(code: str) -> Rate:
        return RATES[code]
    """,
}


def ticket(description: str, summary: str = "Something is wrong") -> Ticket:
    return Ticket(key="OPS-9", summary=summary, description=description)


def test_a_vague_wish_needs_a_language_model() -> None:
    with pytest.raises(NeedsHuman, match=r"OPS-9.*traceback.*SLIPWAY_MODEL_PROVIDER=bedrock or openai"):
        understand(ticket("The start page should feel more modern and load faster."))


def test_a_feature_that_speaks_of_errors_is_no_crash() -> None:
    assert CrashPlaybook().recognise(ticket("Show an error page when the service is down.")) is None


def test_a_badly_worded_error_is_no_crash() -> None:
    words = "`ValueError: amt bad` is raised for bad ones. The message should say `amount must be positive`."
    assert CrashPlaybook().recognise(ticket(words)) is None


def test_a_traceback_in_third_party_code_only_is_refused() -> None:
    words = """
Traceback (most recent call last):
  File "/usr/local/lib/python3.12/site-packages/celery/app/trace.py", line 453, in trace_task
    R = retval = fun(*args, **kwargs)
  File "/usr/local/lib/python3.12/site-packages/kombu/entity.py", line 12, in declare
    return self.options["name"]
KeyError: 'name'
"""
    with pytest.raises(NeedsHuman, match="only in third-party code"):
        drafted(words, RATES)


def test_a_traceback_of_files_that_nobody_has_is_refused() -> None:
    words = """
  File "/app/billing/invoice.py", line 3, in total_of
    return sum(lines) / len(lines)
ZeroDivisionError: division by zero
"""
    with pytest.raises(NeedsHuman, match=r"billing/invoice\.py.*found no such file"):
        drafted(words, RATES)


def test_a_protected_file_is_left_to_a_person() -> None:
    words = "`rate_of('XXX')` raises KeyError: 'XXX'. It should return None."
    with pytest.raises(NeedsHuman, match=r"rates\.py of acme/thing is protected"):
        drafted(words, {**RATES, ".slipway.yml": "protected: rates.py\n"})


def test_nothing_is_invented_when_nothing_says_what_should_happen(tmp_path: Path) -> None:
    case = Case(
        name="open",
        files=RATES,
        summary="rate_of fails",
        description="`rate_of('XXX')` raises KeyError: 'XXX'.",
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"reproduced KeyError.*nothing says what rate_of should do instead"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_a_crash_that_never_happens_is_not_repaired(tmp_path: Path) -> None:
    case = Case(
        name="unreal",
        files={"names.py": "def full_name(first: str, last: str) -> str:\n    return first + last\n"},
        summary="full_name divides by zero",
        description="`full_name('a', 'b')` raises ZeroDivisionError: division by zero. It should return ''.",
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"could not reproduce ZeroDivisionError.*add an example"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_a_crash_that_existing_tests_ask_for_stays(tmp_path: Path) -> None:
    case = Case(
        name="wanted",
        files={
            "stock.py": "STOCK = {'a': 1}\n\n\ndef count(sku):\n    return STOCK[sku]\n",
            "tests/test_stock.py": """
            import pytest

            from stock import count


            def test_unknown_sku():
                with pytest.raises(KeyError):
                    count("zzz")
            """,
        },
        summary="count crashes",
        description="`count('zzz')` raises KeyError: 'zzz'. It should return 0.",
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"not prove a fix.*breaks tests/test_stock\.py::test_unknown_sku"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_a_wish_that_is_not_understood_is_quoted_and_not_replaced_by_a_guess() -> None:
    words = "`rate_of('XXX')` raises KeyError: 'XXX'. The rate of the day before should be used."
    with pytest.raises(NeedsHuman, match=r"“The rate of the day before should be used\.”\. Understood are"):
        drafted(words, RATES)


def test_a_wish_that_points_at_nothing_in_the_code_needs_a_person(tmp_path: Path) -> None:
    case = Case(
        name="pointing",
        files=RATES,
        summary="rate_of fails",
        description="`rate_of('XXX')` raises KeyError: 'XXX'. It should fall back to the house rate.",
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"what the code knows as “house rate”"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_a_number_made_from_the_input_is_not_returned_as_a_constant(tmp_path: Path) -> None:
    case = Case(
        name="sizes",
        files={
            "sizes.py": """
            UNITS = {"K": 1024}


            def size(text):
                return int(text[:-1]) * UNITS[text[-1]]
            """
        },
        summary="size crashes",
        description="`size('3M')` raises KeyError: 'M'. `size('3M')` should be 3145728.",
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"no small guard makes it so that the result is 3145728"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_a_result_that_makes_the_caller_crash_is_no_repair(tmp_path: Path) -> None:
    case = Case(
        name="fuel",
        files={
            "fuel.py": """
            def consumption(litres, km):
                return litres * 100 / km


            def overview(trips):
                return [round(consumption(trip["litres"], trip["km"]), 1) for trip in trips]
            """,
            "tests/test_fuel.py": """
            from fuel import overview


            def test_overview():
                assert overview([{"litres": 6, "km": 100}]) == [6.0]
            """,
        },
        summary="overview crashes",
        description="""
          File "fuel.py", line 6, in overview
            return [round(consumption(trip["litres"], trip["km"]), 1) for trip in trips]
          File "fuel.py", line 2, in consumption
            return litres * 100 / km
        ZeroDivisionError: division by zero

        `consumption` should return `None` for a car that never moved.
        """,
        then="",
    )
    with pytest.raises(NeedsHuman, match=r"returns None .* overview then raises TypeError"):
        solve(case, Workplace(tmp_path, case.tree()))


def test_what_is_assumed_stands_in_the_plan() -> None:
    files = {
        "series.py": '''
        def coldest(days):
            """The lowest, or None if there are none."""
            return min(days)
        '''
    }
    words = """
  File "series.py", line 3, in coldest
    return min(days)
ValueError: min() arg is an empty sequence
"""
    draft = drafted(words, files)
    assert draft.in_scope[0] == (
        "Assumption: the ticket does not say what should happen instead; the result is None, "
        "because the docstring of `coldest` says so"
    )


def test_two_different_hints_are_left_to_a_person() -> None:
    files = {
        "series.py": """
        def coldest(days, kind=None):
            if kind == "snow":
                return 0
            if kind == "ice":
                return None
            return min(days)
        """
    }
    words = """
  File "series.py", line 6, in coldest
    return min(days)
ValueError: min() arg is an empty sequence
"""
    with pytest.raises(NeedsHuman, match=r"the result is 0, because .* or the result is None"):
        drafted(words, files)


def drafted(words: str, files: dict[str, str]) -> Draft:
    case = Case(name="", files=files, summary="It crashes", description=words, then="")
    playbook = CrashPlaybook()
    claim = playbook.recognise(case.ticket())
    assert claim is not None
    trees = {REPOSITORY: case.tree()}
    return playbook.draft(claim, ticket=case.ticket(), discovery=discovery(REPOSITORY), trees=trees)
