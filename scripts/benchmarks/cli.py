"""`slipway bench`: each measurement by itself, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue
from rich.table import Table

from scripts.output import Output, OutputOption, emit, say, table

if TYPE_CHECKING:
    from scripts.benchmarks.fuzz import FuzzReport

app = typer.Typer(
    help="Measure the platform on this machine.",
    epilog="Example: slipway bench fuzz --deliveries 100000",
    no_args_is_help=True,
)


@app.command("fuzz")
def fuzz_deliveries(
    deliveries: Annotated[int, typer.Option(help="How many.", min=1)] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same deliveries.")] = 1,
    output: OutputOption = Output.TEXT,
) -> None:
    """Send mutated deliveries of every source through the real handlers; exit 1 when a promise breaks.

    Example: slipway bench fuzz --deliveries 100000 --seed 7
    """
    from scripts.benchmarks.fuzz import fuzz

    report = fuzz(deliveries=deliveries, seed=seed)
    emit(report.document(), output=output, text=lambda: _fuzz_table(report))
    for breach in report.breaches[:5]:
        say(f"delivery {breach.number} ({breach.source}, {breach.mutation}): {breach.promise}")
    if report.breaches:
        raise typer.Exit(1)


@app.command()
def router(
    runs: Annotated[int, typer.Option(help="Starts of each process; the best counts.", min=1)] = 7,
    deliveries: Annotated[int, typer.Option(help="Warm deliveries of each kind.", min=10)] = 300,
    output: OutputOption = Output.TEXT,
) -> None:
    """Measure the way in against floors: imports, a warm delivery, deliveries through the API.

    Example: slipway bench router --output json
    """
    document = measure_router(runs=runs, deliveries=deliveries)
    emit(document, output=output, text=lambda: router_table(document))


def measure_router(*, runs: int, deliveries: int) -> dict[str, JsonValue]:
    """All three, on the laptop, which is brought up where it is not."""
    from local.supervisor.laptop import read_record, start_detached
    from local.supervisor.layout import layout
    from scripts.benchmarks import router as measured
    from scripts.target import resolve

    record = read_record(layout()) or start_detached(layout(), say=say)
    secret = resolve(None).platform.secrets.jira().webhook_secrets[0].get_secret_value()
    return measured.router_document(
        measured.import_seconds(runs=runs),
        measured.warm_seconds(record.addresses.emulator, deliveries=deliveries),
        measured.deliveries_per_second(record.api_url, secret=secret, requests=deliveries),
    )


@app.command()
def intake(
    tickets: Annotated[int, typer.Option(help="How many; each costs one agent's run.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="Decides order, copies and what breaks when.")] = 1,
    deadline: Annotated[float, typer.Option(help="Seconds in which every task must have ended.")] = 900,
    output: OutputOption = Output.TEXT,
) -> None:
    """Deliver tickets several times in any order while agents, functions and the emulator break.

    Runs on the laptop, which it restarts; exit 1 unless each ticket has exactly one task that ended.

    Example: slipway bench intake --tickets 1000 --deadline 14400
    """
    from scripts.benchmarks.intake import Scenario

    document = Scenario(tickets=tickets, seed=seed, deadline_seconds=deadline, say=say).run().document()
    emit(
        document,
        output=output,
        text=lambda: table(("what", "figure"), [(key, str(value)) for key, value in document.items()]),
    )
    if not document["held"]:
        raise typer.Exit(1)


def router_table(document: dict[str, JsonValue]) -> Table:
    """One row for each thing measured."""
    rows = [
        (measure.replace("_", " "), name, ", ".join(f"{key} {value}" for key, value in figures.items()))
        for measure, each in document.items()
        if isinstance(each, dict)
        for name, figures in each.items()
        if isinstance(figures, dict)
    ]
    return table(("measure", "of", "figures"), rows)


def _fuzz_table(report: FuzzReport) -> Table:
    statuses = sorted({status for tally in report.tallies.values() for status in tally.statuses})
    rows = [
        (
            source,
            *(f"{n}" for n in (tally.deliveries, tally.proven, tally.effects, tally.tasks)),
            *(f"{tally.statuses[status]}" for status in statuses),
            str(sum(1 for breach in report.breaches if breach.source == source)),
        )
        for source, tally in sorted(report.tallies.items())
    ]
    columns = ("source", "deliveries", "proven", "effects", "tasks", *map(str, statuses), "broken promises")
    return table(columns, rows)
