"""What a failed run is called: the error of the tree that it was, or a message that gives nothing away."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

from slipway.domain.errors import NeedsHuman, SlipwayError, Throttled, UpstreamUnavailable

logger = logging.getLogger(__name__)


class RunCancelled(Exception):
    """Nobody waits for this run any more."""


@dataclass(frozen=True)
class Failure:
    """How a run that did not succeed is recorded and reported."""

    status: Literal["failed", "needs_human", "cancelled"]
    error: str
    message: str


# Names rather than classes: the libraries that raise these load slowly and are not needed for it.
_LIBRARY_ERRORS: dict[str, SlipwayError] = {
    "ModelThrottledException": Throttled("the model service asked us to slow down"),
    "EndpointConnectionError": UpstreamUnavailable("the model service could not be reached"),
    "ReadTimeoutError": UpstreamUnavailable("the model service did not answer in time"),
    "APIConnectionError": UpstreamUnavailable(
        "the model endpoint could not be reached; check SLIPWAY_MODEL_BASE_URL"
    ),
    "APITimeoutError": UpstreamUnavailable("the model endpoint did not answer in time"),
    "ContextWindowOverflowException": NeedsHuman(
        "the work does not fit into the model's context; narrow the ticket or choose a larger model"
    ),
    "MaxTokensReachedException": NeedsHuman(
        "the model's answer was cut off at its output limit; narrow the ticket or choose a larger model"
    ),
    "StructuredOutputException": NeedsHuman("the model did not give its answer in the required form"),
}


def failure_of(error: BaseException, *, run_id: str) -> Failure:
    """Find the cause under the framework's wrapping and name it."""
    for cause in _chain(error):
        if isinstance(cause, RunCancelled):
            return Failure("cancelled", "Stopped", str(cause))
        known = cause if isinstance(cause, SlipwayError) else _LIBRARY_ERRORS.get(type(cause).__name__)
        if known is not None:
            status: Literal["failed", "needs_human"] = (
                "needs_human" if isinstance(known, NeedsHuman) else "failed"
            )
            return Failure(status, type(known).__name__, str(known))
    logger.error("run_id=<%s> | agent failed unexpectedly", run_id, exc_info=error)
    return Failure(
        "failed",
        "AgentFault",
        f"run {run_id} failed unexpectedly ({type(error).__name__}); its log has the details",
    )


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__
    return found
