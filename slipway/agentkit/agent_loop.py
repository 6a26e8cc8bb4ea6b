"""One agent at work: builds the Strands agent for a run, lets it finish, and gives its answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from strands import Agent
from strands.agent.conversation_manager import NullConversationManager
from strands.tools.executors import SequentialToolExecutor

from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.definition import AgentDefinition, AnswerT, ResponseT, ToolboxT
from slipway.agentkit.guards import Guards
from slipway.agentkit.models.choice import ChosenModel
from slipway.agentkit.outcomes import RunCancelled
from slipway.agentkit.tooling import all_tools
from slipway.agentkit.transcript import Transcript
from slipway.agentkit.usage import usage_of
from slipway.domain.errors import NeedsHuman
from slipway.domain.run import RunUsage


@dataclass
class UsageMeter:
    """What the run used so far, also when it ends in an error."""

    usage: RunUsage


async def answer_of(
    definition: AgentDefinition[RequestT, ToolboxT, AnswerT, ResponseT],
    toolbox: ToolboxT,
    *,
    run: RunContext[RequestT],
    model: ChosenModel,
    guards: Guards,
    transcript: Transcript,
    meter: UsageMeter,
    cancel: threading.Event,
) -> ResponseT:
    """Run the agent's loop to its answer; raises NeedsHuman when it asked for a person."""
    agent = Agent(
        model=model.make(definition.play(toolbox)),
        tools=[*all_tools(run, toolbox.tools(), definition.gateway_tools)],
        system_prompt=definition.system_prompt(),
        name=definition.spec.name,
        hooks=[guards, transcript],
        callback_handler=None,
        # Tools of one run share its workspace: one call at a time.
        tool_executor=SequentialToolExecutor(),
        # The ticket and the evidence must stay in view; the budget ends a run that grows without bound.
        conversation_manager=NullConversationManager(),
    )
    try:
        result = await agent.invoke_async(
            definition.opening(run.request),
            structured_output_model=definition.answer,
            cancel_signal=cancel,
        )
    except Exception:
        if run.escalation is not None:
            raise NeedsHuman(run.escalation) from None
        raise
    finally:
        meter.usage = usage_of(agent.event_loop_metrics, model_id=run.model_id)
    if run.escalation is not None:
        raise NeedsHuman(run.escalation)
    if cancel.is_set() or result.stop_reason == "cancelled":
        raise RunCancelled(f"run {run.run_id} was cancelled")
    answer = result.structured_output
    if not isinstance(answer, definition.answer):
        raise NeedsHuman(f"run {run.run_id}: the model ended without an answer ({result.stop_reason})")
    return definition.respond(toolbox, answer)
