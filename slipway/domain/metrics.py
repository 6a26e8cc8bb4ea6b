"""Metric names and dimensions; emitters and alarms import the same constants."""

from __future__ import annotations

from enum import StrEnum

NAMESPACE = "Slipway"


class Dimension(StrEnum):
    """Dimensions of every Slipway metric."""

    ENVIRONMENT = "Environment"
    AGENT = "Agent"
    WORKFLOW = "Workflow"
    REPOSITORY = "Repository"


class Metric(StrEnum):
    """Counts unless the name says otherwise."""

    RUNS_STARTED = "RunsStarted"
    RUNS_SUCCEEDED = "RunsSucceeded"
    RUNS_FAILED = "RunsFailed"
    RUN_SECONDS = "RunSeconds"
    RUN_COST_USD = "RunCostUsd"
    RUN_TURNS = "RunTurns"
    INPUT_TOKENS = "InputTokens"
    OUTPUT_TOKENS = "OutputTokens"
    TOOL_CALLS = "ToolCalls"
    TOOL_ERRORS = "ToolErrors"
    BUDGET_STOPS = "BudgetStops"
    TASKS_ACCEPTED = "TasksAccepted"
    TASKS_ENDED = "TasksEnded"
    TASK_SECONDS = "TaskSeconds"
    EVENTS_REJECTED = "EventsRejected"
    NOTIFICATIONS_FAILED = "NotificationsFailed"
    TASKS_REPAIRED = "TasksRepaired"
    CREDENTIALS_BLOCKED = "CredentialsBlocked"
