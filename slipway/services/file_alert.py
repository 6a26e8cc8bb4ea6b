"""Gives an alert its ticket and its task. Every step may be repeated: the same ticket, the same task."""

from __future__ import annotations

from slipway.domain.alert import AlertRecord, AlertState
from slipway.domain.errors import NotFound
from slipway.domain.intake.decisions import StartTicket
from slipway.domain.secret_scan import without_credentials
from slipway.ports.platform import Platform
from slipway.ports.tracker import NewTicket
from slipway.services.accept_event import accept_event


def file_alert(subject: str, platform: Platform) -> str | None:
    """The task's id; None when nothing waits to be filed.

    The task's subject is the ticket, so the Sentry issue, its ticket and its pull request are one.
    """
    record = platform.alerts.get(subject)
    if record is None or record.state is not AlertState.WAITING:
        return None
    key = record.ticket_key or platform.alerts.set_ticket(subject, _ticket(record, platform))
    # The label is what says that the platform may work on it, also on a ticket that people filed.
    platform.tracker.add_label(key, platform.limits.ai_label)
    accepted = accept_event(
        StartTicket(
            delivery_id=record.delivery_id, ticket=platform.tracker.ticket(key), requested_by="Sentry"
        ),
        platform,
    )
    platform.alerts.filed(subject, episode=record.episode, task_id=accepted.task_id)
    return accepted.task_id


def _ticket(record: AlertRecord, platform: Platform) -> str:
    """The ticket that people linked, else the one made by an earlier attempt, else a new one."""
    alert = record.alert
    if alert.linked_ticket and _is_there(alert.linked_ticket, platform):
        return alert.linked_ticket
    connection = platform.secrets.sentry()
    return platform.tracker.labelled(alert.label) or platform.tracker.create(
        NewTicket(
            project=connection.jira_projects.get(alert.project, connection.jira_project),
            # Programs write what they hold into their errors; a ticket must not hold it too.
            summary=without_credentials(alert.summary),
            description=without_credentials(alert.description),
            labels=(alert.label,),
            priority=alert.priority,
        )
    )


def _is_there(key: str, platform: Platform) -> bool:
    """A ticket may be linked in another site than ours, or deleted since."""
    try:
        platform.tracker.ticket(key)
    except NotFound:
        return False
    return True
