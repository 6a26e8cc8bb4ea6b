"""The `loglens` command."""

from __future__ import annotations

from typing import TextIO

import click

from loglens.records import read_records
from loglens.report import render, render_latency
from loglens.summary import DEFAULT_TOP, busiest_hour, summarize


@click.group()
def main() -> None:
    """Say what is in an access log."""


@main.command()
@click.argument("log", type=click.File())
@click.option("--top", default=DEFAULT_TOP, show_default=True, help="How many pages to name.")
def summary(log: TextIO, top: int) -> None:
    """Count requests, errors, bytes and the pages asked for most."""
    records = list(read_records(log))
    click.echo(render(summarize(records, top=top)))
    hour = busiest_hour(records)
    if hour is not None:
        click.echo(f"busiest     {hour:02}:00")


@main.command()
@click.argument("log", type=click.File())
def latency(log: TextIO) -> None:
    """Say how long requests took."""
    click.echo(render_latency(list(read_records(log))))


if __name__ == "__main__":
    main()
