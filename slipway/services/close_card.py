"""Takes the buttons off an approval card once it is decided."""

from __future__ import annotations

from slipway.domain.task import Task
from slipway.ports.chat import MessageRef
from slipway.ports.platform import Platform
from slipway.services.telling import telling


def close_decided_card(task: Task, platform: Platform) -> None:
    """Does nothing while nobody has decided, or while the card is not up yet: who puts it up asks again."""
    request = platform.approvals.get(task.id)
    if request is None or request.decision is None or not (request.slack_channel and request.slack_ts):
        return
    decision = request.decision
    said = "approved" if decision.decision == "approve" else f"rejected ({decision.reason})"
    with telling(platform, task.id, where="Slack"):
        platform.chat.close(
            MessageRef(channel=request.slack_channel, ts=request.slack_ts),
            f"{task.ticket_key}: {said} by {decision.actor}",
        )
