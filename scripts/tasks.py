"""`slipway tasks`: see what runs, decide on plans, stop and retry."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import BaseModel, JsonValue
from rich.console import Group

from scripts.delivery_report import delivery_report, render
from scripts.output import Output, OutputOption, emit, table
from scripts.target import Target, resolve
from slipway.domain.errors import InvalidInput
from slipway.domain.queue import QueuePlace
from slipway.domain.task import Task, TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.explain import explain as explain_task
from slipway.services.queue_place import read_queue
from slipway.services.retry_task import retry_task
from slipway.services.stop_task import stop_task

app = typer.Typer(
    help="See what runs, decide on plans, stop and retry.",
    epilog="Example: slipway tasks list --state awaiting_approval",
    no_args_is_help=True,
)

TaskArgument = Annotated[str, typer.Argument(help="Task id, as `slipway tasks list` shows it.")]
EnvOption = Annotated[
    str | None, typer.Option("--env", help="A deployment in AWS: dev, staging or prod. Default: the laptop.")
]
ReasonOption = Annotated[str, typer.Option(help="Said to everybody who follows the task.")]

_RETRIED = {
    "accepted": "{id} was queued; follow it: `slipway tasks explain {id}`",
    "duplicate_delivery": "it was tried again before, as {id}",
    "already_open": "its ticket is being worked on already, as {id}",
}


@app.command("list")
def list_tasks(
    state: Annotated[str | None, typer.Option(help="Only tasks in this state.")] = None,
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """List tasks, open ones first.

    Example: slipway tasks list --state awaiting_approval
    """
    target = resolve(env)
    seen = [task for one in _states(state) for task in target.platform.tasks.in_state(one)]
    # A task that moves while the states are read is listed once, as it was seen last.
    tasks = list({task.id: task for task in seen}.values())
    queue = read_queue(target.platform) if any(t.state is TaskState.QUEUED for t in tasks) else None
    places = {t.id: place for t in tasks if queue and (place := queue.place(t.id, target.platform))}
    emit(
        [_json(t) | ({"place": str(places[t.id])} if t.id in places else {}) for t in tasks],
        output=output,
        text=lambda: (
            table(
                ("task", "state", "ticket", "cost", "title"),
                [(t.id, _state(t, places), t.ticket_key, f"${t.cost_usd:.2f}", t.title) for t in tasks],
            )
            if tasks
            else "no tasks"
        ),
    )


@app.command()
def show(task: TaskArgument, env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Show one task with its pull requests, evidence, cost and time.

    Example: slipway tasks show eng-1-1a2b3c4d
    """
    target = resolve(env)
    found = target.platform.tasks.get(task)
    report = delivery_report(target.platform, found)
    emit(_json(found) | {"report": _json(report)}, output=output, text=lambda: render(report))


@app.command()
def events(task: TaskArgument, env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Show a task's history, oldest first.

    Example: slipway tasks events eng-1-1a2b3c4d --output json
    """
    target = resolve(env)
    target.platform.tasks.get(task)
    history = target.platform.event_log.events(task)
    emit(
        [_json(event) for event in history],
        output=output,
        text=lambda: table(
            ("at", "actor", "event", "message"),
            [(f"{e.at:%H:%M:%S}", e.actor, e.kind, e.message.splitlines()[0]) for e in history],
        ),
    )


@app.command()
def explain(task: TaskArgument, env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Say why a task stands where it stands.

    Also what happens next, and what you can do.

    Example: slipway tasks explain eng-1-1a2b3c4d
    """
    platform = resolve(env).platform
    said = explain_task(task, platform)
    state = platform.tasks.get(task).state
    emit(
        {"task_id": task, "state": state, "why": said.why, "next": said.next, "you_can": [*said.you_can]},
        output=output,
        text=lambda: Group(said.why, said.next, *(f"  - {line}" for line in said.you_can)),
    )


@app.command()
def approve(task: TaskArgument, env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Approve the plan that waits, by its hash.

    Example: slipway tasks approve eng-1-1a2b3c4d
    """
    target = resolve(env)
    order = DecisionOrder(task_id=task, decision="approve", actor=getpass.getuser(), channel="cli")
    _said(target, task, decide_approval(order, target.platform), output)


@app.command()
def reject(
    task: TaskArgument, reason: ReasonOption, env: EnvOption = None, output: OutputOption = Output.TEXT
) -> None:
    """Reject the plan that waits; the task ends as rejected.

    Example: slipway tasks reject eng-1-1a2b3c4d --reason "wrong repository"
    """
    target = resolve(env)
    order = DecisionOrder(
        task_id=task, decision="reject", actor=getpass.getuser(), channel="cli", reason=reason
    )
    _said(target, task, decide_approval(order, target.platform), output)


@app.command()
def revise(
    task: TaskArgument,
    instruction: Annotated[str, typer.Option(help="What shall be different in the new plan.")],
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Send the plan that waits back; a new one is made and asked about.

    Example: slipway tasks revise eng-1-1a2b3c4d --instruction "keep the old name as an alias"
    """
    target = resolve(env)
    order = DecisionOrder(
        task_id=task, decision="revise", actor=getpass.getuser(), channel="cli", reason=instruction
    )
    _said(target, task, decide_approval(order, target.platform), output)


@app.command()
def stop(
    task: TaskArgument,
    reason: ReasonOption = "",
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Stop a task wherever it is.

    Example: slipway tasks stop eng-1-1a2b3c4d --reason "not now"
    """
    target = resolve(env)
    ended = stop_task(task, actor=getpass.getuser(), reason=reason, platform=target.platform)
    _said(target, task, f"{task} ended as {ended}", output)


@app.command()
def retry(task: TaskArgument, env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Try an ended task again, as a new task for the same ticket.

    Example: slipway tasks retry eng-1-1a2b3c4d
    """
    target = resolve(env)
    accepted = retry_task(task, actor=getpass.getuser(), platform=target.platform)
    _said(target, accepted.task_id, _RETRIED[accepted.outcome].format(id=accepted.task_id), output)


def _state(task: Task, places: Mapping[str, QueuePlace]) -> str:
    return f"{task.state}, {places[task.id]}" if task.id in places else task.state


def _states(name: str | None) -> tuple[TaskState, ...]:
    if name is None:
        return tuple(TaskState)
    if name not in set(TaskState):
        raise InvalidInput(f"no state {name!r}; there are: {', '.join(TaskState)}")
    return (TaskState(name),)


def _said(target: Target, task_id: str, message: str, output: Output) -> None:
    state = target.platform.tasks.get(task_id).state
    emit({"task_id": task_id, "state": state, "message": message}, output=output, text=lambda: message)


def _json(model: Task | BaseModel) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = model.model_dump(mode="json")
    return document
