"""Every Lambda function: what it may do, how long it may take, and which stack holds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Literal


class Access(StrEnum):
    """What a function's role may do; each is one entry of `stacks/constructs/function_access.py`."""

    TASKS = auto()
    CHAT = auto()
    ERRORS = auto()
    LEDGER = auto()
    ARTIFACTS = auto()
    SNAPSHOTS = auto()
    GITHUB = auto()
    JIRA = auto()
    SENTRY = auto()
    SLACK = auto()
    START_TASKS = auto()
    STEER_TASKS = auto()
    COMPLETE_STEPS = auto()
    RUN_AGENTS = auto()
    EDGE = auto()


_STORES = frozenset({Access.TASKS, Access.ARTIFACTS})
_PEOPLE = frozenset({Access.GITHUB, Access.JIRA, Access.SLACK})
_DECIDES = frozenset({Access.COMPLETE_STEPS, Access.STEER_TASKS})


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """One folder of `lambdas/`. `asynchronous` ones keep failed events in a dead-letter queue."""

    folder: str
    stack: Literal["agents", "workflow", "intake", "edge", "knowledge", "operations"]
    access: frozenset[Access]
    timeout_seconds: int = 60
    memory_mb: int = 512
    asynchronous: bool = False


FUNCTIONS = {
    function.folder: function
    for function in (
        FunctionSpec(
            folder="repositories_tool",
            stack="agents",
            access=frozenset({Access.GITHUB, Access.SNAPSHOTS}),
            timeout_seconds=120,
            memory_mb=1024,
        ),
        FunctionSpec(
            folder="slack_tools", stack="agents", access=frozenset({Access.SLACK}), timeout_seconds=30
        ),
        # Which secrets it writes is the gateway's to say.
        FunctionSpec(
            folder="renew_credentials",
            stack="agents",
            access=frozenset({Access.GITHUB, Access.JIRA}),
            asynchronous=True,
        ),
        # It reads every byte that agents send, so it gets processor time.
        FunctionSpec(
            folder="tool_interceptor", stack="agents", access=frozenset(), timeout_seconds=30, memory_mb=1024
        ),
        # What it may do is the knowledge base's own to say.
        FunctionSpec(folder="knowledge_tool", stack="knowledge", access=frozenset(), timeout_seconds=30),
        FunctionSpec(
            folder="dispatch_tasks",
            stack="workflow",
            access=frozenset({Access.TASKS, Access.START_TASKS}),
            asynchronous=True,
        ),
        FunctionSpec(folder="preflight", stack="workflow", access=_STORES | _PEOPLE),
        FunctionSpec(
            folder="invoke_agent",
            stack="workflow",
            access=_STORES | _PEOPLE | {Access.RUN_AGENTS},
            timeout_seconds=90,
        ),
        FunctionSpec(
            folder="request_approval",
            stack="workflow",
            access=_STORES | _PEOPLE | {Access.COMPLETE_STEPS},
            timeout_seconds=90,
        ),
        FunctionSpec(
            folder="delivery_gate",
            stack="workflow",
            access=_STORES | {Access.GITHUB, Access.JIRA},
            timeout_seconds=120,
        ),
        FunctionSpec(
            folder="await_ci",
            stack="workflow",
            access=frozenset({Access.TASKS, Access.GITHUB, Access.JIRA, Access.COMPLETE_STEPS}),
            timeout_seconds=90,
        ),
        FunctionSpec(folder="finish_task", stack="workflow", access=_STORES | _PEOPLE, timeout_seconds=90),
        FunctionSpec(
            folder="end_task", stack="workflow", access=_PEOPLE | {Access.TASKS}, timeout_seconds=90
        ),
        FunctionSpec(
            folder="reconcile",
            stack="workflow",
            access=_PEOPLE | _DECIDES | {Access.TASKS, Access.START_TASKS},
            timeout_seconds=300,
            asynchronous=True,
        ),
        FunctionSpec(
            folder="jira_webhook", stack="intake", access=_STORES | _PEOPLE | _DECIDES, timeout_seconds=25
        ),
        FunctionSpec(
            folder="github_webhook", stack="intake", access=_STORES | _PEOPLE | _DECIDES, timeout_seconds=25
        ),
        FunctionSpec(
            folder="slack_webhook", stack="intake", access=_STORES | _PEOPLE | _DECIDES, timeout_seconds=25
        ),
        FunctionSpec(
            folder="sentry_webhook",
            stack="intake",
            access=frozenset({Access.ERRORS, Access.SENTRY}),
            timeout_seconds=25,
        ),
        FunctionSpec(
            folder="file_alerts",
            stack="intake",
            access=frozenset({Access.TASKS, Access.ERRORS, Access.SENTRY, Access.JIRA}),
            asynchronous=True,
        ),
        FunctionSpec(
            folder="tasks_api",
            stack="intake",
            access=_STORES | _PEOPLE | {Access.COMPLETE_STEPS, Access.EDGE},
            timeout_seconds=25,
        ),
        FunctionSpec(
            folder="edge_authorizer",
            stack="edge",
            access=frozenset({Access.EDGE}),
            timeout_seconds=10,
            memory_mb=256,
        ),
        FunctionSpec(
            folder="alert_to_slack",
            stack="operations",
            access=frozenset({Access.ERRORS, Access.SLACK}),
            timeout_seconds=30,
            memory_mb=256,
            asynchronous=True,
        ),
        # Which bus it may publish on is the stack's to say.
        FunctionSpec(
            folder="publish_task_changes",
            stack="operations",
            access=frozenset(),
            timeout_seconds=30,
            memory_mb=256,
            asynchronous=True,
        ),
        FunctionSpec(folder="health", stack="intake", access=frozenset(), timeout_seconds=10, memory_mb=256),
        FunctionSpec(folder="openapi", stack="intake", access=frozenset(), timeout_seconds=10, memory_mb=256),
    )
}


def functions_of(stack: str) -> tuple[FunctionSpec, ...]:
    """The functions that one stack holds."""
    return tuple(function for function in FUNCTIONS.values() if function.stack == stack)
