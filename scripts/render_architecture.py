"""The generated parts of docs/architecture.md, docs/events.md and the index of runbooks."""

from __future__ import annotations

import json
import re
from itertools import groupby

from agents.registry import AGENTS
from local.aws.recorded import differing_types, recorded_types
from local.supervisor.layout import ROOT
from scripts.markdown import page, table, with_block
from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.task_change import DETAIL_TYPE, SOURCE, TaskChange
from stacks.functions import FUNCTIONS, FunctionSpec
from stacks.routes import PEOPLE_ROUTES, ROUTES

ARCHITECTURE = "docs/architecture.md"
EVENTS = "docs/events.md"
RUNBOOKS = "docs/runbooks/README.md"
_MEANING = re.compile(r"## What it means\n\n(?P<first>.+?\.)(\s|$)", re.DOTALL)


def architecture_page() -> str:
    """Written by hand, but for what lists things."""
    text = (ROOT / ARCHITECTURE).read_text()
    for name, body in (
        ("functions", functions_table()),
        ("routes", routes_diagram()),
        ("agents", agents_diagram()),
        ("recorded", recorded_table()),
    ):
        text = with_block(text, name, body)
    return text


def functions_table() -> str:
    """Which stack holds which function, and what it may reach."""
    rows = [
        (
            f"`{function.folder}`",
            function.stack,
            ", ".join(sorted(each.replace("_", " ") for each in function.access)) or "its stack says",
            f"{function.timeout_seconds} s",
            "yes" if function.asynchronous else "",
        )
        for function in sorted(FUNCTIONS.values(), key=_place)
    ]
    return table(("function", "stack", "may reach", "timeout", "dead-letter queue"), rows)


def routes_diagram() -> str:
    """From each route to its function."""
    lines = ["```mermaid", "flowchart LR"]
    for who, routes in (("machines, which sign", ROUTES), ("people, who sign in", PEOPLE_ROUTES)):
        lines.append(f'  subgraph {who.split(",")[0]}["{who}"]')
        for method, path, _ in routes:
            lines.append(f'    {_id(method.value + path)}["{method.value} {path}"]')
        lines.append("  end")
    lines += [f"  {_id(m.value + path)} --> {folder}" for m, path, folder in (*ROUTES, *PEOPLE_ROUTES)]
    return "\n".join([*lines, "```"])


def agents_diagram() -> str:
    """Which agent calls tools of which gateway target."""
    lines = ["```mermaid", "flowchart LR"]
    for spec in AGENTS.values():
        lines.append(f'  {spec.name}["{spec.name} ({spec.model_tier})"]')
        lines += [f"  {spec.name} -->|{count}| {target}" for target, count in _targets(spec)]
        if spec.sandbox != "none":
            lines.append(f"  {spec.name} --> sandbox")
    return "\n".join([*lines, "```"])


def recorded_table() -> str:
    """What the laptop does without, and what it does otherwise."""
    rows = [(f"`{kind}`", "recorded", says) for kind, says in sorted(recorded_types().items())]
    rows += [(f"`{kind}`", "emulated", says) for kind, says in sorted(differing_types().items())]
    return table(("resource", "is", "on the laptop"), rows)


def events_page() -> str:
    """docs/events.md: what other systems hear, and the schema of it."""
    schema = json.dumps(TaskChange.model_json_schema(by_alias=True), indent=2)
    wanted = {"source": [SOURCE], "detail-type": [DETAIL_TYPE], "detail": {"to": ["done"]}}
    body = f"""Each change is told at least once, and not always in order: `at` says which is newer. A rule on
the bus picks what it wants, here the tasks that were done:

```json
{json.dumps(wanted, indent=2)}
```

The archive of the bus keeps events for `event_days` of the environment, for a replay.

## The detail

```json
{schema}
```"""
    note = (
        f"The event bus `{names.event_bus('ENV')}` hears of every change of a task's state: source "
        f"`{SOURCE}`, detail type `{DETAIL_TYPE}`. Fields are added, never renamed or removed."
    )
    return page("Events", note, body)


def runbooks_page() -> str:
    """docs/runbooks/README.md: one row for each runbook."""
    rows = []
    for file in sorted((ROOT / RUNBOOKS).parent.glob("*.md")):
        if file.name == "README.md":
            continue
        text = file.read_text()
        found = _MEANING.search(text)
        if found is None:
            raise ValueError(f"{file} does not begin with what it means")
        title = text.splitlines()[0].removeprefix("# ")
        rows.append((f"[{title}]({file.name})", " ".join(found["first"].split())))
    note = (
        "Every alarm names one of these in its description and tells Slack and e-mail, "
        "when it begins and when it is over."
    )
    return page("Runbooks", note, table(("runbook", "what it means"), rows))


def _targets(spec: AgentSpec) -> list[tuple[str, int]]:
    used = sorted(tool.target for tool in spec.tools)
    return [(target, len(list(held))) for target, held in groupby(used)]


def _place(function: FunctionSpec) -> tuple[str, str]:
    return function.stack, function.folder


def _id(text: str) -> str:
    return re.sub(r"\W+", "_", text)
