"""Errors as problem documents."""

from __future__ import annotations

import pytest

from slipway.domain.errors import InvalidInput, NeedsHuman, NotFound, PolicyRefused, SlipwayError, Throttled
from slipway.domain.problem import problem_of, refuse
from slipway.domain.task import InvalidTransition


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("a"), 400),
        (NotFound("a"), 404),
        (PolicyRefused("a"), 403),
        (InvalidTransition("a"), 409),
        (Throttled("a"), 503),
        (NeedsHuman("a"), 503),
        (SlipwayError("a"), 500),
        (refuse(415, "Unsupported", "a"), 415),
    ],
)
def test_every_branch_of_the_tree_has_its_status(error: SlipwayError, status: int) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.detail) == (status, "a")
