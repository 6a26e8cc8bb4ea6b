"""Lets a task go on to CI only on evidence: nothing that an agent claims is believed without looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slipway.domain.counted import counted
from slipway.domain.errors import EvidenceMissing, SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.evidence import CiFixResult, ExecutionResult
from slipway.domain.plan import PLAN_FILE, Plan, plan_hash
from slipway.domain.task import PullRequest, Task, TaskPatch, TaskState
from slipway.ports.forge import PullRequestView
from slipway.ports.platform import Platform
from slipway.services import gate_rules, run_results
from slipway.services.enter_state import enter_state


@dataclass(frozen=True, kw_only=True)
class _Claims:
    """What the agents say they delivered."""

    plan: Plan
    execution: ExecutionResult
    fixes: Sequence[CiFixResult]

    def head(self, repository: str) -> str | None:
        heads = [fix.head_sha for fix in self.fixes if fix.repository == repository and fix.head_sha]
        return heads[-1] if heads else self.execution.head_shas.get(repository)

    def commits(self, repository: str) -> set[str]:
        every = [*self.execution.commits, *(commit for fix in self.fixes for commit in fix.commits)]
        return {commit.sha for commit in every if commit.repository == repository}

    def files(self, repository: str) -> set[str]:
        """Named by the approved plan, or changed by a recorded repair of CI."""
        planned = {path for task in self.plan.tasks if task.repository == repository for path in task.files}
        repaired = (c for fix in self.fixes for c in fix.commits if c.repository == repository)
        return planned.union(*(commit.files for commit in repaired))


def delivery_gate(task_id: str, platform: Platform) -> tuple[PullRequest, ...]:
    """The pull requests at their proven commits; raises what is missing or refused."""
    task = enter_state(task_id, TaskState.CHECKING_DELIVERY, platform)
    try:
        pull_requests = _check(task, platform)
    except SlipwayError as error:
        platform.event_log.append(
            task_id,
            EventKind.DELIVERY_CHECKED,
            f"refused: {error}",
            detail={"passed": False, "error": type(error).__name__},
        )
        raise
    platform.tasks.patch(task_id, TaskPatch(pull_requests=pull_requests))
    platform.event_log.append(
        task_id,
        EventKind.DELIVERY_CHECKED,
        f"what was approved and proven is all that is in {counted(len(pull_requests), 'pull request')}",
        detail={"passed": True, "heads": {one.repository: one.head_sha for one in pull_requests}},
    )
    return pull_requests


def _check(task: Task, platform: Platform) -> tuple[PullRequest, ...]:
    if not task.pull_requests:
        raise EvidenceMissing(f"task {task.id} has no pull request")
    claims = _Claims(
        plan=run_results.published_plan(task, platform).plan,
        execution=run_results.execution(task, platform),
        fixes=run_results.ci_fixes(task, platform),
    )
    delivered = tuple(_check_one(task, one, claims, platform) for one in task.pull_requests)
    if lost := set(claims.plan.repositories) - {one.repository for one in delivered}:
        raise EvidenceMissing(f"no pull request for {', '.join(sorted(lost))}, which the plan changes")
    return delivered


def _check_one(task: Task, one: PullRequest, claims: _Claims, platform: Platform) -> PullRequest:
    name = f"{one.repository}#{one.number}"
    view = platform.forge.pull_request(one.repository, one.number)
    gate_rules.is_deliverable(view, expected_head=claims.head(one.repository))
    _holds_approved_plan(task, view, platform)
    files = platform.forge.changed_files(one.repository, one.number)
    gate_rules.changes_what_was_planned(name, files, allowed=claims.files(one.repository))
    gate_rules.tests_are_not_weaker(view, files, platform.forge)
    gate_rules.is_proven(claims.plan, claims.execution.evidence, repository=one.repository)
    gate_rules.commits_are_ours(
        name,
        platform.forge.commits(one.repository, one.number),
        task_id=task.id,
        proven=claims.commits(one.repository),
        bot=platform.forge.bot_login(),
    )
    return one.model_copy(update={"head_sha": view.head_sha, "draft": view.draft})


def _holds_approved_plan(task: Task, view: PullRequestView, platform: Platform) -> None:
    text = platform.forge.file(view.repository, PLAN_FILE, ref=view.head_sha)
    if text is None:
        raise EvidenceMissing(f"{view.repository}#{view.number} no longer holds {PLAN_FILE}")
    if plan_hash(text) != task.plan_hash:
        raise EvidenceMissing(f"{PLAN_FILE} of {view.repository}#{view.number} is not the approved one")
