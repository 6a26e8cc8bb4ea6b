"""AgentCore Memory as agents use it: conversations are kept, and strategies make records of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator

TEMPLATE = {
    "Resources": {
        "Memory": {
            "Type": "AWS::BedrockAgentCore::Memory",
            "Properties": {
                "Name": "slipway_dev",
                "EventExpiryDuration": 30,
                "MemoryStrategies": [
                    {
                        "SemanticMemoryStrategy": {
                            "Name": "semantic",
                            "Namespaces": ["/strategies/{memoryStrategyId}/actors/{actorId}"],
                        }
                    },
                    {
                        "SummaryMemoryStrategy": {
                            "Name": "summary",
                            "Namespaces": [
                                "/strategies/{memoryStrategyId}/actors/{actorId}/sessions/{sessionId}"
                            ],
                        }
                    },
                ],
            },
        }
    },
    "Outputs": {"Id": {"Value": {"Fn::GetAtt": ["Memory", "MemoryId"]}}},
}


class Remembered:
    """One memory and both of its clients."""

    def __init__(self, emulator: Emulator) -> None:
        self.id = emulator.deploy("memory", TEMPLATE)["Id"]
        self.data = emulator.client("bedrock-agentcore")
        memory = emulator.client("bedrock-agentcore-control").get_memory(memoryId=self.id)["memory"]
        self.strategies = {each["type"]: each["strategyId"] for each in memory["strategies"]}

    def say(self, actor: str, *texts: str, session: str = "session-1", **more: Any) -> None:
        parts = [
            {"conversational": {"role": role, "content": {"text": text}}}
            for role, text in zip(("USER", "ASSISTANT") * len(texts), texts, strict=False)
        ]
        self.data.create_event(
            memoryId=self.id,
            actorId=actor,
            sessionId=session,
            eventTimestamp=datetime(2026, 5, 5, tzinfo=UTC),
            payload=parts,
            **more,
        )

    def found(self, actor: str, query: str) -> list[str]:
        namespace = f"/strategies/{self.strategies['SEMANTIC']}/actors/{actor}"
        answer = self.data.retrieve_memory_records(
            memoryId=self.id, namespace=namespace, searchCriteria={"searchQuery": query, "topK": 3}
        )
        return [each["content"]["text"] for each in answer["memoryRecordSummaries"]]


@pytest.fixture(scope="module")
def memory(emulator: Emulator) -> Remembered:
    return Remembered(emulator)


def test_a_conversation_is_kept_in_order(memory: Remembered) -> None:
    memory.say("ada", "Our tests run with pytest -q", "Noted")
    events = memory.data.list_events(memoryId=memory.id, actorId="ada", sessionId="session-1")["events"]
    assert [part["conversational"]["role"] for part in events[0]["payload"]] == ["USER", "ASSISTANT"]


def test_what_a_person_said_is_found_again_by_meaningful_words(memory: Remembered) -> None:
    memory.say("grace", "Deployments happen on Thursday", "Understood", session="one")
    memory.say("grace", "The orders service belongs to team Blue", session="two")
    assert memory.found("grace", "when are deployments") == ["Deployments happen on Thursday"]
    assert memory.found("grace", "who has the orders service")[0].endswith("team Blue")


def test_nobody_remembers_what_another_person_said(memory: Remembered) -> None:
    memory.say("linus", "My favourite branch is trunk")
    assert memory.found("margaret", "favourite branch") == []


def test_an_event_told_twice_is_remembered_once(memory: Remembered) -> None:
    for _ in range(2):
        memory.say("barbara", "Releases are tagged", clientToken="t" * 33)
    assert memory.found("barbara", "releases tagged") == ["Releases are tagged"]


def test_an_event_may_be_kept_from_the_long_term(memory: Remembered) -> None:
    memory.say("edsger", "A private remark", extractionMode="SKIP")
    assert memory.found("edsger", "private remark") == []


def test_a_session_has_one_summary_that_grows(memory: Remembered) -> None:
    memory.say("alan", "First question", "First answer", session="s")
    memory.say("alan", "Second question", session="s")
    path = f"/strategies/{memory.strategies['SUMMARIZATION']}/actors/alan"
    (summary,) = memory.data.list_memory_records(memoryId=memory.id, namespacePath=path)[
        "memoryRecordSummaries"
    ]
    assert summary["content"]["text"].split("\n") == [
        "user: First question",
        "assistant: First answer",
        "user: Second question",
    ]
    assert summary["namespaces"] == [f"{path}/sessions/s"]
