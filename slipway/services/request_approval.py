"""Asks people to decide on a plan, on every channel they use, and lets the workflow sleep until they do."""

from __future__ import annotations

from datetime import timedelta

from slipway.domain.approval import ApprovalRequest
from slipway.domain.counted import counted
from slipway.domain.estimate import Estimate, Finished, estimate
from slipway.domain.event import EventKind
from slipway.domain.hidden_text import hidden_note
from slipway.domain.published_plan import PublishedPlan
from slipway.domain.risk import Risk, assess
from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.chat import ApprovalCard, MessageRef
from slipway.ports.platform import Platform
from slipway.services import run_results
from slipway.services.close_card import approval_marker, close_decided_card
from slipway.services.complete_decision import complete_decision
from slipway.services.enter_state import enter_state
from slipway.services.task_thread import task_thread
from slipway.services.telling import telling
from slipway.services.ticket_tricks import ticket_tricks

_HISTORY = 50


def request_approval(task_id: str, task_token: str, platform: Platform) -> None:
    """Safe to repeat: a new token replaces the old one, and a decision already taken is passed on."""
    task = platform.tasks.get(task_id)
    published = run_results.published_plan(task, platform)
    earlier = platform.approvals.get(task_id)
    if earlier is not None and earlier.revision != task.revision:
        # What was asked about a plan that was sent back is closed; the new plan gets a card of its own.
        earlier = None
    if earlier is not None and earlier.plan_hash == published.hash and earlier.decision is not None:
        complete_decision(earlier.model_copy(update={"task_token": task_token}), platform)
        return
    task = _publish(task, published, platform)
    discovered = run_results.discovery(task, platform)
    risk = assess(published.plan, discovered.estimated_complexity)
    cost = _estimate(task, published, platform)
    now = platform.clock()
    request = ApprovalRequest(
        task_id=task_id,
        plan_hash=published.hash,
        task_token=task_token,
        requested_at=now,
        expires_at=now + timedelta(hours=platform.limits.approval_hours),
        estimate_low_usd=cost.low_usd,
        estimate_high_usd=cost.high_usd,
        estimate_minutes=cost.minutes,
        risk=risk.level,
        revision=task.revision,
        slack_channel=earlier.slack_channel if earlier else None,
        slack_ts=earlier.slack_ts if earlier else None,
    )
    platform.approvals.put(request)
    platform.event_log.append(
        task_id,
        EventKind.APPROVAL_REQUESTED,
        f"asked people to decide: risk {risk.level}, {cost}",
        detail={
            "plan_hash": published.hash,
            "risk": risk.level,
            "low_usd": cost.low_usd,
            "high_usd": cost.high_usd,
            "expires_at": request.expires_at.isoformat(),
        },
    )
    task = enter_state(task_id, TaskState.AWAITING_APPROVAL, platform)
    show_card(request, task, published, risk, str(cost), platform)
    # Somebody quick may have decided by command line before the card was up.
    close_decided_card(task, platform)


def show_card(
    request: ApprovalRequest,
    task: Task,
    published: PublishedPlan,
    risk: Risk,
    cost: str,
    platform: Platform,
) -> None:
    """In the task's Slack thread with buttons, on each pull request with the words to type."""
    card = _card(request, task, published, risk, cost, hidden=ticket_tricks(task.id, platform))
    with telling(platform, task.id, where="Slack"):
        earlier = (
            MessageRef(channel=request.slack_channel, ts=request.slack_ts)
            if request.slack_channel and request.slack_ts
            else None
        )
        message = platform.chat.ask(card, thread=task_thread(task), replace=earlier)
        platform.approvals.place(task.id, channel=message.channel, ts=message.ts)
    for pull_request in task.pull_requests:
        with telling(platform, task.id, where=pull_request.url):
            platform.forge.comment(
                pull_request.repository,
                pull_request.number,
                _comment(card),
                marker=approval_marker(task.id),
            )


def _publish(task: Task, published: PublishedPlan, platform: Platform) -> Task:
    pull_requests = tuple(one.as_pull_request() for one in published.pull_requests)
    if task.plan_hash == published.hash and task.pull_requests:
        return task
    platform.event_log.append(
        task.id,
        EventKind.PLAN_PUBLISHED,
        f"PLAN.md is on {counted(len(pull_requests), 'draft pull request')}",
        actor="planning",
        detail={"plan_hash": published.hash, "pull_requests": [one.url for one in pull_requests]},
    )
    return platform.tasks.patch(
        task.id,
        TaskPatch(
            plan_hash=published.hash,
            pull_requests=pull_requests,
            repositories=published.plan.repositories,
        ),
    )


def _estimate(task: Task, published: PublishedPlan, platform: Platform) -> Estimate:
    done = [one for one in platform.tasks.in_state(TaskState.DONE) if one.ended_at is not None]
    history = [
        Finished(
            cost_usd=one.cost_usd,
            minutes=((one.ended_at or one.updated_at) - one.created_at).total_seconds() / 60,
        )
        for one in done[-_HISTORY:]
    ]
    return estimate(len(published.plan.tasks), spent_usd=task.cost_usd, history=history)


def _card(
    request: ApprovalRequest,
    task: Task,
    published: PublishedPlan,
    risk: Risk,
    cost: str,
    *,
    hidden: tuple[str, ...],
) -> ApprovalCard:
    plan = published.plan
    several = len(plan.repositories) > 1
    return ApprovalCard(
        task_id=task.id,
        ticket_key=task.ticket_key,
        ticket_url=task.ticket_url,
        title=plan.title,
        summary=plan.summary,
        plan_hash=request.plan_hash,
        files=tuple(
            dict.fromkeys(
                f"{one.repository}: {path}" if several else path for one in plan.tasks for path in one.files
            )
        ),
        tests=tuple(
            f"{case.path}: {case.description}"
            for case in (*plan.test_strategy.unit_tests, *plan.test_strategy.integration_tests)
        ),
        pull_requests=tuple((f"{one.repository}#{one.number}", one.url) for one in task.pull_requests),
        risk=risk.level,
        risk_reasons=risk.reasons,
        estimate=cost,
        expires_at=request.expires_at,
        hidden=hidden,
    )


def _comment(card: ApprovalCard) -> str:
    why = f" ({'; '.join(card.risk_reasons)})" if card.risk_reasons else ""
    # As code: what was hidden must be read here, not hidden again.
    hidden = hidden_note(one.replace("`", "'") for one in card.hidden)
    warning = [f"**Careful:** `{hidden}`.", ""] if hidden else []
    return "\n".join(
        [
            f"**This plan waits for approval** until {card.expires_at:%Y-%m-%d %H:%M} UTC.",
            "",
            f"Risk: {card.risk}{why}. Estimate: {card.estimate}.",
            f"Plan: `PLAN.md`, SHA-256 `{card.plan_hash[:12]}`. A change of it asks again.",
            "",
            *warning,
            "Reply `/agent approve`, `/agent revise <instruction>` or `/agent reject <reason>`. "
            "Nothing is changed before that.",
        ]
    )
