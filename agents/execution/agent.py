"""The execution agent in code."""

from __future__ import annotations

from pathlib import Path

from agents.execution.contract import ExecutionRequest, ExecutionResponse
from agents.execution.player import play
from agents.execution.spec import SPEC
from agents.execution.tools import ExecutionAnswer, ExecutionToolbox
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.tickets import ticket_text
from slipway.domain.errors import EvidenceMissing
from slipway.domain.untrusted import fence


def _opening(request: ExecutionRequest) -> str:
    # A person approved its tasks; its words still come from the ticket.
    plan = fence("approved plan", request.plan.model_dump_json(by_alias=True, indent=1))
    return (
        f"Carry out the tasks of this approved plan.\n\n{plan}\n\n"
        f"It is for this ticket:\n\n{ticket_text(request.ticket)}"
    )


def _respond(toolbox: ExecutionToolbox, answer: ExecutionAnswer) -> ExecutionResponse:
    """Commits, evidence and heads are what the platform saw; only the summary is the model's."""
    items = toolbox.items
    if missing := [task.id for task in items.plan.tasks if task.id not in items.done]:
        raise EvidenceMissing(f"run {toolbox.run.run_id} ended before tasks {missing} were committed")
    return ExecutionResponse(
        commits=tuple(items.ledger.commits),
        evidence=tuple(items.ledger.evidence),
        head_shas=items.heads(),
        attempts=items.attempts,
        summary=answer.summary,
    )


AGENT = AgentDefinition(
    spec=SPEC,
    request=ExecutionRequest,
    answer=ExecutionAnswer,
    prompt=Path(__file__).with_name("prompt.md"),
    opening=_opening,
    toolbox=lambda run: ExecutionToolbox(run=run),
    play=play,
    respond=_respond,
)
