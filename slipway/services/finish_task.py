"""Hands a green delivery over to people: ready for review, told on the ticket and in chat, ended as done."""

from __future__ import annotations

from slipway.domain.intake.commands import marker
from slipway.domain.task import PullRequest, Task, TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.services import run_results
from slipway.services.end_task import close_task
from slipway.services.enter_state import enter_state
from slipway.services.telling import telling


def finish_task(task_id: str, platform: Platform) -> None:
    """Safe to repeat; a pull request that is ready stays ready."""
    if platform.tasks.get(task_id).state is TaskState.DONE:
        return
    task = enter_state(task_id, TaskState.FINISHING, platform)
    for one in task.pull_requests:
        platform.forge.mark_ready(one.repository, one.number)
    task = platform.tasks.patch(
        task_id,
        TaskPatch(pull_requests=tuple(one.model_copy(update={"draft": False}) for one in task.pull_requests)),
    )
    for one in task.pull_requests:
        with telling(platform, task_id, where=one.url):
            platform.forge.comment(
                one.repository,
                one.number,
                _delivered(task, one, platform),
                marker=f"{marker(task_id)}<!-- slipway:delivery -->",
            )
    status = platform.secrets.jira().status_review
    if status:
        with telling(platform, task_id, where="the board"):
            platform.tracker.transition(task.ticket_key, status)
    close_task(task_id, TaskState.DONE, _reason(task), platform)


def _reason(task: Task) -> str:
    count = len(task.pull_requests)
    subject = f"{count} pull request{'s are' if count > 1 else ' is'}"
    notes = [f"{one.ci_note} in {one.repository}" for one in task.pull_requests if one.ci_note]
    if not notes:
        return f"{subject} green and ready for review"
    return f"{subject} ready for review; {', '.join(notes)}"


def _delivered(task: Task, one: PullRequest, platform: Platform) -> str:
    result = run_results.execution(task, platform)
    lines = ["**Ready for review.** What proves it:", "", "| plan task | run | command | exit code |"]
    lines.append("| --- | --- | --- | --- |")
    lines += [
        f"| {run.task_id} | {run.phase} | `{run.command.replace('|', chr(92) + '|')}` | {run.exit_code} |"
        for run in result.evidence
        if run.repository == one.repository
    ]
    ci = f"{one.ci_note}: the runs above are the only proof" if one.ci_note else f"CI {one.ci}"
    lines += ["", f"Plan `{(task.plan_hash or '')[:12]}`, commit `{one.head_sha[:12]}`, {ci}."]
    return "\n".join(lines)
