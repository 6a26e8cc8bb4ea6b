"""`slipway queues`: events that a function could not handle."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import JsonValue

from scripts.output import Output, OutputOption, emit, say, table
from scripts.target import LAPTOP_ENVIRONMENT, resolve
from slipway.adapters.aws.dead_letters import SqsDeadLetters
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.bootstrap import AwsPlatform
from slipway.domain.errors import InvalidInput
from slipway.services.redrive import peek
from slipway.services.redrive import redrive as redrive_letters
from stacks.functions import FUNCTIONS

app = typer.Typer(
    help="Events that a function could not handle.",
    epilog="Example: slipway queues list --env prod",
    no_args_is_help=True,
)

NameArgument = Annotated[str, typer.Argument(help="Queue, as `slipway queues list` shows it.")]
EnvOption = Annotated[
    str | None, typer.Option("--env", help="A deployment in AWS: dev, staging or prod. Default: the laptop.")
]
LimitOption = Annotated[int, typer.Option(min=1, help="At most this many.")]

QUEUES = tuple(function.folder for function in FUNCTIONS.values() if function.asynchronous)


@app.command("list")
def list_queues(env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Show how many events wait in each queue.

    Example: slipway queues list --output json
    """
    queues = _queues(env)
    counted = {name: queues.waiting(name) for name in QUEUES}
    emit(
        [{"name": name, "waiting": waiting} for name, waiting in counted.items()],
        output=output,
        text=lambda: table(("queue", "waiting"), [(name, str(count)) for name, count in counted.items()]),
    )


@app.command()
def show(
    name: NameArgument, limit: LimitOption = 10, env: EnvOption = None, output: OutputOption = Output.TEXT
) -> None:
    """Show events that wait, with the error reported for each.

    Example: slipway queues show reconcile --limit 3
    """
    letters = peek(_known(name), _queues(env), limit=limit)
    shown: list[JsonValue] = [
        {
            "id": letter.id,
            "at": letter.sent_at.isoformat(),
            "origin": letter.origin,
            "error": letter.error,
            "body": letter.body,
        }
        for letter in letters
    ]
    emit(
        shown,
        output=output,
        text=lambda: (
            table(
                ("at", "origin", "error", "event"),
                [(f"{x.sent_at:%d %b %H:%M:%S}", x.origin, x.error[:60], x.body[:80]) for x in letters],
            )
            if letters
            else f"nothing waits in {name}"
        ),
    )


@app.command()
def redrive(
    name: NameArgument, limit: LimitOption = 100, env: EnvOption = None, output: OutputOption = Output.TEXT
) -> None:
    """Send events to their function again; exit 1 when one had to stay.

    An event that fails again comes back to the queue.

    Example: slipway queues redrive publish_task_changes
    """
    done = redrive_letters(_known(name), _queues(env), limit=limit)
    emit(
        {"taken": done.taken, "kept": dict(done.kept)},
        output=output,
        text=lambda: f"{done.taken} sent again, {len(done.kept)} kept",
    )
    for letter, reason in done.kept.items():
        say(f"{letter}: {reason}")
    if done.kept:
        raise typer.Exit(1)


def _known(name: str) -> str:
    folder = name.replace("-", "_")
    if folder not in QUEUES:
        raise InvalidInput(f"no queue {name!r}; there are: {', '.join(QUEUES)}")
    return folder


def _queues(environment: str | None) -> SqsDeadLetters:
    platform = resolve(environment).platform
    if not isinstance(platform, AwsPlatform):
        raise InvalidInput("this deployment keeps no queues in AWS")
    return SqsDeadLetters(
        operator=OperatorClients(platform.clients), environment=environment or LAPTOP_ENVIRONMENT
    )
