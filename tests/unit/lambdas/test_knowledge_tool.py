"""The gateway's arguments become a question; what they cannot mean is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdas.knowledge_tool import handler as module
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain.errors import InvalidInput
from slipway.services.sync_knowledge import sync_knowledge
from tests.builders import a_platform

SCHEMA = Path(module.__file__).with_name("tool_schema.json")


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> MemoryPlatform:
    platform = a_platform()
    files = {f"docs/{name}.md": f"# {name}\n\nAbout {name}.\n" for name in ("money", "queues", "limits")}
    platform.forge.commit("acme/pricing", "main", files, message="start")
    sync_knowledge(platform)
    monkeypatch.setattr(module, "platform", lambda: platform)
    return platform


def ask(**event: object) -> list[dict[str, object]]:
    answer = json.loads(json.dumps(module.handler(event, None)))
    passages: list[dict[str, object]] = answer["passages"]
    return passages


def test_a_question_gets_passages_with_source_commit_and_score(platform: MemoryPlatform) -> None:
    first = ask(query="what about money?")[0]
    sha = platform.forge.branches["acme/pricing", "main"]
    assert first["source"] == f"https://forge.test/acme/pricing/blob/{sha}/docs/money.md"
    assert (first["repository"], first["path"], first["sha"]) == ("acme/pricing", "docs/money.md", sha)
    assert float(str(first["score"])) > 0.3
    assert str(first["text"]).startswith("<untrusted-")


def test_arguments_narrow_the_search(platform: MemoryPlatform) -> None:
    assert len(ask(query="money queues limits", limit=2.0)) == 2
    assert ask(query="money queues limits", kind="decision") == []
    assert ask(query="money queues limits", repository="acme/orders") == []


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({}, "query as text"),
        ({"query": "x", "kind": "rumour"}, "convention, decision, document, pull_request"),
        ({"query": "x", "limit": "5"}, "whole number"),
        ({"query": "x", "limit": 2.5}, "whole number"),
        ({"query": "x", "limit": 21}, "1 to 20"),
        ({"query": "x", "repository": "pricing"}, "owner/name"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    platform: MemoryPlatform, event: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidInput, match=problem):
        module.handler(event, None)


def test_the_schema_names_exactly_the_arguments_that_are_read() -> None:
    (tool,) = json.loads(SCHEMA.read_text())
    assert tool["name"] == "search"
    assert set(tool["inputSchema"]["properties"]) == {"query", "repository", "kind", "limit"}
    assert tool["inputSchema"]["required"] == ["query"]
