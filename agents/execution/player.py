"""Execution without a language model: the plan's playbook solves each task, the tools prove and commit it."""

from __future__ import annotations

from collections.abc import Generator

from agents.execution.tools import ExecutionAnswer, ExecutionToolbox, Seen
from slipway.agentkit.drafts import draft_of
from slipway.agentkit.play import Play, ToolCall, attempt_all, call
from slipway.domain.errors import NeedsHuman, Permanent
from slipway.domain.plan import PlanTask
from slipway.playbooks.base import Probe, ProbeResult, WorkClass, WorkItem
from slipway.playbooks.catalogue import understand

_COMMIT_TYPES: dict[WorkClass, str] = {
    "crash": "fix",
    "rename": "refactor",
    "constant": "feat",
    "dependency": "build",
    "patch": "fix",
}


def play(toolbox: ExecutionToolbox) -> Play[ExecutionAnswer]:
    """Solve from the state before the first item, then carry out what is not committed yet."""
    plan = toolbox.run.request.plan
    waiting = [task for task in plan.tasks if task.id not in toolbox.items.done]
    if waiting:
        items = yield from _solve(toolbox)
        for task, item in zip(plan.tasks, items, strict=True):
            if task.id not in toolbox.items.done:
                yield from _carry_out(task, item, work_class=draft_of(plan).work_class)
    return ExecutionAnswer(summary=plan.summary)


def _solve(toolbox: ExecutionToolbox) -> Play[tuple[WorkItem, ...]]:
    request = toolbox.run.request
    draft = draft_of(request.plan)
    playbook, claim = understand(request.ticket)
    if playbook.work_class != draft.work_class:
        raise NeedsHuman(
            f"the plan is of class {draft.work_class}, but the ticket now reads as "
            f"{playbook.work_class}; plan it again"
        )
    solving: Generator[Probe, ProbeResult, tuple[WorkItem, ...]] = playbook.solve(
        claim, ticket=request.ticket, draft=draft, trees=toolbox.items.base_trees()
    )
    items = yield from _probing(solving, toolbox)
    if [item.repository for item in items] != [task.repository for task in request.plan.tasks]:
        raise NeedsHuman(
            f"the {draft.work_class} playbook solved {len(items)} items for "
            f"{len(request.plan.tasks)} tasks of the plan; a person must look at this ticket"
        )
    return items


def _probing(
    solving: Generator[Probe, ProbeResult, tuple[WorkItem, ...]], toolbox: ExecutionToolbox
) -> Play[tuple[WorkItem, ...]]:
    try:
        probe = next(solving)
        while True:
            # Probes ask about the state before the first item, also when some are committed already.
            files = {**toolbox.items.rewind(probe.repository), **probe.files}
            outcome = yield from call(
                "run_command",
                repository=probe.repository,
                command=probe.command,
                files=dict(files),
                timeout_seconds=probe.timeout_seconds,
            )
            seen = Seen.model_validate_json(outcome.text)
            probe = solving.send(ProbeResult(exit_code=seen.exit_code, output=seen.output))
    except StopIteration as stop:
        items: tuple[WorkItem, ...] = stop.value
        return items


def _carry_out(task: PlanTask, item: WorkItem, *, work_class: WorkClass) -> Play[None]:
    try:
        yield from _write(task, dict(item.tests))
        yield from call("run_red", task_id=task.id, command=item.red_command)
        yield from _write(task, dict(item.changes))
        yield from call("run_green", task_id=task.id, command=item.green_command)
    except Permanent as error:
        # Rules give the same answer every time: a second attempt would be the same one.
        yield from call("give_up", task_id=task.id, reason=f"the change was not proven: {error}")
    yield from call("commit", task_id=task.id, message=f"{_COMMIT_TYPES[work_class]}: {item.summary}")


def _write(task: PlanTask, files: dict[str, str | None]) -> Play[None]:
    calls = [
        ToolCall("delete_file", {"repository": task.repository, "path": path})
        if text is None
        else ToolCall("write_file", {"repository": task.repository, "path": path, "content": text})
        for path, text in files.items()
    ]
    for outcome in (yield from attempt_all(*calls)):
        if outcome.failed:
            raise Permanent(f"task {task.id}: {outcome.text}")
