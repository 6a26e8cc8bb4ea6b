"""What the harness holds a language model to: budget, loops, answers, secrets, and its own prompt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from strands.types.tools import AgentTool

from agents.discovery.contract import DiscoveryRequest
from slipway.agentkit.context import RunContext
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.play import Play, ToolCall
from slipway.agentkit.testing import Script, Turn
from slipway.agentkit.tooling import as_tools
from slipway.domain.agent_spec import AgentSpec, Budget
from slipway.domain.camel import Contract
from slipway.domain.errors import NotFound
from slipway.domain.event import EventKind
from slipway.domain.metrics import Metric
from slipway.domain.run import RunRecord
from slipway.domain.untrusted import outside_fences, unfenced
from tests.unit.agents.world import CRASH, TASK_ID, World

REQUEST = DiscoveryRequest(task_id=TASK_ID, ticket=CRASH, organization="acme")


class Answer(Contract):
    """The answer."""

    words: str


@dataclass
class Shelf:
    """Tools that succeed, fail and leak."""

    run: RunContext[DiscoveryRequest]

    def tools(self) -> Sequence[AgentTool]:
        return as_tools(self.run, self.look, self.lose, self.leak, self.crash)

    def close(self) -> None: ...

    def look(self, where: str) -> str:
        """Look."""
        return f"nothing in {where}"

    def lose(self, what: str) -> str:
        """Lose."""
        raise NotFound(f"{what} is not here")

    def leak(self) -> str:
        """Leak."""
        return "token ghp_abcdefghijklmnopqrstuvwxyz0123456789"

    def crash(self) -> str:
        """Crash."""
        raise RuntimeError("internal detail")


def no_play(shelf: Shelf) -> Play[Answer]:
    raise AssertionError("a scripted model plays here")
    yield ()


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    path = tmp_path / "prompt.md"
    path.write_text("You are a test. MAGENTA-PROMPT-WORD.")
    return path


def definition(
    prompt: Path, budget: Budget | None = None
) -> AgentDefinition[DiscoveryRequest, Shelf, Answer, Answer]:
    return AgentDefinition(
        spec=AgentSpec(
            name="probe", purpose="test", request=DiscoveryRequest, response=Answer, budget=budget or Budget()
        ),
        request=DiscoveryRequest,
        answer=Answer,
        prompt=prompt,
        opening=lambda request: f"Go for {request.ticket.key}.",
        toolbox=lambda run: Shelf(run),
        play=no_play,
        respond=lambda shelf, answer: answer,
    )


def answer(words: str = "done") -> Turn:
    return Turn(calls=[ToolCall("Answer", {"words": words})])


def use(name: str, **arguments: str) -> Turn:
    return Turn(calls=[ToolCall(name, dict(arguments))])


async def run(
    world: World, prompt: Path, *turns: Turn, budget: Budget | None = None
) -> tuple[RunRecord, Script]:
    script = Script(list(turns))
    record = await world.run(definition(prompt, budget), "discover", REQUEST, models=script.source())
    return record, script


async def test_an_answer_becomes_the_response_and_its_cost_is_counted(world: World, prompt: Path) -> None:
    record, script = await run(world, prompt, use("look", where="here"), answer("found"))
    assert record.status == "succeeded"
    assert record.response == {"words": "found"}
    assert record.usage.turns == 2
    assert record.usage.cost_usd == pytest.approx((200 * 2.2 + 20 * 11) / 1e6)
    assert set(script.shown[0].tools) >= {"look", "lose", "ask_human", "Answer"}
    assert (Metric.RUNS_SUCCEEDED, 1.0) in world.metrics.values
    kinds = [event.kind for event in world.event_log.events(TASK_ID)]
    assert kinds == [EventKind.RUN_STARTED, EventKind.RUN_FINISHED]


async def test_untrusted_text_is_fenced_and_the_rule_about_it_is_in_the_prompt(
    world: World, prompt: Path
) -> None:
    _, script = await run(world, prompt, answer())
    assert "untrusted" in script.shown[0].system_prompt


async def test_asking_for_a_person_ends_the_run_with_the_reason(world: World, prompt: Path) -> None:
    record, script = await run(world, prompt, use("ask_human", reason="Which currency?"), answer())
    assert (record.status, record.error, record.error_message) == (
        "needs_human",
        "NeedsHuman",
        "Which currency?",
    )
    assert len(script.turns) == 1


async def test_a_budget_of_turns_stops_the_run(world: World, prompt: Path) -> None:
    turns = [use("look", where=str(number)) for number in range(5)]
    record, script = await run(world, prompt, *turns, budget=Budget(turns=3))
    assert record.error == "BudgetExceeded"
    assert "3 of 3 turns" in (record.error_message or "")
    assert len(script.turns) == 2
    assert (Metric.BUDGET_STOPS, 1.0) in world.metrics.values


async def test_a_budget_of_money_stops_the_run(world: World, prompt: Path) -> None:
    turns = [replace(use("look", where=str(number)), input_tokens=1_000_000) for number in range(3)]
    record, _ = await run(world, prompt, *turns, budget=Budget(usd=3.0))
    assert record.error == "BudgetExceeded"
    assert record.usage.cost_usd > 3.0


async def test_the_same_failing_call_is_steered_and_then_stopped(world: World, prompt: Path) -> None:
    record, script = await run(world, prompt, *[use("lose", what="keys") for _ in range(6)])
    assert record.error == "BudgetExceeded"
    assert "same failing call" in (record.error_message or "")
    assert len(script.turns) == 2
    assert "Do not repeat it" in str(script.shown[3].messages[-1])


async def test_a_failing_call_may_be_tried_again_after_something_new_was_done(
    world: World, prompt: Path
) -> None:
    turns = [each for n in range(4) for each in (use("look", where=str(n)), use("lose", what="keys"))]
    record, _ = await run(world, prompt, *turns, answer())
    assert record.status == "succeeded"


async def test_different_failing_calls_are_not_a_loop(world: World, prompt: Path) -> None:
    turns = [use("lose", what=str(number)) for number in range(5)]
    record, _ = await run(world, prompt, *turns, answer())
    assert record.status == "succeeded"


async def test_a_failing_tool_names_its_error_and_a_crashing_one_gives_nothing_away(
    world: World, prompt: Path
) -> None:
    _, script = await run(world, prompt, use("lose", what="keys"), use("crash"), answer())
    said = script.shown[1].messages[-1]["content"][0]["toolResult"]["content"][0]["text"]
    assert unfenced(said) == "NotFound: keys is not here"
    assert outside_fences(said) == "NotFound: "
    assert "internal detail" not in str(script.shown[2].messages)


async def test_secrets_reach_neither_the_model_nor_the_transcript(world: World, prompt: Path) -> None:
    _, script = await run(world, prompt, use("leak"), answer())
    assert "ghp_" not in str(script.shown[1].messages)
    assert "ghp_" not in world.transcript("discover")


async def test_the_prompt_is_in_no_record_and_no_transcript(world: World, prompt: Path) -> None:
    record, script = await run(world, prompt, use("crash"), Turn(error=RuntimeError("MAGENTA-PROMPT-WORD")))
    assert "MAGENTA-PROMPT-WORD" in script.shown[0].system_prompt
    assert record.error == "AgentFault"
    assert "MAGENTA" not in record.model_dump_json()
    assert "MAGENTA" not in world.transcript("discover")


async def test_a_model_that_never_answers_needs_a_person(world: World, prompt: Path) -> None:
    record, _ = await run(world, prompt, Turn(text="hm"), Turn(text="well"))
    assert record.status == "needs_human"


async def test_a_request_that_breaks_its_contract_is_named(world: World, prompt: Path) -> None:
    runner = world.runner(definition(prompt), models=Script([]).source())
    invocation = world.invocation("discover", REQUEST)
    world.artifacts.put(invocation.request_key, b'{"taskId": "x"}')
    record = await runner.run(invocation, cancel=threading.Event())
    assert record.error == "InvalidInput"
    assert "ticket" in (record.error_message or "")


async def test_a_cancelled_run_is_recorded_as_such(world: World, prompt: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    runner = world.runner(definition(prompt), models=Script([answer()]).source())
    record = await runner.run(world.invocation("discover", REQUEST), cancel=cancel)
    assert (record.status, record.error) == ("cancelled", "Stopped")
