"""`slipway up`: the whole cloud on this machine."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table

from local.supervisor.addresses import LaptopRecord
from local.supervisor.laptop import bring_up, dead_services, read_record, start_detached, take_down
from local.supervisor.layout import layout
from local.supervisor.process import Running, is_healthy
from scripts.output import Output, OutputOption, emit, progress, say, table
from scripts.reset import forget


def up(
    detach: Annotated[bool, typer.Option(help="Return once it is ready; `slipway down` stops it.")] = False,
    reset: Annotated[
        bool, typer.Option(help="Start from nothing: forget all tasks and repositories.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> None:
    """Bring the whole cloud up on this machine.

    Starts emulator, forge, Jira, Slack and gateway, and deploys the real templates to them.

    Example: slipway up --detach
    """
    where = layout()
    running = read_record(where)
    if running:
        _show(running, output=output, note="already up")
        return
    if reset:
        forget(where)
    if detach:
        _show(start_detached(where, say=say), output=output, note="up; `slipway down` stops it")
        return
    _foreground(where.state, output=output)


def _foreground(state: Path, *, output: Output) -> None:
    where = layout(state)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        record = bring_up(where, say=say)
        _show(record, output=output, note="up; Ctrl-C stops everything")
        with Live(_services(record), console=progress, refresh_per_second=2, transient=True) as live:
            while not ended.wait(1):
                live.update(_services(record))
                if dead := dead_services(record):
                    say(f"ended unexpectedly: {', '.join(dead)}; see {where.logs}")
                    raise typer.Exit(1)
    except KeyboardInterrupt:
        say("stopping")
    finally:
        take_down(where)
        say("stopped; nothing is left running")


def _show(record: LaptopRecord, *, output: Output, note: str) -> None:
    emit(
        {"state": "up", "api_url": record.api_url, **record.addresses.model_dump()},
        output=output,
        text=lambda: addresses(record, note=note),
    )


def addresses(record: LaptopRecord, *, note: str) -> Table:
    """Where a person looks."""
    rows = [
        ("Jira", record.addresses.jira),
        ("GitHub", record.addresses.forge),
        ("Slack", record.addresses.slack),
        ("Sentry", record.addresses.sentry),
        ("API", record.api_url),
        ("AWS", record.addresses.emulator),
    ]
    return table(("Slipway", note), rows)


def _services(record: LaptopRecord) -> Table:
    rows = []
    for service in record.services:
        healthy = is_healthy(Running(**service.model_dump()))
        rows.append((service.name, "ready" if healthy else "not answering", str(service.pid), service.log))
    return table(("service", "state", "pid", "log"), rows)
