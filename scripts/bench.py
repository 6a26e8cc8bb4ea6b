"""`make bench`: wall time of a warm demo by step, asset sizes, agent start-up; figures, not tests."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from local.supervisor.laptop import read_record, start_detached
from local.supervisor.layout import ROOT, layout
from scripts import bench_assets
from scripts.output import result, say, table
from scripts.target import resolve
from slipway.domain.event import EventKind, TaskEvent

RUNS = 3


def main() -> int:
    """Print each table; the demo's numbers are medians of `RUNS` warm runs."""
    if read_record(layout()) is None:
        start_detached(layout(), say=say)
    walls: list[float] = []
    steps: dict[str, list[float]] = {}
    for number in range(RUNS + 1):
        wall, task_id = _demo()
        if number == 0:
            say(f"warm-up {wall:.1f} s")
            continue
        walls.append(wall)
        for state, seconds in _seconds_by_state(resolve(None).platform.event_log.events(task_id)):
            steps.setdefault(state, []).append(seconds)
    rows = [(state, f"{statistics.median(values):.1f}") for state, values in steps.items()]
    result.print(table(("state", "seconds"), [*rows, ("whole process", f"{statistics.median(walls):.1f}")]))
    return bench_assets.main()


def _demo() -> tuple[float, str]:
    started = time.monotonic()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("slipway")), "demo", "--auto-approve", "--output", "json"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.monotonic() - started, str(json.loads(done.stdout)["task_id"])


def _seconds_by_state(events: Sequence[TaskEvent]) -> Iterator[tuple[str, float]]:
    """How long the task stayed in each state, in order; the first is the time until work began."""
    since, state = events[0].at, "queued"
    for event in events:
        if event.kind in {EventKind.STATE_CHANGED, EventKind.TASK_ENDED}:
            yield state, (event.at - since).total_seconds()
            since, state = event.at, str(event.detail.get("to", "ended"))


if __name__ == "__main__":
    sys.exit(main())
