"""What a text holds, as far as it shows: JSON, or a table of cells; and how a table is written again."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Table:
    """Rows of at least two lines and what stands between their cells."""

    rows: list[list[str]]
    delimiter: str

    def text(self, rows: list[list[str]]) -> str:
        """Other rows, written as these were."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", delimiter=self.delimiter).writerows(rows)
        return out.getvalue()


def table_in(text: str) -> Table | None:
    """The table that a text is; also one of a single column, when it has more than one line."""
    lines = text.strip("\n").split("\n")
    if len(lines) < 2:
        return None
    delimiter = next((mark for mark in _DELIMITERS if all(mark in line for line in lines[:2])), ",")
    return Table(rows=list(csv.reader(io.StringIO(text), delimiter=delimiter)), delimiter=delimiter)


def json_in(text: str) -> object | None:
    """The document that a text is; None for any other text."""
    if not text.strip().startswith(("{", "[")):
        return None
    try:
        content: object = json.loads(text)
    except ValueError:
        return None
    return content
