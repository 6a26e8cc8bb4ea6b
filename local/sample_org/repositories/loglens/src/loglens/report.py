"""Summaries as text."""

from __future__ import annotations

from collections.abc import Sequence

from loglens.records import Record
from loglens.summary import Summary, percentile

UNITS = ("B", "KB", "MB", "GB")


def render(summary: Summary) -> str:
    """The summary for a terminal."""
    lines = [
        f"requests    {summary.requests}",
        f"errors      {summary.error_rate:.1f} %",
        f"sent        {human_size(summary.bytes_sent)}",
        f"slowest     {summary.slowest_millis} ms",
    ]
    if summary.top_pages:
        lines.append("top pages")
        lines += [f"  {count:>6}  {page}" for page, count in summary.top_pages]
    return "\n".join(lines)


def render_latency(records: Sequence[Record]) -> str:
    """How long requests took: the middle one and the slow end."""
    times = [record.millis for record in records if record.millis]
    return ", ".join(f"p{percent} {percentile(times, percent)} ms" for percent in (50, 95, 99))


def human_size(size: int) -> str:
    """Bytes with the unit that people would use."""
    amount = float(size)
    for unit in UNITS:
        if amount < 1000 or unit == UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
