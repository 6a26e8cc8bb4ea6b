"""`slipway panic`: for the people on call: stop tasks, hold the queue, let it go on, see what runs."""

from __future__ import annotations

import getpass
import time
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Group
from rich.live import Live

from scripts.output import Output, OutputOption, emit, result, say, table
from scripts.target import resolve
from scripts.tasks import EnvOption, ReasonOption
from slipway.domain.errors import InvalidInput
from slipway.services import panic

app = typer.Typer(
    help="Stop tasks, hold the queue, see what runs and what it costs.",
    epilog="Example: slipway panic status --watch",
    no_args_is_help=True,
)
_LOOK_EVERY_SECONDS = 2.0


@app.command()
def stop(
    task: Annotated[str | None, typer.Argument(help="Task id; or give --all.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every task that runs; the queue is held.")
    ] = False,
    reason: ReasonOption = "",
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Stop one task, or all that run; exit 1 when one could not be stopped.

    With --all the queue is held first, so that nothing starts behind it: `slipway panic resume` ends that.

    Example: slipway panic stop --all --reason "wrong model"
    """
    if everything == (task is not None):
        raise InvalidInput("name one task, or give --all")
    platform = resolve(env).platform
    who = getpass.getuser()
    if task is not None:
        state = panic.stop_now(task, actor=who, reason=reason, platform=platform)
        message = f"{task} ended as {state}"
        emit({"task_id": task, "state": state, "message": message}, output=output, text=lambda: message)
        return
    results, told = panic.stop_all(platform, actor=who, reason=reason)
    _untold(told)
    lines = [f"{one.task_id} {one.problem or f'ended as {one.state}'}" for one in results]
    emit(
        {
            "draining": True,
            "stopped": [{"task_id": r.task_id, "state": r.state, "problem": r.problem} for r in results],
        },
        output=output,
        text=lambda: "\n".join([*lines, f"{len(results)} tasks; the queue is held: `slipway panic resume`"]),
    )
    if any(one.problem for one in results):
        raise typer.Exit(1)


@app.command()
def drain(reason: ReasonOption = "", env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Hold the queue: what runs finishes, new tasks are accepted and wait.

    Example: slipway panic drain --reason "deploying"
    """
    platform = resolve(env).platform
    _untold(panic.drain(platform, actor=getpass.getuser(), reason=reason))
    _emit_controls(str(platform.tasks.controls()), draining=True, started=[], output=output)


@app.command()
def resume(env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Let the queue go on.

    Example: slipway panic resume
    """
    platform = resolve(env).platform
    started, told = panic.resume(platform, actor=getpass.getuser())
    _untold(told)
    _emit_controls(f"open; {len(started)} tasks started", draining=False, started=started, output=output)


@app.command()
def status(
    watch: Annotated[bool, typer.Option("--watch", help="Look again every two seconds.")] = False,
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Show what is ordered, every running task with its agent and cost, and the queue.

    Example: slipway panic status --watch
    """
    platform = resolve(env).platform
    if watch and output is Output.TEXT:
        with Live(_drawn(panic.situation(platform)), console=result, auto_refresh=False) as live:
            while True:
                time.sleep(_LOOK_EVERY_SECONDS)
                live.update(_drawn(panic.situation(platform)), refresh=True)
    now = panic.situation(platform)
    emit(_document(now), output=output, text=lambda: _drawn(now))


def _drawn(now: panic.Situation) -> Group:
    rows = [
        (
            one.task.id,
            str(one.task.state).replace("_", " "),
            one.session.agent if one.session else "",
            one.session.id[:12] if one.session else "",
            _words(one.age),
            _words(one.quiet),
            f"${one.task.cost_usd:.2f}",
            one.last[:60],
        )
        for one in now.running
    ]
    running = (
        table(("task", "state", "agent", "session", "for", "quiet", "cost", "last"), rows)
        if rows
        else "nothing runs"
    )
    return Group(
        f"the queue is {now.controls}",
        "",
        running,
        "",
        f"{len(now.running)} running for ${now.cost_usd:.2f} so far, {len(now.queued)} waiting",
    )


def _document(now: panic.Situation) -> dict[str, JsonValue]:
    return {
        "draining": now.controls.draining,
        "order": now.controls.model_dump(mode="json"),
        "running": [
            {
                "task_id": one.task.id,
                "state": one.task.state,
                "agent": one.session.agent if one.session else None,
                "session": one.session.id if one.session else None,
                "age_seconds": round(one.age.total_seconds()),
                "quiet_seconds": round(one.quiet.total_seconds()),
                "cost_usd": one.task.cost_usd,
                "last": one.last,
            }
            for one in now.running
        ],
        "cost_usd": now.cost_usd,
        "queued": [task.id for task in now.queued],
    }


def _words(time_span: timedelta) -> str:
    minutes, seconds = divmod(int(time_span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m" if hours else f"{minutes}m{seconds:02}s"


def _emit_controls(message: str, *, draining: bool, started: list[str], output: Output) -> None:
    document: dict[str, JsonValue] = {"draining": draining, "started": [*started], "message": message}
    emit(document, output=output, text=lambda: f"the queue is {message}")


def _untold(told: bool) -> None:
    if not told:
        say("Slack could not be told; tell the team yourself")
