"""The planning agent in code."""

from __future__ import annotations

from pathlib import Path

from agents.planning.contract import PlanningRequest, PlanningResponse
from agents.planning.player import play
from agents.planning.spec import SPEC
from agents.planning.tools import PlanningAnswer, PlanningToolbox
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.tickets import ticket_text
from slipway.domain.errors import EvidenceMissing
from slipway.domain.untrusted import fence


def _opening(request: PlanningRequest) -> str:
    found = fence("discovery result", request.discovery.model_dump_json(by_alias=True, indent=1))
    return (
        f"Plan this ticket.\n\n{ticket_text(request.ticket)}\n\nWhat discovery found:\n{found}\n\n"
        f"Conventions: {request.conventions.model_dump_json(by_alias=True)}{_sent_back(request)}"
    )


def _sent_back(request: PlanningRequest) -> str:
    if not request.instructions:
        return ""
    asked = "\n".join(
        fence(f"what a person wants different, {number}", text)
        for number, text in enumerate(request.instructions, start=1)
    )
    return (
        "\n\nA person read your earlier plan and sent it back. Make a new plan that does what they ask, "
        "within the ticket and your rules.\n\n"
        f"The earlier plan:\n{fence('earlier plan', request.earlier_plan)}"
        f"\n\nWhat they ask, oldest first:\n{asked}"
    )


def _respond(toolbox: PlanningToolbox, _: PlanningAnswer) -> PlanningResponse:
    """Everything in the response is what was published; the model only adds that it is done."""
    if toolbox.published is None:
        raise EvidenceMissing(f"run {toolbox.run.run_id} ended without publishing a plan")
    return toolbox.published


AGENT = AgentDefinition(
    spec=SPEC,
    request=PlanningRequest,
    answer=PlanningAnswer,
    prompt=Path(__file__).with_name("prompt.md"),
    opening=_opening,
    toolbox=lambda run: PlanningToolbox(run=run),
    play=play,
    respond=_respond,
    gateway_tools=tuple(
        tool
        for tool in SPEC.tools
        if tool.name in {"get_file_contents", "search_code", "getJiraIssue"} or tool.target == "knowledge"
    ),
)
