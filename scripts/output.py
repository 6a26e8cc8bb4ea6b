"""How every command speaks: results on stdout (text or JSON), progress and errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

progress = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
result = Console(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else 180)


class Output(StrEnum):
    """The form of a result."""

    TEXT = "text"
    JSON = "json"


OutputOption = Annotated[
    Output, typer.Option("--output", help="Form of the result; keys of JSON are stable.")
]


def emit(data: JsonValue, *, output: Output, text: Callable[[], object]) -> None:
    """Print one JSON document, or what `text` renders."""
    if output is Output.JSON:
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
        return
    rendered = text()
    if rendered is not None:
        result.print(rendered)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A plain table; cells are text, never markup."""
    drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*(cell.replace("[", r"\[") for cell in row))
    return drawn


def say(line: str) -> None:
    """One line of progress."""
    progress.print(line, markup=False)
