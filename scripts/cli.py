"""The `slipway` command: mounts one module per command and turns the error tree into exit codes."""

from __future__ import annotations

import sys

import typer

from local.supervisor.deploy import DeployFailed
from local.supervisor.laptop import AlreadyUp, NotUp
from local.supervisor.loopback import NotLoopback
from local.supervisor.process import ServiceFailed
from local.supervisor.provision import RepositoryRefused
from scripts import (
    connect,
    cost,
    demo,
    deploy,
    destroy,
    doctor,
    down,
    eval,
    knowledge,
    panic,
    queues,
    sentry,
    status,
    tasks,
    up,
)
from scripts.benchmarks import cli as benchmarks
from scripts.output import progress
from slipway.domain.errors import InvalidInput, SlipwayError

app = typer.Typer(
    name="slipway",
    help="Tickets in, pull requests out.",
    epilog="Example: slipway demo --auto-approve",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(up.up)
app.command()(down.down)
app.command()(status.status)
app.command()(doctor.doctor)
app.command()(demo.demo)
app.command()(destroy.destroy)
app.command()(connect.connect)
app.add_typer(deploy.app, name="deploy")
app.add_typer(tasks.app, name="tasks")
app.add_typer(panic.app, name="panic")
app.add_typer(cost.app, name="cost")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(queues.app, name="queues")
app.add_typer(sentry.app, name="sentry")
app.add_typer(eval.app, name="eval")
app.add_typer(benchmarks.app, name="bench")

_EXPECTED = (
    SlipwayError,
    AlreadyUp,
    NotUp,
    NotLoopback,
    ServiceFailed,
    DeployFailed,
    RepositoryRefused,
)


def main() -> None:
    """Exit 0 for success, 1 for a failure that is explained, 2 for wrong usage."""
    try:
        app()
    except InvalidInput as error:
        progress.print(f"error: {error}", markup=False)
        sys.exit(2)
    except _EXPECTED as error:
        progress.print(f"error: {error}", markup=False)
        sys.exit(1)
