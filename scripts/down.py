"""`slipway down`: stop the laptop's cloud."""

from __future__ import annotations

from local.supervisor.laptop import take_down
from local.supervisor.layout import layout
from scripts.output import Output, OutputOption, emit


def down(output: OutputOption = Output.TEXT) -> None:
    """Stop what `slipway up` or `slipway demo` started.

    Tasks, tickets and repositories stay for the next start.

    Example: slipway down
    """
    stopped = take_down(layout())
    emit(
        {"state": "down", "was_up": stopped},
        output=output,
        text=lambda: "stopped" if stopped else "nothing was running",
    )
