"""What each step asks its agent, composed from what earlier steps left behind."""

from __future__ import annotations

from collections.abc import Callable

from agents.cicd.contract import CiFixRequest
from agents.discovery.contract import DiscoveryRequest
from agents.execution.contract import ExecutionRequest
from agents.planning.contract import PlanningRequest
from slipway.domain.camel import Contract
from slipway.domain.ci_wait import WatchedHead
from slipway.domain.errors import EvidenceMissing
from slipway.domain.event import EventKind
from slipway.domain.step import Step
from slipway.ports.platform import Platform
from slipway.services import run_results
from slipway.services.ci_truth import ci_report
from slipway.services.start_run import RunOrder, learn_repositories


def compose(order: RunOrder, platform: Platform) -> bytes:
    """The agent's request as JSON, by the names of its contract."""
    return _COMPOSERS[order.step](order, platform).model_dump_json(by_alias=True).encode()


def _discovery(order: RunOrder, platform: Platform) -> Contract:
    return DiscoveryRequest(
        task_id=order.task_id,
        ticket=run_results.ticket(order.task_id, platform),
        organization=platform.secrets.github().organization,
    )


def _planning(order: RunOrder, platform: Platform) -> Contract:
    learn_repositories(order.task_id, platform)
    request = PlanningRequest(
        task_id=order.task_id,
        ticket=run_results.ticket(order.task_id, platform),
        discovery=run_results.discovery(platform.tasks.get(order.task_id), platform),
        jira_cloud_id=platform.secrets.jira().cloud_id,
    )
    return _sent_back(request, order, platform) if order.round else request


def _sent_back(request: PlanningRequest, order: RunOrder, platform: Platform) -> PlanningRequest:
    """With what people wanted different, oldest first, and the plan that they saw last."""
    asked = {
        event.detail["revision"]: event.detail["instruction"]
        for event in platform.event_log.events(order.task_id)
        if event.kind is EventKind.REVISION_ASKED
    }
    earlier = platform.tasks.get(order.task_id).model_copy(update={"revision": order.round - 1})
    return request.model_copy(
        update={
            "instructions": tuple(str(asked[n]) for n in range(1, order.round + 1) if n in asked),
            "earlier_plan": run_results.published_plan(earlier, platform).plan_markdown,
        }
    )


def _execution(order: RunOrder, platform: Platform) -> Contract:
    task = platform.tasks.get(order.task_id)
    published = run_results.published_plan(task, platform)
    return ExecutionRequest(
        task_id=task.id,
        ticket=run_results.ticket(task.id, platform),
        plan=published.plan,
        plan_hash=task.plan_hash or published.hash,
        pull_requests=task.pull_requests,
    )


def _ci_fix(order: RunOrder, platform: Platform) -> Contract:
    task = platform.tasks.get(order.task_id)
    red = next((one for one in task.pull_requests if one.ci == "failure"), None)
    if red is None:
        raise EvidenceMissing(f"task {task.id}: no pull request is red, so there is nothing to repair")
    return CiFixRequest(
        task_id=task.id,
        ticket=run_results.ticket(task.id, platform),
        plan=run_results.published_plan(task, platform).plan,
        pull_request=red,
        report=ci_report(
            WatchedHead(repository=red.repository, number=red.number, head_sha=red.head_sha), platform
        ),
        round=order.round,
    )


_COMPOSERS: dict[Step, Callable[[RunOrder, Platform], Contract]] = {
    Step.DISCOVER: _discovery,
    Step.PLAN: _planning,
    Step.EXECUTE: _execution,
    Step.FIX_CI: _ci_fix,
}
