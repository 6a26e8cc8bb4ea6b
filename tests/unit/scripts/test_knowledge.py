"""`slipway knowledge` over a platform in memory: what it prints, and its stable keys."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from scripts import knowledge
from scripts.target import Target
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain.errors import InvalidInput, NotFound
from slipway.settings import Settings
from tests.builders import a_platform

README = "# pricing\n\nAmounts are rounded [half up](x).\n"


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> MemoryPlatform:
    platform = a_platform()
    platform.forge.commit("acme/pricing", "main", {"README.md": README}, message="start")
    target = Target(name="test", settings=Settings(environment="dev"), platform=platform, addresses=None)
    monkeypatch.setattr(knowledge, "resolve", lambda environment: target)
    return platform


def run(*arguments: str) -> str:
    done = CliRunner().invoke(knowledge.app, [*arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_sync_says_what_it_did_and_what_it_cost(platform: MemoryPlatform) -> None:
    assert "1 passages added, 0 removed, 0 unchanged" in run("sync")
    again = json.loads(run("sync", "--output", "json"))
    assert again["repositories"] == [
        {
            "repository": "acme/pricing",
            "added": 0,
            "removed": 0,
            "unchanged": 1,
            "tokens": 0,
            "withheld": [],
            "skipped": "",
        }
    ]
    assert (again["tokens"], again["usd"]) == (0, 0)


def test_a_search_shows_the_passage_with_its_source(platform: MemoryPlatform) -> None:
    run("sync")
    shown = run("search", "how are amounts rounded?")
    assert "acme/pricing README.md › pricing" in shown
    assert "Amounts are rounded [half up](x)." in shown
    assert "https://forge.test/acme/pricing/blob/" in shown
    (found,) = json.loads(run("search", "amounts", "--output", "json"))
    assert set(found) == {"score", "repository", "kind", "path", "heading", "sha", "url", "text"}


def test_an_empty_knowledge_base_says_how_to_fill_it(platform: MemoryPlatform) -> None:
    assert "slipway knowledge sync" in run("status")
    assert "nothing found" in run("search", "amounts")


def test_the_status_counts_by_repository_and_kind(platform: MemoryPlatform) -> None:
    run("sync")
    assert json.loads(run("status", "--output", "json")) == {
        "total": 1,
        "passages": [{"repository": "acme/pricing", "kind": "document", "count": 1}],
    }


def test_a_repository_that_is_not_there_is_an_error_when_it_was_asked_for(platform: MemoryPlatform) -> None:
    with pytest.raises(NotFound, match="acme/none"):
        run("sync", "--repository", "acme/none")


def test_a_kind_that_does_not_exist_is_wrong_usage(platform: MemoryPlatform) -> None:
    with pytest.raises(InvalidInput, match="convention, decision, document, pull_request"):
        run("search", "amounts", "--kind", "rumour")
