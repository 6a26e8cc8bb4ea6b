"""The steps of the ticket workflow that run an agent, and the identities derived from them."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Step(StrEnum):
    """One agent step; the value is the step's name in ASL input, artifacts and events."""

    DISCOVER = "discover"
    PLAN = "plan"
    EXECUTE = "execute"
    FIX_CI = "fix_ci"

    @property
    def agent(self) -> str:
        """The name of the agent that takes it."""
        return _AGENTS[self]


_AGENTS = {
    Step.DISCOVER: "discovery",
    Step.PLAN: "planning",
    Step.EXECUTE: "execution",
    Step.FIX_CI: "cicd",
}


def plan_step(revision: int) -> str:
    """The key of planning: each revision of the plan is a run of its own."""
    return f"{Step.PLAN}_{revision}" if revision else str(Step.PLAN)


def run_id(task_id: str, step: Step | str, attempt: int) -> str:
    """The business key of one run: a retried invocation with the same key must not do the work twice."""
    return f"{task_id}.{step}.{attempt}"


def session_id(run: str) -> str:
    """AgentCore runtime session id (64 hex characters; the service asks for 33 to 256)."""
    return hashlib.sha256(run.encode()).hexdigest()
