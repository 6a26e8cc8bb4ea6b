"""`slipway status`: what runs on this machine, and what is recorded but not emulated."""

from __future__ import annotations

import httpx
import typer
from pydantic import JsonValue
from rich.console import Group

from local.supervisor.addresses import LaptopRecord
from local.supervisor.laptop import read_record
from local.supervisor.layout import layout
from local.supervisor.process import Running, is_healthy
from scripts.output import Output, OutputOption, emit, table
from scripts.target import resolve
from scripts.up import addresses


def status(output: OutputOption = Output.TEXT) -> None:
    """Show what runs on this machine; exit 1 when nothing does.

    Services, agent processes, and the resources that are recorded but not emulated.

    Example: slipway status --output json
    """
    record = read_record(layout())
    if record is None:
        emit({"state": "down"}, output=output, text=lambda: "down; `slipway up` starts it")
        raise typer.Exit(1)
    services: list[JsonValue] = [
        {
            "name": s.name,
            "pid": s.pid,
            "healthy": is_healthy(Running(**s.model_dump())),
            "log": s.log,
        }
        for s in record.services
    ]
    agents = _ask(record, "agents")
    resources = _ask(record, "resources")
    recorded = sorted({str(r["type"]) for r in resources if r.get("status") == "recorded"})
    state = "up" if record.ready else "starting"
    queue = str(resolve(None).platform.tasks.controls()) if record.ready else ""
    emit(
        {
            "state": state,
            "queue": queue,
            "api_url": record.api_url,
            "services": services,
            "agents": [dict(a) for a in agents],
            "resources": {"deployed": len(resources), "recorded_not_emulated": [*recorded]},
        },
        output=output,
        text=lambda: Group(
            addresses(record, note=f"{state}; the queue is {queue}" if queue not in {"", "open"} else state),
            "",
            table(
                ("service", "health", "pid"),
                [
                    (
                        s.name,
                        "ready" if is_healthy(Running(**s.model_dump())) else "not answering",
                        str(s.pid),
                    )
                    for s in record.services
                ],
            ),
            "",
            table(
                ("agent process", "version", "pid", "busy"),
                [(str(a["agent"]), str(a["version"]), str(a["pid"]), str(a["busy"])) for a in agents],
            )
            if agents
            else "no agent process runs; one starts with its first task",
            "",
            f"{len(resources)} resources deployed",
            f"recorded, not emulated: {', '.join(recorded) or 'none'}",
        ),
    )


def _ask(record: LaptopRecord, what: str) -> list[dict[str, JsonValue]]:
    try:
        answer = httpx.get(f"{record.addresses.emulator}/_slipway/{what}", timeout=5).json()
    except httpx.HTTPError:
        return []
    listed = answer.get(what, []) if isinstance(answer, dict) else answer
    return [row for row in listed if isinstance(row, dict)]
