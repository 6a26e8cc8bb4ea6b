"""Divisions by zero: repositories and the tickets about them."""

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="a flat module whose mean divides by no values",
        files={
            "stats.py": '''
def mean(values: list[float]) -> float:
    """Arithmetic mean."""
    return sum(values) / len(values)
''',
            "tests/test_stats.py": """
from stats import mean


def test_mean():
    assert mean([1, 2, 3]) == 2
""",
        },
        summary="mean crashes on an empty list",
        description="""
`mean([])` blows up:

```
Traceback (most recent call last):
  File "/app/stats.py", line 3, in mean
    return sum(values) / len(values)
           ~~~~~~~~~~~~^~~~~~~~~~~~~
ZeroDivisionError: division by zero
```

It should return 0.0 instead.
""",
        then="""
from stats import mean; assert mean([]) == 0.0; assert mean([2]) == 2
""",
    ),
    Case(
        name="a property of a frozen dataclass",
        files={
            "fleet/__init__.py": "",
            "fleet/trip.py": """
from dataclasses import dataclass


@dataclass(frozen=True)
class Trip:
    distance_km: float
    hours: float

    @property
    def speed(self) -> float:
        return self.distance_km / self.hours
""",
            "tests/test_trip.py": """
from fleet.trip import Trip


def test_speed() -> None:
    assert Trip(distance_km=100, hours=2).speed == 50
""",
        },
        summary="Trip.speed ZeroDivisionError",
        description="""
A trip with zero hours makes `Trip.speed` raise ZeroDivisionError: float division by zero. Expected: 0.0
""",
        then="""
from fleet.trip import Trip; assert Trip(10, 0).speed == 0.0
""",
    ),
    Case(
        name="a decorated function below a wrapper's frame",
        files={
            "jobs/__init__.py": "",
            "jobs/retry.py": """
import functools


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        return result

    return wrapper
""",
            "jobs/durations.py": """
from jobs.retry import logged


@logged
def average_duration(runs):
    total = sum(run["seconds"] for run in runs)
    return total / len(runs)
""",
            "tests/test_durations.py": """
from jobs.durations import average_duration


def test_average_duration():
    assert average_duration([{"seconds": 2}, {"seconds": 4}]) == 3
""",
        },
        summary="average_duration: division by zero",
        description="""
Traceback (most recent call last):
  File "/app/jobs/retry.py", line 7, in wrapper
    result = function(*args, **kwargs)
  File "/app/jobs/durations.py", line 7, in average_duration
    return total / len(runs)
ZeroDivisionError: division by zero

No runs means an average of 0.
""",
        then="""
from jobs.durations import average_duration; assert average_duration([]) == 0
""",
    ),
    Case(
        name="a method that is reached through a dictionary comprehension",
        files={
            "survey.py": """
from dataclasses import dataclass, field
from typing import List


@dataclass
class Question:
    text: str
    answers: List[int] = field(default_factory=list)

    def average(self) -> float:
        return sum(self.answers) / len(self.answers)


@dataclass
class Survey:
    questions: List[Question] = field(default_factory=list)

    def summary(self) -> dict:
        return {q.text: round(q.average(), 1) for q in self.questions}
""",
            "tests/test_survey.py": """
import pytest

from survey import Question, Survey


@pytest.fixture
def survey():
    return Survey([Question("a?", [1, 2])])


class TestSurvey:
    def test_summary(self, survey):
        assert survey.summary() == {"a?": 1.5}
""",
        },
        summary="Survey summary crashes for unanswered questions",
        description="""
Traceback (most recent call last):
  File "/srv/survey.py", line 20, in summary
    return {q.text: round(q.average(), 1) for q in self.questions}
  File "/srv/survey.py", line 20, in <dictcomp>
    return {q.text: round(q.average(), 1) for q in self.questions}
  File "/srv/survey.py", line 11, in average
    return sum(self.answers) / len(self.answers)
ZeroDivisionError: division by zero

Unanswered questions should have an average of 0.
""",
        then="""
from survey import *; assert Survey([Question('x')]).summary() == {'x': 0}
""",
    ),
    Case(
        name="tests in unittest's style",
        files={
            "matrix.py": """
class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __getitem__(self, position):
        row, column = position
        return self.rows[row][column]

    def column_average(self, column):
        values = [row[column] for row in self.rows]
        return sum(values) / len(values)
""",
            "tests/test_matrix.py": """
import unittest

from matrix import Matrix


class MatrixTests(unittest.TestCase):
    def setUp(self):
        self.matrix = Matrix([[1, 2], [3, 4]])

    def test_getitem(self):
        self.assertEqual(self.matrix[1, 0], 3)

    def test_column_average(self):
        self.assertEqual(self.matrix.column_average(0), 2)
""",
        },
        summary="column_average of an empty matrix",
        description="""
Matrix([]).column_average(0) fails with "ZeroDivisionError: division by zero". It ought to be 0.
""",
        then="""
from matrix import Matrix; assert Matrix([]).column_average(0) == 0
""",
    ),
    Case(
        name="a package that re-exports its functions",
        files={
            "src/pager/__init__.py": '''
"""Pagination."""

from pager.pages import Page, page_count, paginate

__all__ = ["Page", "page_count", "paginate"]
''',
            "src/pager/pages.py": '''
"""Cut lists into pages."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Sequence, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    number: int
    items: tuple


def page_count(total: int, size: int) -> int:
    return ceil(total / size)


def paginate(items: Sequence[T], size: int) -> list[Page]:
    return [
        Page(number + 1, tuple(items[number * size : (number + 1) * size]))
        for number in range(page_count(len(items), size))
    ]
''',
            "tests/test_pages.py": """
from pager import Page, page_count, paginate


def test_page_count() -> None:
    assert page_count(10, 3) == 4


def test_paginate() -> None:
    assert paginate([1, 2, 3], 2) == [Page(1, (1, 2)), Page(2, (3,))]
""",
        },
        summary="paginate(items, size=0)",
        description="""
`paginate([1, 2], 0)` raises a bare ZeroDivisionError from page_count:

```
  File "src/pager/pages.py", line 26, in paginate
    for number in range(page_count(len(items), size))
  File "src/pager/pages.py", line 20, in page_count
    return ceil(total / size)
ZeroDivisionError: division by zero
```

A page size below one makes no sense: raise `ValueError` with "size must be at least 1".
""",
        then="""
from pager import paginate
try: paginate([1], 0)
except ValueError as e: assert "size must be at least 1" in str(e)
else: raise SystemExit(1)
""",
    ),
)
