"""Risk, price, and how much tests prove."""

from __future__ import annotations

import pytest

from slipway.domain.estimate import Finished, estimate
from slipway.domain.risk import assess
from slipway.domain.test_strength import Strength, is_test_path, strength, weakened
from tests.builders import a_plan


def test_a_small_change_is_low_risk() -> None:
    assert assess(a_plan(), "Low").level == "low"


def test_reasons_add_up_to_the_level() -> None:
    risk = assess(a_plan("acme/a", "acme/b", files=("src/auth/login.py", "pyproject.toml")), "High")
    assert risk.level == "high"
    assert len(risk.reasons) == 4


def test_an_ordinary_word_that_contains_a_sensitive_one_is_no_reason() -> None:
    assert assess(a_plan(files=("src/author.py", "src/tokenizer.py")), "Low").level == "low"


def test_without_history_the_size_decides() -> None:
    guess = estimate(2, spent_usd=0.1, history=[])
    assert (guess.low_usd, guess.high_usd) == (0.4, 2.5)


def test_with_history_the_interval_comes_from_it() -> None:
    history = [Finished(cost_usd=n / 10, minutes=n) for n in range(1, 11)]
    guess = estimate(2, spent_usd=0.0, history=history)
    assert (guess.low_usd, guess.high_usd, guess.minutes) == (0.2, 1.0, 6)


@pytest.mark.parametrize(
    "path", ["tests/test_a.py", "a/test/b.py", "src/a_test.go", "a.spec.ts", "conftest.py"]
)
def test_test_files_are_recognised(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize("path", ["src/testing.py", "src/attest.py", "latest.py", "contest.py"])
def test_other_files_are_not(path: str) -> None:
    assert not is_test_path(path)


def test_python_tests_are_counted_by_their_syntax() -> None:
    source = '''
import pytest
@pytest.mark.skip
def test_a():
    """assert nothing"""
    assert 1
    with pytest.raises(ValueError):
        int("x")
class TestB:
    def test_b(self):
        self.assertEqual(1, 1)
'''
    assert strength("tests/test_a.py", source) == Strength(tests=2, asserts=3, skips=1)
    assert strength("tests/test_a.py", None) == Strength()


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (Strength(tests=1, asserts=2), "test functions"),
        (Strength(tests=2, asserts=1), "assertions"),
        (Strength(tests=2, asserts=2, skips=1), "skip markers"),
    ],
)
def test_weaker_tests_are_named(after: Strength, word: str) -> None:
    assert word in (weakened([Strength(tests=2, asserts=2)], [after]) or "")


def test_moving_a_test_to_another_file_is_not_weaker() -> None:
    one = Strength(tests=1, asserts=1)
    assert weakened([one, Strength()], [Strength(), one]) is None
