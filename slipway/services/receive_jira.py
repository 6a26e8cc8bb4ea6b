"""A Jira webhook from raw bytes to answer."""

from __future__ import annotations

from slipway.domain.intake import jira
from slipway.domain.intake.decisions import Ignore, Reject, StartTicket, StateUpdate
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, check_content_type, check_size, read_object
from slipway.domain.intake.signatures import check_body_signature
from slipway.domain.problem import refuse
from slipway.ports.platform import Platform
from slipway.services.accept_event import accept_event
from slipway.services.reply import Reply, ignored


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
        case StartTicket():
            accepted = accept_event(decision, platform)
    if accepted.outcome == "accepted":
        return Reply(status=202, body={"task_id": accepted.task_id, "state": "queued"})
    if accepted.outcome == "duplicate_delivery":
        return ignored("this delivery was accepted before", task_id=accepted.task_id)
    return ignored(f"{decision.ticket.key} has an open task", task_id=accepted.task_id)
