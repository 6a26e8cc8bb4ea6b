"""Refuses to synthesize an agent outside the regions that its spec and its class of data allow."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
import jsii
from constructs import IConstruct

from slipway.domain.agent_spec import AgentSpec

_EU = "eu-"


@jsii.implements(cdk.IAspect)
class RegionPolicy:
    """Visits the stack of the agents once; every agent that may not be there is one error of synthesis."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self._agents = agents

    def visit(self, node: IConstruct) -> None:
        """Add the errors of one stack."""
        if not isinstance(node, cdk.Stack):
            return
        for spec in self._agents.values():
            if reason := refusal(spec, region=node.region):
                cdk.Annotations.of(node).add_error(reason)


def refusal(spec: AgentSpec, *, region: str) -> str | None:
    """Why an agent may not run in a region; None when it may."""
    remedy = (
        "Choose another region (`-c region=`, or stacks/config/environments.py), "
        "or take the agent out of agents/registry.py."
    )
    if spec.data_class == "health" and not region.startswith(_EU):
        return (
            f"Agent {spec.name} handles health data, which must stay in the EU, and this environment is in "
            f"{region}. {remedy}"
        )
    if spec.regions and region not in spec.regions:
        return (
            f"Agent {spec.name} may run in {', '.join(spec.regions)} only, by the regions of its spec, and "
            f"this environment is in {region}. {remedy}"
        )
    return None
