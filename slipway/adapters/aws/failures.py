"""AWS errors, told apart into the error tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from slipway.domain.errors import Conflict, NotFound, Permanent, SlipwayError, Throttled, UpstreamUnavailable

_KINDS: dict[str, type[SlipwayError]] = {
    "ThrottlingException": Throttled,
    "Throttling": Throttled,
    "TooManyRequestsException": Throttled,
    "ProvisionedThroughputExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "SlowDown": Throttled,
    "ServiceQuotaExceededException": Throttled,
    "TransactionInProgressException": Conflict,
    "TransactionConflictException": Conflict,
    "NoSuchKey": NotFound,
    "NoSuchBucket": NotFound,
    "404": NotFound,
    "ResourceNotFoundException": NotFound,
    "NotFoundException": NotFound,
    "AWS.SimpleQueueService.NonExistentQueue": NotFound,
    # The agent's process did not come up or died while answering; a fresh session may work.
    "RuntimeClientError": UpstreamUnavailable,
}


class ConditionFailed(Exception):
    """A conditional write found the row otherwise; each adapter says what that means."""


def code(error: ClientError) -> str:
    """The service's name for the error."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


@contextmanager
def mapped(doing: str) -> Iterator[None]:
    """Raise our error for AWS's; `doing` says what was attempted, with the id."""
    try:
        yield
    except ClientError as error:
        if code(error) == "ConditionalCheckFailedException":
            raise ConditionFailed(doing) from error
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        kind = _KINDS.get(code(error), UpstreamUnavailable if status >= 500 else Permanent)
        raise kind(f"{doing} failed: {code(error)}{_said(error)}") from error
    except BotoCoreError as error:
        raise UpstreamUnavailable(f"{doing} failed: {type(error).__name__}; AWS did not answer") from error


def _said(error: ClientError) -> str:
    """The last line of the service's own message: for a process that did not start, its error."""
    lines = str(error.response.get("Error", {}).get("Message", "")).strip().splitlines()
    return f": {lines[-1][:300]}" if lines else ""
