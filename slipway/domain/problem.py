"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

from pydantic import BaseModel

from slipway.domain.errors import (
    Conflict,
    InvalidInput,
    NeedsHuman,
    NotFound,
    PolicyRefused,
    Retryable,
    SlipwayError,
    Throttled,
)
from slipway.domain.task import InvalidTransition

CONTENT_TYPE = "application/problem+json"
_STATUSES: tuple[tuple[type[SlipwayError], int, str], ...] = (
    (InvalidInput, 400, "Invalid input"),
    (NotFound, 404, "Not found"),
    (PolicyRefused, 403, "Refused"),
    (InvalidTransition, 409, "Not possible in this state"),
    (Conflict, 409, "Changed meanwhile"),
    (Throttled, 503, "Busy"),
    (Retryable, 503, "Not available"),
    (NeedsHuman, 503, "Not set up"),
)


class Problem(BaseModel, frozen=True):
    """`detail` says what happened and what to do; it never holds a secret or a stack trace."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Refused(SlipwayError):
    """A request that is answered with a problem document."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def refuse(status: int, title: str, detail: str) -> Refused:
    """The exception for a problem, ready to raise."""
    return Refused(Problem(title=title, status=status, detail=detail))


def problem_of(error: SlipwayError) -> Problem:
    """The problem document of an error of the tree."""
    if isinstance(error, Refused):
        return error.problem
    for kind, status, title in _STATUSES:
        if isinstance(error, kind):
            return Problem(title=title, status=status, detail=str(error))
    return Problem(title="Failed", status=500, detail=str(error))
