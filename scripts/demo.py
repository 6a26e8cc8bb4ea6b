"""`slipway demo`: one ticket, from the label to a pull request with green CI, on this machine."""

from __future__ import annotations

import getpass
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from local import sample_org
from local.supervisor.addresses import LaptopRecord
from local.supervisor.laptop import read_record, start_detached
from local.supervisor.layout import layout
from local.supervisor.provision import import_repository, prepare_libraries
from scripts.delivery_report import delivery_report, render
from scripts.file_ticket import file_ticket
from scripts.follow import Follower
from scripts.output import Output, OutputOption, emit, progress, say
from scripts.target import Target, resolve
from slipway.domain.errors import InvalidInput, NotFound
from slipway.domain.task import Task, TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval

_INTAKE_SECONDS = 60


def demo(
    ticket: Annotated[str, typer.Option(help="A sample ticket; `--ticket list` names them.")] = "default",
    ticket_file: Annotated[
        Path | None,
        typer.Option(help="YAML: summary, description, labels, attachments.", exists=True, dir_okay=False),
    ] = None,
    repository: Annotated[
        list[Path] | None,
        typer.Option(help="A git repository of yours, added to the local forge first.", exists=True),
    ] = None,
    auto_approve: Annotated[bool, typer.Option(help="Approve the plan without asking.")] = False,
    deadline: Annotated[float, typer.Option(help="Seconds to follow the task.")] = 900,
    output: OutputOption = Output.TEXT,
) -> None:
    """Take one ticket to its pull request on this machine.

    Files a real ticket, follows its task and shows what proves it; exit 0 when it is done, 1 otherwise.

    Example: slipway demo --auto-approve --output json
    """
    filed = _choose(ticket, ticket_file, output=output)
    if filed is None:
        return
    record = _laptop()
    for source in repository or ():
        added = import_repository(record.addresses, source)
        say(f"added {added} to the forge")
        prepare_libraries(layout(), added, say=say)
    target = resolve(None)
    key = file_ticket(record.addresses.jira, filed)
    say(f"filed {key}: {filed.summary}")
    say(f"       {record.addresses.jira}/browse/{key}")
    task_id = _task_of(target, key)
    unattended = auto_approve or not sys.stdin.isatty()
    follower = Follower(
        target=target,
        task_id=task_id,
        approve=lambda task: _approve(target, task, unattended=unattended),
        deadline_seconds=deadline,
    )
    report = delivery_report(target.platform, follower.to_the_end())
    emit(report.model_dump(mode="json"), output=output, text=lambda: render(report))
    say("the laptop stays up so that you can open and clone this; `slipway down` stops it")
    if report.state != TaskState.DONE:
        raise typer.Exit(1)


def _choose(name: str, file: Path | None, *, output: Output) -> sample_org.TicketFile | None:
    if file is not None:
        try:
            return sample_org.load_ticket(file)
        except ValueError as error:
            raise InvalidInput(str(error)) from error
    known = sample_org.tickets()
    if name == "list":
        summaries = {key: sample_org.load_ticket(path).summary for key, path in known.items()}
        emit(
            {**summaries},
            output=output,
            text=lambda: "\n".join(f"{key:<24} {text}" for key, text in summaries.items()),
        )
        return None
    if name not in known:
        raise InvalidInput(f"no sample ticket {name!r}; there are: {', '.join(known)}")
    return sample_org.load_ticket(known[name])


def _laptop() -> LaptopRecord:
    record = read_record(layout())
    if record and record.ready:
        return record
    say("bringing the laptop up (`slipway down` stops it)")
    return start_detached(layout(), say=lambda line: say(f"  {line}"))


def _task_of(target: Target, key: str) -> str:
    """The webhook is on its way; its task appears within seconds or not at all."""
    end = time.monotonic() + _INTAKE_SECONDS
    while time.monotonic() < end:
        if task_id := target.platform.tasks.open_for_subject(f"jira:{key}"):
            return task_id
        time.sleep(0.1)
    raise NotFound(
        f"no task appeared for {key} within {_INTAKE_SECONDS} s; the ticket needs the label "
        f"{target.settings.ai_label!r}, and the Jira double shows every delivery at /_admin/deliveries"
    )


def _approve(target: Target, task: Task, *, unattended: bool) -> None:
    for pull in task.pull_requests:
        say(f"plan: {pull.url}")
    if unattended:
        why = "--auto-approve" if sys.stdin.isatty() else "nobody is at the terminal"
        say(f"approving the plan by itself ({why})")
        order = DecisionOrder(task_id=task.id, decision="approve", actor=getpass.getuser(), channel="cli")
    else:
        order = _order(task.id, _answer(task))
    say(decide_approval(order, target.platform))


def _answer(task: Task) -> str:
    """What a person types; an empty line decides nothing."""
    answer = ""
    while not answer:
        progress.print("[bold]Approve this plan?[/bold] y for yes, or why you reject it: ", end="")
        try:
            answer = input().strip()
        except EOFError as error:
            say(f"\nnothing was decided; later: `slipway tasks approve {task.id}` or `slipway tasks reject`")
            raise typer.Exit(1) from error
    return answer


def _order(task_id: str, answer: str) -> DecisionOrder:
    who = getpass.getuser()
    if answer.lower() in {"y", "yes"}:
        return DecisionOrder(task_id=task_id, decision="approve", actor=who, channel="cli")
    return DecisionOrder(task_id=task_id, decision="reject", actor=who, channel="cli", reason=answer)
