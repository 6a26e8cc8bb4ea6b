"""Planning without a language model: a playbook drafts what its rules reach, the rest goes to a person."""

from __future__ import annotations

from agents.planning.contract import PlanningRequest
from agents.planning.plan_markdown import plan_markdown
from agents.planning.tools import PlanningAnswer, PlanningToolbox
from slipway.agentkit.drafts import plan_of
from slipway.agentkit.play import Play, call
from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.catalogue import understand


def play(toolbox: PlanningToolbox) -> Play[PlanningAnswer]:
    """Recognise the class of work, draft by reading, publish."""
    request = toolbox.run.request
    ticket = _with_instructions(request)
    playbook, claim = understand(ticket)
    draft = playbook.draft(claim, ticket=ticket, discovery=request.discovery, trees=toolbox.trees)
    plan = plan_of(draft, ticket=request.ticket)
    if request.instructions and plan_markdown(plan) == request.earlier_plan:
        raise NeedsHuman(
            f"the plan of {request.ticket.key} was sent back, and no rule reaches what is asked: it needs a "
            "language model: set SLIPWAY_MODEL_PROVIDER=bedrock or openai, or edit PLAN.md on the branch"
        )
    yield from call("publish_plan", plan=plan.model_dump(mode="json", by_alias=True))
    return PlanningAnswer(summary=draft.summary)


def _with_instructions(request: PlanningRequest) -> Ticket:
    """Rules read an instruction as what the ticket should have said; it stands first, as the newer word."""
    said = "\n\n".join([*reversed(request.instructions), request.ticket.description])
    return request.ticket.model_copy(update={"description": said}) if request.instructions else request.ticket
