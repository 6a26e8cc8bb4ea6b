"""Reading a workflow file: its name, what starts it, its jobs and the actions they use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from local.forge.actions.globs import any_passes, passes

FOLDER = ".github/workflows"
DEFAULT_PULL_REQUEST_TYPES = ("opened", "synchronize", "reopened")


class InvalidWorkflow(ValueError):
    """A workflow file that GitHub would refuse too."""


@dataclass(frozen=True)
class Trigger:
    """One entry of `on:` with its filters."""

    event: str
    branches: tuple[str, ...] | None = None
    branches_ignore: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    paths: tuple[str, ...] | None = None
    paths_ignore: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)

    def accepts(self, *, branch: str, changed: list[str], action: str | None = None) -> bool:
        """Say whether the filters let this branch, these files and this action through."""
        if action is not None and action not in (self.types or DEFAULT_PULL_REQUEST_TYPES):
            return False
        if self.branches is None and self.branches_ignore is None and self.tags is not None:
            return False  # a push trigger with only `tags` does not run for branches
        return passes(branch, only=self.branches, ignore=self.branches_ignore) and any_passes(
            changed, only=self.paths, ignore=self.paths_ignore
        )


@dataclass(frozen=True)
class StepPlan:
    """One step as written; `key` is its id, or its place in the job."""

    key: str
    shown: str
    run: str | None = None
    uses: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JobPlan:
    """One job as written: its key, the name it shows, where it would run, and its steps."""

    key: str
    name: str
    runs_on: tuple[str, ...]
    has_computed_name: bool
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True)
class WorkflowFile:
    """One parsed workflow."""

    path: str
    name: str
    triggers: tuple[Trigger, ...]
    jobs: tuple[JobPlan, ...]

    def trigger(self, event: str) -> Trigger | None:
        """Find the entry for one event."""
        return next((trigger for trigger in self.triggers if trigger.event == event), None)


def parse_workflow(path: str, text: str) -> WorkflowFile:
    """Read a workflow file; every scalar stays a string, so `on` is not taken for `true`."""
    try:
        document = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise InvalidWorkflow(f"{path} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise InvalidWorkflow(f"{path} is not a mapping")
    jobs = document.get("jobs")
    if not isinstance(jobs, dict) or not jobs:
        raise InvalidWorkflow(f"{path} has no jobs")
    return WorkflowFile(
        path=path,
        name=str(document.get("name") or path),
        triggers=tuple(_triggers(document.get("on"))),
        jobs=tuple(_job(str(key), body) for key, body in jobs.items()),
    )


def _triggers(on: object) -> Iterator[Trigger]:
    if isinstance(on, str):
        yield Trigger(event=on)
    elif isinstance(on, list):
        yield from (Trigger(event=str(event)) for event in on)
    elif isinstance(on, dict):
        for event, filters in on.items():
            yield _trigger(str(event), filters if isinstance(filters, dict) else {})


def _trigger(event: str, filters: Mapping[str, object]) -> Trigger:
    return Trigger(
        event=event,
        branches=_strings(filters.get("branches")),
        branches_ignore=_strings(filters.get("branches-ignore")),
        tags=_strings(filters.get("tags")),
        paths=_strings(filters.get("paths")),
        paths_ignore=_strings(filters.get("paths-ignore")),
        types=_strings(filters.get("types")),
        inputs=_input_defaults(filters.get("inputs")),
    )


def _input_defaults(inputs: object) -> dict[str, str]:
    if not isinstance(inputs, dict):
        return {}
    return {
        str(name): str(details.get("default", "")) if isinstance(details, dict) else ""
        for name, details in inputs.items()
    }


def _strings(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _job(key: str, body: object) -> JobPlan:
    if not isinstance(body, dict):
        raise InvalidWorkflow(f"job {key!r} is not a mapping")
    name = str(body.get("name") or key)
    has_computed_name = "${{" in name
    steps = body.get("steps")
    return JobPlan(
        key=key,
        name=key if has_computed_name else name,
        runs_on=_strings(body.get("runs-on")) or ("ubuntu-latest",),
        has_computed_name=has_computed_name,
        steps=tuple(
            _step(place, step)
            for place, step in enumerate(steps if isinstance(steps, list) else [])
            if isinstance(step, dict)
        ),
    )


def _step(place: int, step: Mapping[str, object]) -> StepPlan:
    run = str(step["run"]) if "run" in step else None
    uses = str(step["uses"]) if "uses" in step else None
    doing = uses if uses is not None else (run or "").strip().split("\n", 1)[0]
    inputs = step.get("with")
    return StepPlan(
        key=str(step.get("id") or place),
        shown=str(step.get("name") or f"Run {doing}"),
        run=run,
        uses=uses,
        inputs={str(k): str(v) for k, v in inputs.items()} if isinstance(inputs, dict) else {},
    )
