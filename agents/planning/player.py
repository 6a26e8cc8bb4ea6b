"""Planning without a language model: a playbook drafts what its rules reach, the rest goes to a person."""

from __future__ import annotations

from agents.planning.tools import PlanningAnswer, PlanningToolbox
from slipway.agentkit.drafts import plan_of
from slipway.agentkit.play import Play, call
from slipway.playbooks.catalogue import understand


def play(toolbox: PlanningToolbox) -> Play[PlanningAnswer]:
    """Recognise the class of work, draft by reading, publish."""
    request = toolbox.run.request
    playbook, claim = understand(request.ticket)
    draft = playbook.draft(claim, ticket=request.ticket, discovery=request.discovery, trees=toolbox.trees)
    plan = plan_of(draft, ticket=request.ticket)
    yield from call("publish_plan", plan=plan.model_dump(mode="json", by_alias=True))
    return PlanningAnswer(summary=draft.summary)
