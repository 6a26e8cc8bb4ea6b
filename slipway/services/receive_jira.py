"""A Jira webhook from raw bytes to answer."""

from __future__ import annotations

from slipway.domain.errors import NotFound
from slipway.domain.intake import jira
from slipway.domain.intake.decisions import Command, Ignore, Reject, StartTicket, StateUpdate
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, check_content_type, check_size, read_object
from slipway.domain.intake.signatures import check_body_signature
from slipway.domain.problem import refuse
from slipway.ports.platform import Platform
from slipway.services.accept_event import accept_event
from slipway.services.carry_out_command import Person, carry_out_command, find_task
from slipway.services.once import once
from slipway.services.reply import Reply, ignored
from slipway.services.telling import telling

SOURCE = "jira"


def receive_jira(delivery: Delivery, platform: Platform) -> Reply:
    """202 with the task, 200 with the reason why there is none; raises Refused for anything unproven."""
    check_size(delivery)
    connection = platform.secrets.jira()
    check_body_signature(
        delivery,
        [secret.get_secret_value() for secret in connection.webhook_secrets],
        header=jira.SIGNATURE_HEADER,
    )
    check_content_type(delivery, JSON_TYPE)
    decision = jira.decide(
        delivery,
        read_object(delivery.body),
        label=platform.limits.ai_label,
        bot_account_id=connection.bot_account_id,
        site_url=connection.base_url,
    )
    match decision:
        case Ignore(reason=reason) | StateUpdate(reason=reason):
            return ignored(reason)
        case Reject(reason=reason):
            raise refuse(400, "Not a Jira webhook", reason)
        case Command():
            return _command(decision, platform)
        case StartTicket():
            return _start(decision, platform)


def _start(start: StartTicket, platform: Platform) -> Reply:
    accepted = accept_event(start, platform)
    if accepted.outcome == "accepted":
        return Reply(status=202, body={"task_id": accepted.task_id, "state": "queued"})
    if accepted.outcome == "duplicate_delivery":
        return ignored("this delivery was accepted before", task_id=accepted.task_id)
    return ignored(f"{start.ticket.key} has an open task", task_id=accepted.task_id)


def _command(command: Command, platform: Platform) -> Reply:
    """Answered on the ticket; a ticket that never had a task is not ours to answer on."""
    try:
        task_id = find_task(command.ticket_key, platform).id
    except NotFound:
        return ignored(f"{command.ticket_key} has no task")
    with once(SOURCE, command.delivery_id, platform) as is_first:
        if not is_first:
            return ignored("this comment was handled before", task_id=task_id)
        person = Person(
            name=command.actor_name or command.actor,
            channel="jira",
            account=command.actor,
            may_decide=False,
        )
        answer = command.problem or carry_out_command(
            command.verb, command.argument, person=person, platform=platform, default_task=task_id
        )
    with telling(platform, task_id, where=command.ticket_key):
        platform.tracker.write_comment(command.ticket_key, f"{person.name}: {answer}", comment_id=None)
    return Reply(status=202, body={"task_id": task_id, "answer": answer})
