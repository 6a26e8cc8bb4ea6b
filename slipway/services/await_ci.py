"""Puts a task to sleep until its checks have ended, and wakes it when they have."""

from __future__ import annotations

from slipway.domain.ci_wait import CiOutcome, CiWait, FailedHead, WatchedHead
from slipway.domain.errors import NeedsHuman
from slipway.domain.event import EventKind
from slipway.domain.evidence import CiReport
from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.ports.step_tokens import StepGone
from slipway.services.ci_truth import ci_report, has_no_ci
from slipway.services.enter_state import enter_state


def await_ci(task_id: str, task_token: str, platform: Platform) -> None:
    """Register the wait; checks that have ended by now wake it at once."""
    task = enter_state(task_id, TaskState.AWAITING_CI, platform)
    earlier = platform.ci_waits.get(task_id)
    heads = tuple(
        WatchedHead(repository=one.repository, number=one.number, head_sha=one.head_sha)
        for one in task.pull_requests
    )
    if earlier is not None and earlier.heads == heads and earlier.outcome is None:
        wait = earlier.model_copy(update={"task_token": task_token})
    else:
        wait = CiWait(
            task_id=task_id,
            task_token=task_token,
            round=task.ci_round,
            heads=heads,
            registered_at=platform.clock(),
        )
        names = ", ".join(f"{head.repository}#{head.number} at {head.head_sha[:7]}" for head in heads)
        platform.event_log.append(task_id, EventKind.CI_WAITED, f"waiting for the checks of {names}")
    platform.ci_waits.put(wait)
    evaluate_ci(task_id, platform)


def evaluate_ci(task_id: str, platform: Platform) -> CiOutcome | None:
    """Read the checks anew; the outcome is written first and then told, so that neither is lost."""
    task, wait = platform.tasks.get(task_id), platform.ci_waits.get(task_id)
    if wait is None or task.state is not TaskState.AWAITING_CI:
        return None
    outcome = wait.outcome
    if outcome is None:
        try:
            outcome = _outcome(wait, platform)
        except NeedsHuman as error:
            _fail(wait, error, platform)
            return None
        if outcome is None:
            return None
        if not platform.ci_waits.conclude(task_id, task_token=wait.task_token, outcome=outcome):
            return None
        _record(task, outcome, platform)
    _tell(wait, outcome, platform)
    return outcome


def _outcome(wait: CiWait, platform: Platform) -> CiOutcome | None:
    waited = (platform.clock() - wait.registered_at).total_seconds()
    failed: list[FailedHead] = []
    without: list[str] = []
    for head in wait.heads:
        _check_head(head, platform)
        report: CiReport = ci_report(head, platform)
        if report.state == "failure":
            failed.append(FailedHead(repository=head.repository, number=head.number))
        elif report.state != "success":
            if waited < platform.limits.ci_grace_seconds or not has_no_ci(head, report, platform):
                return None
            without.append(head.repository)
    note = f"no CI is configured in {', '.join(without)}" if without else ""
    if failed:
        return CiOutcome(state="failure", round=wait.round + 1, failed=tuple(failed), note=note)
    return CiOutcome(state="success", round=wait.round, note=note)


def _check_head(head: WatchedHead, platform: Platform) -> None:
    view = platform.forge.pull_request(head.repository, head.number)
    if view.state != "open":
        raise NeedsHuman(f"pull request {head.repository}#{head.number} was {view.state} while CI ran")
    if view.head_sha != head.head_sha:
        raise NeedsHuman(
            f"someone pushed {view.head_sha[:12]} to {head.repository}#{head.number} while CI ran on "
            f"{head.head_sha[:12]}; the pull request is theirs now"
        )


def _record(task: Task, outcome: CiOutcome, platform: Platform) -> None:
    red = {(one.repository, one.number) for one in outcome.failed}
    platform.tasks.patch(
        task.id,
        TaskPatch(
            ci_round=outcome.round,
            pull_requests=tuple(
                one.model_copy(update={"ci": "failure" if (one.repository, one.number) in red else "success"})
                for one in task.pull_requests
            ),
        ),
    )
    said = (
        "every check is green"
        if outcome.state == "success"
        else f"CI failed in {', '.join(one.repository for one in outcome.failed)} (round {outcome.round})"
    )
    platform.event_log.append(
        task.id,
        EventKind.CI_CONCLUDED,
        f"{said}; {outcome.note}" if outcome.note else said,
        detail={"state": outcome.state, "round": outcome.round},
    )


def _tell(wait: CiWait, outcome: CiOutcome, platform: Platform) -> None:
    try:
        platform.step_tokens.succeed(
            wait.task_token, outcome.model_dump_json(include={"state", "round", "failed"})
        )
    except StepGone:
        # Told before, or the wait has timed out: the workflow has moved on by itself.
        return


def _fail(wait: CiWait, error: NeedsHuman, platform: Platform) -> None:
    try:
        platform.step_tokens.fail(wait.task_token, error=type(error).__name__, cause=str(error))
    except StepGone:
        return
