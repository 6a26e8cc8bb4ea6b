"""Lines of an access log as records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

LINE = re.compile(
    r"(?P<host>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "
    r'"(?P<method>[A-Z]+) (?P<path>\S+)[^"]*" (?P<status>\d{3}) (?P<size>\S+)'
    r"(?: (?P<millis>\d+))?"
)
TIME_FORMAT = "%d/%b/%Y:%H:%M:%S %z"


@dataclass(frozen=True)
class Record:
    """One request; `millis` is 0 when the server does not log how long it took."""

    host: str
    time: datetime
    method: str
    path: str
    status: int
    size: int
    millis: int

    @property
    def failed(self) -> bool:
        return self.status >= 500

    @property
    def page(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]


def parse_line(line: str) -> Record | None:
    """The record of a line, or nothing when the line is not one of an access log."""
    match = LINE.match(line)
    if match is None:
        return None
    return Record(
        host=match["host"],
        time=datetime.strptime(match["time"], TIME_FORMAT),
        method=match["method"],
        path=match["path"],
        status=int(match["status"]),
        size=parse_size(match["size"]),
        millis=int(match["millis"] or 0),
    )


def parse_size(text: str) -> int:
    """Bytes of the answer's body."""
    return int(text)


def read_records(lines: Iterable[str]) -> Iterator[Record]:
    """All records of a log; other lines are passed over."""
    for line in lines:
        record = parse_line(line)
        if record is not None:
            yield record
