"""Turns what asked for a decision into what was decided: the card in chat, each pull request's comment."""

from __future__ import annotations

from slipway.domain.approval import ApprovalDecision
from slipway.domain.intake.commands import marker
from slipway.domain.task import Task
from slipway.ports.chat import MessageRef
from slipway.ports.platform import Platform
from slipway.services.telling import telling


def approval_marker(task_id: str) -> str:
    """What the comment that asks carries, so that it can be found and edited."""
    return f"{marker(task_id)}<!-- slipway:approval -->"


def close_decided_card(task: Task, platform: Platform) -> None:
    """Does nothing while nobody has decided; who asks later than the decision calls it again."""
    request = platform.approvals.get(task.id)
    if request is None or request.decision is None:
        return
    said = _said(request.decision)
    if request.slack_channel and request.slack_ts:
        with telling(platform, task.id, where="Slack"):
            platform.chat.close(
                MessageRef(channel=request.slack_channel, ts=request.slack_ts), f"{task.ticket_key}: {said}"
            )
    for one in task.pull_requests:
        with telling(platform, task.id, where=one.url):
            platform.forge.comment(
                one.repository,
                one.number,
                f"**This plan was {said}.** Plan: `PLAN.md`, SHA-256 `{request.plan_hash[:12]}`.",
                marker=approval_marker(task.id),
            )


def _said(decision: ApprovalDecision) -> str:
    said = {"approve": "approved", "reject": f"rejected ({decision.reason})"}.get(
        decision.decision, f"sent back ({decision.reason})"
    )
    return f"{said} by {decision.actor}"
