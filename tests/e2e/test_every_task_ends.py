"""Whatever is refused, stopped, killed or sent twice: one task, one visible end, with the reason."""

from __future__ import annotations

import httpx
import pytest

from local import sample_org
from slipway.domain.task import TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.explain import explain
from slipway.services.stop_task import stop_task
from tests.e2e.laptop import Laptop, eventually

pytestmark = pytest.mark.e2e


def test_a_rejected_plan_ends_the_task_with_the_reason(laptop: Laptop) -> None:
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    decide_approval(
        DecisionOrder(
            task_id=task_id, decision="reject", actor="olive", channel="cli", reason="wrong repository"
        ),
        laptop.platform,
    )
    task = laptop.wait_for(task_id, TaskState.REJECTED)
    assert "wrong repository" in (task.reason or "")
    assert "wrong repository" in explain(task_id, laptop.platform).why


def test_a_plan_that_is_sent_back_is_planned_again(laptop: Laptop) -> None:
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    decide_approval(
        DecisionOrder(
            task_id=task_id, decision="revise", actor="olive", channel="cli", reason="Make it prettier."
        ),
        laptop.platform,
    )
    # Rules do not know what is prettier: the second planning says so instead of showing the same plan.
    task = laptop.wait_for(task_id, TaskState.ESCALATED)
    assert "sent back" in (task.reason or "")
    assert {"plan", "plan_1"} <= set(task.attempts)


def test_a_plan_that_nobody_decides_on_expires(laptop: Laptop) -> None:
    with laptop.setting("dispatch-tasks", SLIPWAY_APPROVAL_HOURS="0.001"):
        task_id = laptop.file_sample("default")
        task = laptop.wait_for(task_id, TaskState.EXPIRED)
    assert "expired" in (task.reason or "")
    assert "nobody" in explain(task_id, laptop.platform).why.lower()


def test_a_click_on_approve_in_slack_lets_the_work_go_on(laptop: Laptop) -> None:
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    request = eventually(
        lambda: (r := laptop.platform.approvals.get(task_id)) and (r if r.slack_ts else None)
    )
    clicked = httpx.post(
        f"{laptop.record.addresses.slack}/_admin/actions",
        json={
            "user": next(iter(laptop.identities.slack.approvers)),
            "channel": request.slack_channel,
            "ts": request.slack_ts,
            "action_id": "approve",
        },
        timeout=30,
    )
    assert clicked.status_code < 300, clicked.text
    assert laptop.wait_for(task_id, TaskState.DONE).state is TaskState.DONE


def test_a_stopped_task_stays_stopped(laptop: Laptop) -> None:
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.DISCOVERING, TaskState.PLANNING, TaskState.AWAITING_APPROVAL)
    stop_task(task_id, actor="olive", reason="not now", platform=laptop.platform)
    assert "not now" in (laptop.wait_for(task_id, TaskState.STOPPED).reason or "")
    assert eventually(lambda: laptop.platform.workflow.status(task_id) == "stopped")


def test_a_killed_agent_process_is_run_again_and_the_task_ends_well(laptop: Laptop) -> None:
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.PLANNING)
    httpx.post(
        f"{laptop.record.addresses.emulator}/_slipway/agents/dev_planning/kill", timeout=30
    ).raise_for_status()
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    decide_approval(
        DecisionOrder(task_id=task_id, decision="approve", actor="olive", channel="cli"), laptop.platform
    )
    task = laptop.wait_for(task_id, TaskState.DONE)
    assert len(task.pull_requests) == 1


def test_the_same_webhook_ten_times_is_one_task(laptop: Laptop) -> None:
    key = laptop.file(sample_org.load_ticket(sample_org.tickets()["quick-checkout"]))
    task_id = laptop.task_of(key)
    (delivery,) = [
        d
        for d in httpx.get(f"{laptop.record.addresses.jira}/_admin/deliveries", timeout=30).json()
        if (d["issue_key"], d["event"]) == (key, "jira:issue_created")
    ]
    for _ in range(9):
        httpx.post(
            f"{laptop.record.addresses.jira}/_admin/deliveries/{delivery['id']}/redeliver", timeout=60
        ).raise_for_status()
    laptop.wait_for(task_id, TaskState.ESCALATED)
    assert [task.id for task in laptop.tasks_of(key)] == [task_id]
