"""`slipway sentry`: let an application fail on the laptop, as its Sentry SDK would report it."""

from __future__ import annotations

from typing import Annotated

import httpx
import typer

from local.supervisor.laptop import read_record
from local.supervisor.layout import layout
from scripts.output import Output, OutputOption, emit, table
from slipway.domain.errors import InvalidInput, NeedsHuman

app = typer.Typer(help="Errors of applications, on the laptop's Sentry.", no_args_is_help=True)


@app.callback()
def _sentry() -> None:
    """Keep `alert` a command of its own, however few there are."""


@app.command()
def alert(
    file: Annotated[typer.FileText, typer.Argument(help="A file with a Python traceback; - reads it here.")],
    project: Annotated[str, typer.Option(help="The Sentry project that reports it.")] = "shop",
    output: OutputOption = Output.TEXT,
) -> None:
    """Report a Python traceback to the laptop's Sentry, whose alert becomes a ticket and a task.

    Example: slipway sentry alert traceback.txt --project pricing
    """
    record = read_record(layout())
    if record is None or not record.ready or not record.addresses.sentry:
        raise NeedsHuman("the laptop is not up, or was started before it had a Sentry; run `slipway up`")
    answer = httpx.post(
        f"{record.addresses.sentry}/_admin/alerts",
        json={"project": project, "traceback": file.read()},
        timeout=30,
        trust_env=False,
    )
    if answer.status_code == 400:
        raise InvalidInput(f"{file.name}: {answer.json()['detail']}")
    issue = answer.raise_for_status().json()
    emit(
        {
            "issue": issue["id"],
            "short_id": issue["shortId"],
            "title": issue["title"],
            "url": issue["permalink"],
        },
        output=output,
        text=lambda: table(
            ("issue", "error", "address"), [(issue["shortId"], issue["title"], issue["permalink"])]
        ),
    )
