"""Puts a task to sleep until its checks have ended, and wakes it when they have."""

from __future__ import annotations

from slipway.domain.ci_wait import CiOutcome, CiWait, FailedHead, WatchedHead
from slipway.domain.errors import NeedsHuman
from slipway.domain.event import EventKind
from slipway.domain.evidence import CiReport
from slipway.domain.task import PullRequest, Task, TaskPatch, TaskState
from slipway.ports.forge import PullRequestView
from slipway.ports.platform import Platform
from slipway.ports.step_tokens import StepGone
from slipway.services.agents_off import agents_kept_off
from slipway.services.ci_truth import ci_report, may_report
from slipway.services.enter_state import enter_state

NO_CI = "no CI is configured"


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
    if wait is None or task.state is not TaskState.AWAITING_CI or agents_kept_off(task, platform):
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
    settled = (platform.clock() - wait.registered_at).total_seconds() >= platform.limits.ci_grace_seconds
    failed: list[FailedHead] = []
    without: list[str] = []
    for head in wait.heads:
        view = _unmoved(head, platform)
        report: CiReport = ci_report(head, platform)
        if report.state == "failure":
            failed.append(FailedHead(repository=head.repository, number=head.number))
        elif report.state != "success":
            if report.checks or may_report(head, view, settled=settled, platform=platform):
                return None
            without.append(head.repository)
    return CiOutcome(
        state="failure" if failed else "success",
        round=wait.round + bool(failed),
        failed=tuple(failed),
        without_ci=tuple(without),
    )


def _unmoved(head: WatchedHead, platform: Platform) -> PullRequestView:
    view = platform.forge.pull_request(head.repository, head.number)
    if view.state != "open":
        raise NeedsHuman(f"pull request {head.repository}#{head.number} was {view.state} while CI ran")
    if view.head_sha != head.head_sha:
        raise NeedsHuman(
            f"someone pushed {view.head_sha[:12]} to {head.repository}#{head.number} while CI ran on "
            f"{head.head_sha[:12]}; the pull request is theirs now"
        )
    return view


def _record(task: Task, outcome: CiOutcome, platform: Platform) -> None:
    platform.tasks.patch(
        task.id,
        TaskPatch(
            ci_round=outcome.round,
            pull_requests=tuple(_with_outcome(one, outcome) for one in task.pull_requests),
        ),
    )
    platform.event_log.append(
        task.id,
        EventKind.CI_CONCLUDED,
        _sentence(task, outcome),
        detail={
            "state": outcome.state,
            "round": outcome.round,
            "without_ci": list(outcome.without_ci),
        },
    )


def _with_outcome(one: PullRequest, outcome: CiOutcome) -> PullRequest:
    red = any((one.repository, one.number) == (head.repository, head.number) for head in outcome.failed)
    note = NO_CI if one.repository in outcome.without_ci else ""
    return one.model_copy(update={"ci": "failure" if red else "success", "ci_note": note})


def _sentence(task: Task, outcome: CiOutcome) -> str:
    said: list[str] = []
    if outcome.failed:
        said.append(
            f"CI failed in {', '.join(one.repository for one in outcome.failed)} (round {outcome.round})"
        )
    elif len(outcome.without_ci) < len(task.pull_requests):
        said.append("every check is green")
    if outcome.without_ci:
        said.append(f"{NO_CI} in {', '.join(outcome.without_ci)}")
    return "; ".join(said)


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
