"""Which version `live` and `candidate` run, where that is pinned, and what a change of one agent changes."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aws_cdk import assertions

from agents.registry import AGENTS
from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec, Alarms, tools
from stacks.config import ENVIRONMENTS, EnvironmentConfig
from stacks.packaging import sources
from stacks.packaging.bundles import Bundle, PlaceholderBundles
from stacks.platform import build_platform
from tests.infrastructure.samples import DEV, Resource, pipeline, platform, resources

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "AWS::BedrockAgentCore::RuntimeEndpoint"
PROD = ENVIRONMENTS["prod"]


def endpoints(folder: Path, config: EnvironmentConfig) -> dict[str, list[Resource]]:
    template = platform(folder, agents=pipeline(), config=config)["Agents"]
    found: dict[str, list[Resource]] = {}
    for properties in resources(template, ENDPOINT).values():
        found.setdefault(str(properties["Name"]), []).append(properties)
    return found


def test_candidate_follows_every_deploy_and_live_does_where_it_is_not_pinned(tmp_path: Path) -> None:
    found = endpoints(tmp_path, DEV)
    assert sorted(found) == [names.CANDIDATE, names.LIVE]
    for each in (*found[names.LIVE], *found[names.CANDIDATE]):
        assert "AgentRuntimeVersion" in str(each["AgentRuntimeVersion"])


def test_a_pinned_live_starts_at_the_first_version_and_no_deploy_can_touch_it_again(tmp_path: Path) -> None:
    found = endpoints(tmp_path, PROD)
    for each in found[names.LIVE]:
        # Nothing here can change but by replacement, so CloudFormation never sends version 1 twice.
        assert set(each) == {"AgentRuntimeId", "AgentRuntimeVersion", "Name"}
        assert each["AgentRuntimeVersion"] == "1"
    for each in found[names.CANDIDATE]:
        assert "AgentRuntimeVersion" in str(each["AgentRuntimeVersion"])


@pytest.mark.parametrize(("name", "pinned"), [("dev", False), ("staging", True), ("prod", True)])
def test_only_development_lets_live_follow(name: str, pinned: bool) -> None:
    assert ENVIRONMENTS[name].pins_live is pinned


@dataclass(frozen=True)
class SourceBundles:
    """Assets that are named by the real sources of a checkout, without installing anything."""

    root: Path
    placeholders: PlaceholderBundles

    def agent(self, name: str) -> Bundle:
        digest = sources.digest(sources.agent_sources(self.root, name))
        path = self.placeholders.folder / f"{name}-{digest[:8]}.zip"
        path.write_bytes(digest.encode())
        return Bundle(path=path, digest=digest)

    def functions(self) -> Bundle:
        return self.placeholders.functions()


def synthesized(checkout: Path, folder: Path, agents: dict[str, AgentSpec]) -> dict[str, dict[str, Resource]]:
    import aws_cdk as cdk

    placeholders = PlaceholderBundles(folder / "assets")
    placeholders.functions()
    app = cdk.App(outdir=str(folder / "cdk.out"))
    build_platform(app, config=DEV, bundles=SourceBundles(checkout, placeholders), agents=agents)
    return {
        stack.stack_name: assertions.Template.from_stack(stack).to_json()["Resources"]
        for stack in app.node.children
        if isinstance(stack, cdk.Stack)
    }


def changed(
    before: dict[str, dict[str, Resource]], after: dict[str, dict[str, Resource]]
) -> dict[str, list[str]]:
    """Logical ids of what differs, by resource type."""
    found: dict[str, list[str]] = {}
    for stack, resources_before in before.items():
        for logical_id in resources_before.keys() | after[stack].keys():
            one, other = resources_before.get(logical_id), after[stack].get(logical_id)
            if json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True):
                kind = str((one or other or {})["Type"])
                found.setdefault(kind, []).append(logical_id)
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what goes into agents' assets, to be changed at will."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in ("slipway", "agents"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def before(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Resource]]:
    return synthesized(checkout, tmp_path_factory.mktemp("before"), dict(AGENTS))


def test_changing_one_prompt_changes_exactly_one_runtime(
    checkout: Path, before: dict[str, dict[str, Resource]], tmp_path: Path
) -> None:
    prompt = checkout / "agents" / "planning" / "prompt.md"
    text = prompt.read_text()
    prompt.write_text(text + "\nBe brief.\n")
    after = synthesized(checkout, tmp_path, dict(AGENTS))
    prompt.write_text(text)
    differences = changed(before, after)
    # The role names the one object that holds the code, so it moves with it.
    assert set(differences) == {"AWS::BedrockAgentCore::Runtime", "AWS::IAM::Role"}
    assert all(len(ids) == 1 and ids[0].startswith("Planning") for ids in differences.values())


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"alarms": Alarms(p95_latency_seconds=77)}, {"AWS::CloudWatch::Alarm"}),
        ({"idle_timeout_minutes": 7}, {"AWS::BedrockAgentCore::Runtime"}),
        ({"tools": tools("github", "get_commit")}, {"AWS::BedrockAgentCore::Policy"}),
        ({"model_tier": "fast"}, {"AWS::IAM::Role"}),
        ({"purpose": "Another purpose."}, {"AWS::BedrockAgentCore::Runtime"}),
    ],
    ids=["alarms", "idle", "tools", "tier", "purpose"],
)
def test_changing_a_field_of_a_spec_changes_only_what_derives_from_it(
    checkout: Path,
    before: dict[str, dict[str, Resource]],
    tmp_path: Path,
    change: dict[str, object],
    kinds: set[str],
) -> None:
    agents = {**AGENTS, "discovery": replace(AGENTS["discovery"], **change)}  # type: ignore[arg-type]
    differences = changed(before, synthesized(checkout, tmp_path, agents))
    assert set(differences) == kinds
    assert all("Discovery" in logical_id for ids in differences.values() for logical_id in ids)
