"""What a delivery asks for: the closed set of answers of the pure decision functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slipway.domain.alert import Alert, IssueStatus
from slipway.domain.ticket import Ticket

Channel = Literal["slack", "github", "jira"]


@dataclass(frozen=True, kw_only=True)
class StartTicket:
    """A ticket was given to the platform."""

    delivery_id: str
    ticket: Ticket
    requested_by: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """A person typed a command, naming a task in `argument` or writing where it works.

    `delivery_id` is the comment's own where there is a comment, so one comment commands at most once,
    whatever is repeated or edited. `actor` is a GitHub login, a Slack user id or a Jira account id, on
    an edit of who edited. With a `problem` nothing is carried out: it is the answer.
    """

    delivery_id: str
    channel: Channel
    actor: str
    verb: str
    argument: str = ""
    repository: str = ""
    number: int = 0
    ticket_key: str = ""
    trigger_id: str = ""
    in_channel: str = ""
    in_thread: str = ""
    actor_name: str = ""
    comment_id: str = ""
    is_edit: bool = False
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalAction:
    """A person pressed a button of an approval card, or sent the dialog of a rejection."""

    delivery_id: str
    actor: str
    decision: Literal["approve", "reject"]
    task_id: str
    plan_hash: str
    reason: str | None = None
    trigger_id: str = ""
    response_url: str = ""


@dataclass(frozen=True, kw_only=True)
class CiSignal:
    """Checks of a commit ended. It only wakes: the checks are read anew from the forge."""

    delivery_id: str
    repository: str
    head_sha: str
    pull_requests: tuple[int, ...]
    failed: bool


@dataclass(frozen=True, kw_only=True)
class StateUpdate:
    """Something of ours changed outside, such as a pull request closed by a person."""

    delivery_id: str
    reason: str
    repository: str = ""
    number: int = 0
    closed: bool = False
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class Ingest:
    """An error tracker reports something."""

    delivery_id: str
    alert: Alert


@dataclass(frozen=True, kw_only=True)
class IssueChange:
    """Something became of an issue of the error tracker; `status` None says nothing about its end."""

    delivery_id: str
    subject: str
    status: IssueStatus | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """Slack asks whether this URL is ours."""

    challenge: str


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """An interaction that is not one of our forms."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Ack:
    """Nothing to do but say that we are here."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Ignore:
    """Nothing for us; the reason is answered to the sender."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Reject:
    """Not what this source sends."""

    reason: str


JiraDecision = StartTicket | Command | StateUpdate | Ignore | Reject
GitHubDecision = Command | CiSignal | StateUpdate | Ack | Ignore | Reject
SlackDecision = Command | ApprovalAction | Challenge | Interaction | Ignore | Reject
SentryDecision = Ingest | IssueChange | Ack | Ignore | Reject
Decision = JiraDecision | GitHubDecision | SlackDecision | SentryDecision


_ROUTES: dict[type[Decision], str] = {
    StartTicket: "start:ticket",
    Command: "command",
    ApprovalAction: "interaction",
    Interaction: "interaction",
    Ingest: "ingest",
    StateUpdate: "state_update",
    IssueChange: "state_update",
    Challenge: "challenge",
    Ack: "ack",
    Reject: "reject",
    Ignore: "ignore",
}


def route(decision: Decision) -> str:
    """One word for the decision, as routers are measured by."""
    if isinstance(decision, CiSignal):
        return "start:cicd" if decision.failed else "ack"
    return _ROUTES[type(decision)]
