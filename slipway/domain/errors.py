"""The one error tree: its branch decides Step Functions retries, terminal states and HTTP statuses."""

from __future__ import annotations


class SlipwayError(Exception):
    """What happened, to which id, and what to do; the message is safe to show to a person."""


class Retryable(SlipwayError):
    """The same call may succeed later: throttled, a 5xx from outside, a lost heartbeat."""


class Permanent(SlipwayError):
    """The same call will fail again: bad input, not found, refused by policy."""


class NeedsHuman(SlipwayError):
    """A person must decide or act; the task ends `escalated` with this message as its reason."""


class Throttled(Retryable):
    """An outside service asked us to slow down."""


class UpstreamUnavailable(Retryable):
    """An outside service did not answer, or answered with a 5xx."""


class Conflict(Retryable):
    """Someone else changed the same item first; read again and retry."""


class InvalidInput(Permanent):
    """The input breaks its contract; the message names the field."""


class NotFound(Permanent):
    """The thing that was named does not exist, or may not be seen."""


class PolicyRefused(Permanent):
    """A rule of the platform refuses this: protected path, default branch, weakened test, missing right."""


class BudgetExceeded(Permanent):
    """A budget is used up; nothing more is spent until a person raises it."""


class EvidenceMissing(Permanent):
    """A gate did not find the proof it asks for."""


class ApprovalRejected(Permanent):
    """A person rejected the plan; the message is the reason given."""


class ApprovalExpired(Permanent):
    """Nobody decided on the plan before it expired."""


class RevisionAsked(Permanent):
    """A person sent the plan back with an instruction: the workflow plans again."""


class Stopped(Permanent):
    """A person stopped the task."""


def retryable_names() -> tuple[str, ...]:
    """Class names of every retryable error: Step Functions names a Lambda error by its Python class."""
    return tuple(sorted(_leaves(Retryable)))


def _leaves(root: type[SlipwayError]) -> set[str]:
    return {root.__name__}.union(*(_leaves(child) for child in root.__subclasses__()))
