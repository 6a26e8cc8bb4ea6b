"""Agents and placeholder assets that infrastructure tests build from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import assertions
from pydantic import BaseModel

from slipway.domain.agent_spec import AgentSpec, Grant, tools
from stacks.config import ENVIRONMENTS, EnvironmentConfig
from stacks.packaging.bundles import PlaceholderBundles
from stacks.platform import build_platform

DEV = ENVIRONMENTS["dev"]
PARTS = ("Data", "Agents", "Workflow", "Intake")


class Anything(BaseModel):
    pass


def spec(name: str = "reviewer", **overrides: object) -> AgentSpec:
    fields: dict[str, object] = {
        "name": name,
        "purpose": f"The {name} of the tests.",
        "request": Anything,
        "response": Anything,
        "tools": tools("github", "search_code", "get_file_contents"),
    }
    return AgentSpec(**{**fields, **overrides})  # type: ignore[arg-type]  # keyword overrides of a test


def sandboxed(name: str) -> AgentSpec:
    return spec(name, sandbox="code", grants=frozenset(Grant))


def templates(
    folder: Path, *, agents: Mapping[str, AgentSpec], config: EnvironmentConfig = DEV
) -> dict[str, assertions.Template]:
    app = cdk.App(outdir=str(folder / "cdk.out"))
    build_platform(app, config=config, bundles=PlaceholderBundles(folder / "assets"), agents=agents)
    stacks = {stack.stack_name.rsplit("-", 1)[1]: stack for stack in app.node.children if isinstance(stack, cdk.Stack)}
    return {part: assertions.Template.from_stack(stacks[part]) for part in PARTS}
