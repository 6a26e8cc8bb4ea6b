"""Agents and placeholder assets that infrastructure tests build from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict, Unpack

import aws_cdk as cdk
from aws_cdk import assertions
from pydantic import BaseModel

from slipway.domain.agent_spec import AgentSpec, Grant, Tool, tools
from stacks.config import ENVIRONMENTS, EnvironmentConfig
from stacks.constructs.permissions import Permissions
from stacks.data import DataStack
from stacks.packaging.bundles import PlaceholderBundles
from stacks.platform import build_platform

DEV = ENVIRONMENTS["dev"]
PARTS = ("Data", "Operations", "Knowledge", "Agents", "Workflow", "Intake", "Dashboard")
PIPELINE = ("discovery", "planning", "execution", "cicd")
Resource = Mapping[str, object]


class Anything(BaseModel):
    """A contract that asks for nothing."""


class SpecFields(TypedDict, total=False):
    """Fields of a spec that a test may care about."""

    tools: tuple[Tool, ...]
    grants: frozenset[Grant]
    regions: tuple[str, ...]
    timeout_minutes: int
    idle_timeout_minutes: int


def spec(name: str = "reviewer", **fields: Unpack[SpecFields]) -> AgentSpec:
    """An agent that may read code and nothing else."""
    chosen: SpecFields = {"tools": tools("github", "search_code", "get_file_contents"), **fields}
    return AgentSpec(
        name=name,
        purpose=f"The {name} of the tests.",
        request=Anything,
        response=Anything,
        sandbox="code" if Grant.USE_SANDBOX in chosen.get("grants", ()) else "none",
        **chosen,
    )


def pipeline(*more: str) -> dict[str, AgentSpec]:
    """The four agents that the workflow needs, and more."""
    return {name: spec(name) for name in (*PIPELINE, *more)}


def platform(
    folder: Path, *, agents: Mapping[str, AgentSpec], config: EnvironmentConfig = DEV
) -> dict[str, assertions.Template]:
    """The templates of a whole environment, by the part's name."""
    app = cdk.App(outdir=str(folder / "cdk.out"))
    build_platform(app, config=config, bundles=PlaceholderBundles(folder / "assets"), agents=agents)
    stacks = {
        stack.stack_name.rsplit("-", 1)[1]: stack
        for stack in app.node.children
        if isinstance(stack, cdk.Stack)
    }
    return {part: assertions.Template.from_stack(stacks[part]) for part in PARTS}


def stack_with_permissions() -> tuple[cdk.Stack, Permissions]:
    """An empty stack, and statements for roles in it over another stack's stores."""
    app = cdk.App()
    data = DataStack(app, "Data", config=DEV)
    stack = cdk.Stack(app, "Sample", env=cdk.Environment(region=DEV.region))
    return stack, data.permissions(stack)


def resources(template: assertions.Template, kind: str) -> dict[str, Resource]:
    """Properties of every resource of one type, by logical id."""
    found = template.find_resources(kind)
    return {logical_id: resource["Properties"] for logical_id, resource in found.items()}
