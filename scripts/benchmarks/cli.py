"""`slipway bench`: each measurement by itself, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

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


def _fuzz_table(report: FuzzReport) -> object:
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
