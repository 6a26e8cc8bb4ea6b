"""A platform in memory, signed deliveries into it, and a hand that moves a task as the workflow does."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel, JsonValue

from lambdas.invoke_agent.requests import compose
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain import artifact_keys
from slipway.domain.evidence import CheckConclusion, CheckRun, Commit, ExecutionResult
from slipway.domain.intake.delivery import Delivery
from slipway.domain.plan import Plan
from slipway.domain.published_plan import PublishedPlan, PublishedPullRequest
from slipway.domain.run import RunOutput, RunRecord
from slipway.domain.step import Step, run_id, session_id
from slipway.domain.task import Task
from slipway.domain.ticket import Ticket
from slipway.services.await_ci import await_ci
from slipway.services.delivery_gate import delivery_gate
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.preflight import preflight
from slipway.services.receive_jira import receive_jira
from slipway.services.reply import Reply
from slipway.services.request_approval import request_approval
from slipway.services.start_run import RunOrder, start_run
from tests.builders import REPOSITORY, START, a_discovery, a_plan, a_platform, a_ticket

PLAN_TEXT = "# PLAN\n\n## Summary\nAn empty basket has the price 0.\n"
BRANCH = "feature/ENG-1-guard"
BOT = "slipway[bot]"
GREEN = CheckConclusion(name="ci", status="completed", conclusion="success")
RED = CheckConclusion(name="ci", status="completed", conclusion="failure")
RUNNING = CheckConclusion(name="ci", status="in_progress")
SOURCE = "src/price.py"
TESTS = "tests/test_price.py"
OLD_TREE = {
    SOURCE: "def price(items):\n    return sum(items) / len(items)\n",
    TESTS: "def test_price():\n    assert price([2, 4]) == 3\n",
    ".github/workflows/ci.yml": "on: push\n",
}
CHANGES: dict[str, str | None] = {
    SOURCE: "def price(items):\n    return sum(items) / len(items) if items else 0\n",
    TESTS: OLD_TREE[TESTS] + "\n\ndef test_empty():\n    assert price([]) == 0\n",
}


def jira_delivery(
    ticket: Ticket, *, added: bool = True, timestamp: int = 1, **changes: JsonValue
) -> Delivery:
    payload: dict[str, JsonValue] = {
        "timestamp": timestamp,
        "webhookEvent": "jira:issue_updated" if added else "jira:issue_created",
        "user": {"accountId": "someone", "displayName": "Grace"},
        "issue": {
            "key": ticket.key,
            "fields": {
                "summary": ticket.summary,
                "description": ticket.description,
                "labels": list(ticket.labels),
                "priority": {"name": str(ticket.priority)},
            },
        },
        "changelog": {
            "items": [{"field": "labels", "fromString": "", "toString": " ".join(ticket.labels)}]
            if added
            else []
        },
    }
    return signed(payload | changes, header="x-hub-signature", secret="jira-new")


def signed(
    payload: Mapping[str, JsonValue], *, header: str, secret: str, headers: Mapping[str, str] | None = None
) -> Delivery:
    body = json.dumps(payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Delivery(
        headers={"content-type": "application/json", header: f"sha256={digest}", **(headers or {})}, body=body
    )


def github_delivery(event: str, payload: Mapping[str, JsonValue], *, delivery_id: str = "g1") -> Delivery:
    return signed(
        payload,
        header="x-hub-signature-256",
        secret="github-new",
        headers={"x-github-event": event, "x-github-delivery": delivery_id},
    )


def slack_delivery(form: Mapping[str, str], *, now: float, secret: str = "slack-new") -> Delivery:
    body = urlencode(form).encode()
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return Delivery(
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-signature": f"v0={digest}",
            "x-slack-request-timestamp": stamp,
        },
        body=body,
    )


@dataclass
class World:
    """One ticket and one repository, ready to go."""

    platform: MemoryPlatform = field(default_factory=a_platform)
    ticket: Ticket = field(default_factory=a_ticket)
    plan: Plan = field(default_factory=a_plan)
    task_id: str = ""
    tokens: int = 0

    def __post_init__(self) -> None:
        self.platform.tracker.tickets[self.ticket.key] = self.ticket
        for repository in self.plan.repositories:
            self.platform.forge.commit(repository, "main", OLD_TREE, message="start")

    @property
    def task(self) -> Task:
        return self.platform.tasks.get(self.task_id)

    @property
    def history(self) -> list[str]:
        return [str(event.kind) for event in self.platform.event_log.events(self.task_id)]

    def file(self, *, timestamp: int = 1) -> Reply:
        reply = receive_jira(jira_delivery(self.ticket, timestamp=timestamp), self.platform)
        self.task_id = str(reply.body.get("task_id", self.task_id))
        return reply

    def started(self) -> World:
        self.file()
        dispatch_tasks(self.platform)
        preflight(self.task_id, self.platform)
        return self

    def planned(self) -> World:
        self.started()
        self.run(Step.DISCOVER, a_discovery(*self.plan.repositories))
        self.run(Step.PLAN, self.published())
        return self

    def awaiting_approval(self) -> str:
        self.planned()
        token = self.token()
        request_approval(self.task_id, token, self.platform)
        return token

    def executed(self, *, changes: Mapping[str, str | None] = CHANGES, message: str | None = None) -> World:
        self.awaiting_approval()
        self.run(Step.EXECUTE, self.execution(changes=changes, message=message))
        return self

    def awaiting_ci(self) -> str:
        self.executed()
        delivery_gate(self.task_id, self.platform)
        token = self.token()
        await_ci(self.task_id, token, self.platform)
        return token

    def token(self) -> str:
        self.tokens += 1
        return self.platform.step_tokens.issue(f"token-{self.tokens}")

    def run(self, step: Step, answer: BaseModel, *, round_number: int = 0, attempt: int = 1) -> None:
        """As the agent does it: take the run, leave the record, complete the token."""
        order = RunOrder(
            task_id=self.task_id,
            step=step,
            attempt=attempt,
            agent=step.agent,
            task_token=self.token(),
            round=round_number,
        )
        assert start_run(order, compose(order, self.platform), self.platform) == "accepted"
        run = run_id(self.task_id, order.key, attempt)
        agent, invocation = self.platform.runtimes.sessions[session_id(run)]
        record = RunRecord(
            task_id=self.task_id,
            step=order.key,
            attempt=attempt,
            agent=agent,
            status="succeeded",
            response=json.loads(answer.model_dump_json(by_alias=True)),
            started_at=START,
            ended_at=START,
        )
        key = artifact_keys.run_result(self.task_id, order.key, attempt)
        self.platform.artifacts.put(key, record.model_dump_json(by_alias=True).encode())
        output = RunOutput(run_id=run, result_key=key, cost_usd=0.0)
        assert invocation.task_token is not None
        self.platform.step_tokens.succeed(invocation.task_token, output.model_dump_json(by_alias=True))

    def published(self) -> PublishedPlan:
        pulls: list[PublishedPullRequest] = []
        for repository in self.plan.repositories:
            self.platform.forge.commit(
                repository, BRANCH, {"PLAN.md": PLAN_TEXT}, message="docs: plan", author=BOT
            )
            view = self.platform.forge.open_pull_request(repository, BRANCH)
            pulls.append(
                PublishedPullRequest(
                    repository=repository,
                    branch=BRANCH,
                    number=view.number,
                    url=view.url,
                    head_sha=view.head_sha,
                    base="main",
                )
            )
        return PublishedPlan(plan=self.plan, plan_markdown=PLAN_TEXT, pull_requests=tuple(pulls))

    def execution(
        self, *, changes: Mapping[str, str | None] = CHANGES, message: str | None = None
    ) -> ExecutionResult:
        commits, evidence, heads = [], [], {}
        for task in self.plan.tasks:
            words = message or self.message(item=task.id)
            sha = self.platform.forge.commit(task.repository, BRANCH, changes, message=words, author=BOT)
            heads[task.repository] = sha
            commits.append(
                Commit(
                    repository=task.repository,
                    branch=BRANCH,
                    sha=sha,
                    message=words,
                    task_id=task.id,
                    files=tuple(changes),
                )
            )
            evidence += [
                CheckRun(
                    repository=task.repository,
                    phase=phase,
                    task_id=task.id,
                    command="pytest tests/test_price.py",
                    exit_code=code,
                )
                for phase, code in (("red", 1), ("green", 0))
            ]
        return ExecutionResult(
            commits=tuple(commits), evidence=tuple(evidence), head_shas=heads, summary="guarded"
        )

    def message(self, *, agent: str = "execution", item: int = 1, task_id: str | None = None) -> str:
        return (
            "fix: guard the division\n\n"
            f"Slipway-Task: {task_id or self.task_id}\nSlipway-Agent: {agent}\n"
            f"Slipway-Model: deterministic\nSlipway-Item: {item}\n"
        )

    def head(self, repository: str = REPOSITORY) -> str:
        return self.platform.forge.pulls[repository, 1].head_sha

    def checks(self, *checks: CheckConclusion, repository: str = REPOSITORY) -> None:
        self.platform.forge.checks_by_sha[self.head(repository)] = checks
