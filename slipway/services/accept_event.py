"""Turns a delivery that asks for work into exactly one queued task."""

from __future__ import annotations

from slipway.domain.event import EventKind, new_event
from slipway.domain.intake.decisions import StartTicket
from slipway.domain.metrics import Metric
from slipway.domain.subjects import named_repositories, sentry_subjects
from slipway.domain.task import Task, TaskState, task_id
from slipway.ports.platform import Platform
from slipway.ports.tasks import Acceptance
from slipway.services.telling import telling

JIRA = "jira"


def accept_event(start: StartTicket, platform: Platform) -> Acceptance:
    """One transaction; repeated, duplicated or concurrent deliveries all end in the same task."""
    now = platform.clock()
    ticket = start.ticket
    task = Task(
        id=task_id(ticket.key, start.delivery_id),
        state=TaskState.QUEUED,
        source=JIRA,
        subject=f"{JIRA}:{ticket.key}",
        aliases=sentry_subjects(ticket),
        repositories=named_repositories(ticket),
        ticket_key=ticket.key,
        ticket_url=ticket.url,
        title=ticket.summary,
        priority=ticket.priority,
        requested_by=start.requested_by,
        created_at=now,
        updated_at=now,
    )
    accepted = platform.tasks.accept(
        task,
        delivery_id=start.delivery_id,
        event=new_event(
            task.id,
            EventKind.TASK_ACCEPTED,
            f"{ticket.key} was accepted and queued with priority {ticket.priority}",
            at=now,
            actor=start.requested_by or "platform",
            detail={"delivery_id": start.delivery_id, "source": JIRA},
        ),
    )
    if accepted.outcome == "accepted":
        platform.metrics.count(Metric.TASKS_ACCEPTED)
    elif accepted.outcome == "already_open":
        # Answered once is answered: its repetition after that task's end must not start another.
        platform.tasks.remember_delivery(task.source, start.delivery_id, task_id=accepted.task_id)
        _tell_whose(start, accepted.task_id, platform)
    return accepted


def _tell_whose(start: StartTicket, holder: str, platform: Platform) -> None:
    """A ticket about the same thing as another one is answered once; nothing is to be said about itself."""
    other = platform.tasks.get(holder)
    if other.ticket_key == start.ticket.key:
        return
    if platform.tasks.remember_delivery("same_subject", f"{start.ticket.key}#{holder}"):
        with telling(platform, holder, where=start.ticket.key):
            platform.tracker.write_comment(
                start.ticket.key,
                f"{other.ticket_key} is about the same thing and is worked on already (task `{holder}`), "
                "so no second task was started.",
                comment_id=None,
            )
