"""The names under which versions of a runtime are reached: `live` for tasks, `candidate` for the newest."""

from __future__ import annotations

from aws_cdk import CfnResource
from aws_cdk import aws_bedrockagentcore as agentcore

from slipway.domain import names
from stacks.config import EnvironmentConfig

ENDPOINTS = ("DEFAULT", names.LIVE, names.CANDIDATE)
"""Every endpoint of a runtime; AgentCore makes DEFAULT itself."""
_FIRST_VERSION = "1"


def add_endpoints(runtime: agentcore.Runtime, *, config: EnvironmentConfig) -> agentcore.RuntimeEndpoint:
    """Add both endpoints and return `live`."""
    newest = runtime.agent_runtime_version
    runtime.add_endpoint(names.CANDIDATE, version=newest)
    live = runtime.add_endpoint(names.LIVE, version=_FIRST_VERSION if config.pins_live else newest)
    if config.pins_live:
        _leave_alone(live)
    return live


def _leave_alone(live: agentcore.RuntimeEndpoint) -> None:
    """Take away all that could ever change in the template: an update would send the first version again."""
    resource = live.node.default_child
    if not isinstance(resource, CfnResource):
        raise TypeError("the endpoint construct no longer wraps one resource; see ADR 0010")
    resource.add_property_deletion_override("Tags")
    resource.add_property_deletion_override("Description")
