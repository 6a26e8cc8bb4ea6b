"""The discovery agent in code."""

from __future__ import annotations

from pathlib import Path

from agents.discovery.contract import DiscoveryRequest
from agents.discovery.player import play
from agents.discovery.spec import SPEC
from agents.discovery.tools import DiscoveryToolbox
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.tickets import ticket_text
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman


def _opening(request: DiscoveryRequest) -> str:
    return (
        f"Find what this ticket concerns in the repositories of {request.organization}.\n\n"
        f"{ticket_text(request.ticket)}"
    )


def _respond(toolbox: DiscoveryToolbox, answer: DiscoveryResult) -> DiscoveryResult:
    """A model may only name repositories of the organisation it was asked about."""
    owner = toolbox.run.request.organization.lower()
    kept = tuple(each for each in answer.relevant_repos if each.name.partition("/")[0].lower() == owner)
    if not kept:
        raise NeedsHuman(f"discovery named no repository of {toolbox.run.request.organization}")
    return answer.model_copy(update={"relevant_repos": kept})


AGENT = AgentDefinition(
    spec=SPEC,
    request=DiscoveryRequest,
    answer=DiscoveryResult,
    prompt=Path(__file__).with_name("prompt.md"),
    opening=_opening,
    toolbox=lambda run: DiscoveryToolbox(run=run),
    play=play,
    respond=_respond,
    gateway_tools=tuple(tool for tool in SPEC.tools if tool.target in {"github", "knowledge"}),
)
