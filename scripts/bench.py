"""`make bench`: a ticket by step, the way in, asset sizes, agents' start-up; figures, not tests."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import JsonValue

from local.supervisor.laptop import read_record, take_down
from local.supervisor.layout import ROOT, layout
from scripts import bench_assets
from scripts.benchmarks.cli import measure_router, router_table
from scripts.output import result, say, table
from scripts.target import resolve
from slipway.domain.event import EventKind, TaskEvent

RUNS = 3
_REPORT = ROOT / ".slipway" / "bench.json"


def main() -> int:
    """Print each table and keep all of them as one JSON document."""
    ticket = _ticket()
    router = measure_router(runs=7, deliveries=300)
    result.print(router_table(router))
    sizes, starts = list(bench_assets.sizes()), list(bench_assets.start_ups())
    result.print(table(("asset for arm64", "MB zipped", "MB unpacked"), sizes))
    result.print(table(("agent", "seconds to the first /ping"), starts))
    report: dict[str, JsonValue] = {
        "ticket": ticket,
        "router": router,
        "assets_mb": {
            name: {"zipped": float(zipped), "unpacked": float(whole)} for name, zipped, whole in sizes
        },
        "start_up_seconds": {name: float(seconds) for name, seconds in starts},
    }
    _REPORT.write_text(json.dumps(report, indent=2) + "\n")
    say(f"all of it as JSON: {_REPORT}")
    return 0


def _ticket() -> dict[str, JsonValue]:
    """The default ticket: once with nothing up, then the medians of `RUNS` warm runs."""
    if read_record(layout()) is not None:
        take_down(layout())
    cold, cold_task = _demo()
    cold_steps = dict(_seconds_by_state(_history(cold_task)))
    walls: list[float] = []
    steps: dict[str, list[float]] = {}
    for _ in range(RUNS):
        wall, task_id = _demo()
        walls.append(wall)
        for state, seconds in _seconds_by_state(_history(task_id)):
            steps.setdefault(state, []).append(seconds)
    warm = {state: statistics.median(values) for state, values in steps.items()}
    rows = [(state, f"{cold_steps.get(state, 0):.1f}", f"{seconds:.1f}") for state, seconds in warm.items()]
    whole = ("whole process", f"{cold:.1f}", f"{statistics.median(walls):.1f}")
    result.print(table(("state", "seconds cold", f"seconds warm, median of {RUNS}"), [*rows, whole]))
    return {
        "cold_seconds": round(cold, 1),
        "warm_seconds": round(statistics.median(walls), 1),
        "cold_by_state": {state: round(seconds, 1) for state, seconds in cold_steps.items()},
        "warm_by_state": {state: round(seconds, 1) for state, seconds in warm.items()},
    }


def _history(task_id: str) -> Sequence[TaskEvent]:
    return resolve(None).platform.event_log.events(task_id)


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
