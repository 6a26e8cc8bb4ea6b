"""From act's JSON lines to jobs, steps and logs the way GitHub shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.forge.actions.workflow_file import JobPlan, StepPlan, WorkflowFile
from local.forge.records import Conclusion, Step

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_DECORATION = re.compile(r"^\s*[^\w\s:]+\s*(?=::)")
_EXIT = re.compile(r"exit status (\d+)$")
_COMMAND = re.compile(r"^::(error|warning|notice|debug|group|endgroup)[^:]*::(.*)$")
_OWN_WORDS = ("LocalRepositoryCache", "unable to get git", "Couldn't get a valid docker")


class Line(BaseModel):
    """One line of `act --json`."""

    model_config = ConfigDict(extra="ignore")

    msg: str
    time: str
    level: str = "info"
    job: str = ""
    key: str = Field(default="", alias="jobID")
    stage: str = ""
    step: str = ""
    step_ids: list[str] = Field(default_factory=list, alias="stepID")
    matrix: dict[str, object] = Field(default_factory=dict)
    step_result: str = Field(default="", alias="stepResult")
    job_result: str = Field(default="", alias="jobResult")
    raw_output: bool = False


@dataclass(frozen=True)
class JobResult:
    """How one job ended."""

    key: str
    name: str
    conclusion: Conclusion
    started_at: str
    completed_at: str
    steps: tuple[Step, ...]
    log: str


@dataclass
class _StepState:
    shown: str
    conclusion: Conclusion | None = None
    started_at: str | None = None
    completed_at: str | None = None
    is_forgiven: bool = False


@dataclass
class _JobState:
    plan: JobPlan
    name: str
    started_at: str
    completed_at: str
    conclusion: Conclusion | None = None
    steps: dict[str, _StepState] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)


def read_jobs(lines: Iterable[str], workflow: WorkflowFile) -> list[JobResult]:
    """Tell what every job that ran did."""
    plans = {plan.key: plan for plan in workflow.jobs}
    jobs: dict[str, _JobState] = {}
    for line in _lines(lines):
        plan = plans.get(line.key)
        if plan is None or not line.job:
            continue
        state = jobs.get(line.job)
        if state is None:
            name = _job_name(line, plan, workflow)
            state = jobs[line.job] = _JobState(plan, name, line.time, line.time)
            state.steps = {step.key: _StepState(step.shown) for step in plan.steps}
        _take(state, line)
    return [_result(state) for state in jobs.values()]


def _lines(lines: Iterable[str]) -> Iterator[Line]:
    for text in lines:
        if not text.startswith("{"):
            continue
        try:
            yield Line.model_validate(json.loads(text))
        except (ValueError, ValidationError):
            continue


def _take(state: _JobState, line: Line) -> None:
    state.completed_at = line.time
    if line.job_result:
        state.conclusion = "success" if line.job_result == "success" else "failure"
        return
    if line.stage != "Main" or not line.step_ids:
        return
    step = state.steps.setdefault(line.step_ids[0], _StepState(line.step))
    text = _COLOURS.sub("", line.msg).rstrip("\n")
    is_whole = len(line.step_ids) == 1
    if line.raw_output:
        _log(state, line, *(_annotated(part) for part in text.split("\n")))
    elif text.startswith("⭐ Run") and is_whole:
        _begin(state, step, line)
    elif line.step_result and is_whole:
        step.completed_at = line.time
        step.conclusion = _conclusion(line.step_result, is_forgiven=step.is_forgiven)
    elif text == "Failed but continue next step":
        step.is_forgiven = True
    elif line.level == "error":
        text = _annotated(_DECORATION.sub("", text))
        code = _EXIT.search(text)
        _log(
            state,
            line,
            f"##[error]Process completed with exit code {code[1]}." if code else _as_error(text),
        )


def _begin(state: _JobState, step: _StepState, line: Line) -> None:
    step.started_at = line.time
    plan = next((found for found in state.plan.steps if found.key == line.step_ids[0]), None)
    if "${{" in step.shown and line.step:
        step.shown = line.step.split("\n", 1)[0]
    _log(state, line, *_heading(plan, line))


def _heading(plan: StepPlan | None, line: Line) -> list[str]:
    if plan is None:
        return [f"##[group]Run {line.step}", "##[endgroup]"]
    if plan.uses is not None:
        given = [f"  {name}: {value}" for name, value in plan.inputs.items()]
        return [f"##[group]Run {plan.uses}", *(["with:", *given] if given else []), "##[endgroup]"]
    script = (plan.run or "").rstrip("\n").split("\n")
    return [f"##[group]Run {script[0]}", *script, "shell: /usr/bin/bash -e {0}", "##[endgroup]"]


def _as_error(text: str) -> str:
    return text if text.startswith("##[") else f"##[error]{text}"


def _annotated(text: str) -> str:
    command = _COMMAND.match(text)
    return f"##[{command[1]}]{command[2]}" if command else text


def _conclusion(result: str, *, is_forgiven: bool) -> Conclusion:
    if result == "failure":
        return "success" if is_forgiven else "failure"
    return "skipped" if result == "skipped" else "success"


def _result(state: _JobState) -> JobResult:
    ended = state.conclusion or "failure"
    steps = [
        Step(
            number=number,
            name=step.shown,
            status="completed",
            conclusion=step.conclusion or "skipped",
            started_at=step.started_at,
            completed_at=step.completed_at or step.started_at,
        )
        for number, step in enumerate(state.steps.values(), start=2)
    ]
    around = (
        Step(1, "Set up job", "completed", "success", state.started_at, state.started_at),
        *steps,
        Step(len(steps) + 2, "Complete job", "completed", "success", state.completed_at, state.completed_at),
    )
    return JobResult(
        key=state.plan.key,
        name=state.name,
        conclusion=ended,
        started_at=state.started_at,
        completed_at=state.completed_at,
        steps=around,
        log="\n".join([*state.log, f"{_stamp(state.completed_at)} Complete job name: {state.name}", ""]),
    )


def _job_name(line: Line, plan: JobPlan, workflow: WorkflowFile) -> str:
    if plan.has_computed_name:
        return re.sub(r"-\d+$", "", line.job.removeprefix(f"{workflow.name}/")) or plan.key
    values = ", ".join(str(value) for value in line.matrix.values())
    return f"{plan.name} ({values})" if values else plan.name


def _log(state: _JobState, line: Line, *texts: str) -> None:
    state.log += [f"{_stamp(line.time)} {text}" for text in texts if not text.startswith(_OWN_WORDS)]


def _stamp(time: str) -> str:
    return time.replace("Z", ".0000000Z")
