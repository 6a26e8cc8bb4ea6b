"""Writes the pages that list things, from the things themselves: `make docs`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import typer
from typer.models import CommandInfo
from typer.testing import CliRunner

from agents.registry import AGENTS
from lambdas.openapi.document import document
from local.supervisor.layout import ROOT
from scripts import render_architecture
from scripts.cli import app
from scripts.markdown import page, table, with_block
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.repository_config import RepositoryConfig
from slipway.settings import Settings

REPOSITORY_GUIDE = "docs/guides/repository.md"


def agents_page() -> str:
    """docs/agents.md: one row for each registered agent."""
    rows = [_agent_row(spec) for spec in AGENTS.values()]
    head = ("agent", "purpose", "model tier", "tools", "sandbox", "budget of a run", "timeout", "started by")
    return page("Agents", "Everything here follows from `agents/<name>/spec.py`.", table(head, rows))


def settings_page() -> str:
    """docs/settings.md: every environment variable of a deployed process."""
    rows = [
        (
            f"`SLIPWAY_{name.upper()}`",
            field.description or "",
            "" if field.is_required() else f"`{field.default}`",
        )
        for name, field in Settings.model_fields.items()
    ]
    note = "Written by `stacks/`, read by `slipway/bootstrap.py`; spelt once, in `slipway/settings.py`."
    return page("Settings", note, table(("variable", "meaning", "default"), rows))


def cli_page() -> str:
    """docs/cli.md: the help of every command."""
    parts = [f"## slipway {' '.join(path)}\n\n```text\n{_help(path)}\n```" for path in _commands(app)]
    note = "Every command has `--output json` with stable keys; exit 0 is ok, 1 failed, 2 wrong usage."
    return page("Command line", note, "\n\n".join(parts))


def repository_page() -> str:
    """docs/guides/repository.md: written by hand, but for the keys of `.slipway.yml`."""
    rows = [
        (f"`{name}`", field.description or "", _default(field.default))
        for name, field in RepositoryConfig.model_fields.items()
    ]
    text = (ROOT / REPOSITORY_GUIDE).read_text()
    return with_block(text, "keys", table(("key", "meaning", "default"), rows))


def openapi_document() -> str:
    """docs/openapi.json: what GET /openapi.json answers, for readers and generators of clients."""
    return json.dumps(document(), indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/agents.md": agents_page,
    "docs/settings.md": settings_page,
    "docs/cli.md": cli_page,
    "docs/openapi.json": openapi_document,
    REPOSITORY_GUIDE: repository_page,
    render_architecture.ARCHITECTURE: render_architecture.architecture_page,
    render_architecture.EVENTS: render_architecture.events_page,
    render_architecture.RUNBOOKS: render_architecture.runbooks_page,
}


def main(root: Path = ROOT) -> None:
    """Write every page."""
    for path, render in PAGES.items():
        (root / path).write_text(render())


def _agent_row(spec: AgentSpec) -> tuple[str, ...]:
    budget = f"${spec.budget.usd:.2f}, {spec.budget.turns} turns, {spec.budget.minutes} min"
    tools = ", ".join(f"`{tool.gateway_name}`" for tool in spec.tools)
    triggers = ", ".join(trigger.value.replace("_", " ") for trigger in spec.triggers)
    timeout = f"{spec.timeout_minutes} min"
    return (f"`{spec.name}`", spec.purpose, spec.model_tier, tools, spec.sandbox, budget, timeout, triggers)


def _default(value: object) -> str:
    """Empty means detected; a list of one is written as one value."""
    shown = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    return f"`{shown}`" if shown != () else ""


def _commands(group: typer.Typer) -> list[list[str]]:
    own = [[_name(command)] for command in group.registered_commands]
    nested = [
        [str(sub.name), *path]
        for sub in group.registered_groups
        if sub.typer_instance
        for path in [*_itself(sub.typer_instance), *_commands(sub.typer_instance)]
    ]
    return own + nested


def _itself(group: typer.Typer) -> list[list[str]]:
    """A group that does something without a command is one."""
    return [[]] if group.info.invoke_without_command is True else []


def _name(command: CommandInfo) -> str:
    return command.name or getattr(command.callback, "__name__", "").replace("_", "-")


def _help(path: Sequence[str]) -> str:
    shown = CliRunner().invoke(app, [*path, "--help"], prog_name="slipway", env={"COLUMNS": "100"})
    return "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())


if __name__ == "__main__":
    main()
