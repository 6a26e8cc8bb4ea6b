"""A playbook's draft and an approved plan say the same thing; these turn one into the other."""

from __future__ import annotations

from slipway.domain.errors import NeedsHuman
from slipway.domain.plan import (
    Architecture,
    Component,
    Plan,
    PlanTask,
    Scope,
    TestCase,
    TestStrategy,
)
from slipway.domain.test_strength import is_test_path
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, DraftTask, WorkClass

MIN_HOURS, MAX_HOURS = 0.5, 4.0
_CLASSES: dict[str, WorkClass] = {
    name: name for name in ("crash", "rename", "constant", "dependency", "patch")
}


def plan_of(draft: Draft, *, ticket: Ticket) -> Plan:
    """The plan that says what a draft says; each task waits for the one before it."""
    return Plan(
        ticket_key=ticket.key,
        title=" ".join(ticket.summary.split()),
        summary=draft.summary,
        scope=Scope(in_scope=draft.in_scope, out_of_scope=draft.out_of_scope),
        architecture=Architecture(
            components=tuple(
                Component(repository=repository, path=path, responsibility=text)
                for (repository, path), text in draft.responsibilities.items()
            ),
            data_flow=draft.data_flow,
        ),
        test_strategy=TestStrategy(
            unit_tests=tuple(
                TestCase(repository=repository, path=path, description=text)
                for (repository, path), text in draft.tests.items()
            )
        ),
        tasks=tuple(
            PlanTask(
                id=number,
                repository=task.repository,
                description=task.summary,
                files=tuple(dict.fromkeys([*task.test_files, *task.source_files])),
                estimated_hours=min(MAX_HOURS, max(MIN_HOURS, task.hours)),
                dependencies=(number - 1,) if number > 1 else (),
            )
            for number, task in enumerate(draft.tasks, start=1)
        ),
        cross_repo_steps=draft.cross_repository,
        security=draft.security,
        rollback=draft.rollback,
        work_class=draft.work_class,
    )


def draft_of(plan: Plan) -> Draft:
    """The draft behind an approved plan, so that what is solved is what was approved."""
    work_class = _CLASSES.get(plan.work_class)
    if work_class is None:
        raise NeedsHuman(
            f"the plan of {plan.ticket_key} is of class {plan.work_class!r}, which no playbook carries "
            f"out; it needs a language model: set SLIPWAY_MODEL_PROVIDER=bedrock or openai"
        )
    return Draft(
        work_class=work_class,
        summary=plan.summary,
        in_scope=plan.scope.in_scope,
        out_of_scope=plan.scope.out_of_scope,
        responsibilities={
            (each.repository, each.path): each.responsibility for each in plan.architecture.components
        },
        data_flow=plan.architecture.data_flow,
        tests={(each.repository, each.path): each.description for each in plan.test_strategy.unit_tests},
        tasks=tuple(
            DraftTask(
                repository=task.repository,
                summary=task.description,
                test_files=tuple(path for path in task.files if is_test_file(plan, task.repository, path)),
                source_files=tuple(
                    path for path in task.files if not is_test_file(plan, task.repository, path)
                ),
                hours=task.estimated_hours,
            )
            for task in plan.tasks
        ),
        cross_repository=plan.cross_repo_steps,
        security=plan.security,
        rollback=plan.rollback,
    )


def is_test_file(plan: Plan, repository: str, path: str) -> bool:
    """Whether the plan or the file's own name says that it is a test."""
    strategy = (*plan.test_strategy.unit_tests, *plan.test_strategy.integration_tests)
    return is_test_path(path) or any(each.repository == repository and each.path == path for each in strategy)
