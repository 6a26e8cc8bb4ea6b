"""A plan: what will change, proven by which tests, in which order; bound to approvals by its hash."""

from __future__ import annotations

import hashlib

from pydantic import Field, model_validator

from slipway.domain.camel import Contract

PLAN_FILE = "PLAN.md"
"""Where a plan lives, at the root of every repository it touches; no other agent reads or changes it."""


class Scope(Contract):
    """What is done and, as important, what is not."""

    in_scope: tuple[str, ...] = Field(min_length=1)
    out_of_scope: tuple[str, ...] = ()


class Component(Contract):
    """One file to create or change and what it answers for."""

    repository: str
    path: str
    responsibility: str


class Architecture(Contract):
    """The parts and how data moves through them."""

    components: tuple[Component, ...] = Field(min_length=1)
    data_flow: str


class TestCase(Contract):
    """One test, written before the change it proves."""

    __test__ = False

    repository: str
    path: str
    description: str


class TestStrategy(Contract):
    """Tests first."""

    __test__ = False

    unit_tests: tuple[TestCase, ...] = ()
    integration_tests: tuple[TestCase, ...] = ()


class PlanTask(Contract):
    """One item of work, one commit; 1 to 4 hours for a person; `dependencies` are ids of earlier tasks."""

    id: int = Field(ge=1)
    repository: str
    description: str
    files: tuple[str, ...] = Field(min_length=1, description="Paths this task may touch.")
    estimated_hours: float = Field(ge=0.5, le=4)
    dependencies: tuple[int, ...] = ()


class Plan(Contract):
    """PLAN.md as data."""

    ticket_key: str
    title: str
    summary: str
    scope: Scope
    architecture: Architecture
    test_strategy: TestStrategy
    tasks: tuple[PlanTask, ...] = Field(min_length=1)
    cross_repo_steps: tuple[str, ...] = ()
    security: tuple[str, ...] = ()
    rollback: str
    work_class: str = Field(
        default="other", description="Class of work, such as crash or rename; informational."
    )

    @model_validator(mode="after")
    def _tasks_are_ordered(self) -> Plan:
        seen: set[int] = set()
        for task in self.tasks:
            late = [d for d in task.dependencies if d not in seen]
            if late:
                raise ValueError(f"task {task.id} depends on {late}, which do not come before it")
            if task.id in seen:
                raise ValueError(f"task id {task.id} is used twice")
            seen.add(task.id)
        return self

    @property
    def repositories(self) -> tuple[str, ...]:
        """Every repository that a task touches, in task order."""
        return tuple(dict.fromkeys(task.repository for task in self.tasks))

    @property
    def estimated_hours(self) -> float:
        """Sum over the tasks, in hours of a person's work."""
        return sum(task.estimated_hours for task in self.tasks)


def plan_hash(markdown: str) -> str:
    """SHA-256 hex of PLAN.md as committed (UTF-8, newline-normalised): what an approval is bound to."""
    return hashlib.sha256(markdown.replace("\r\n", "\n").encode()).hexdigest()
