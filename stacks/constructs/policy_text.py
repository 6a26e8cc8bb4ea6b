"""Cedar text of the gateway's policies."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws

from slipway.domain.agent_spec import Tool


def permit_people(tools: Sequence[Tool], *, scope: str, gateway_arn: str) -> str:
    """Permit everyone whose token carries `scope` to call `tools`; claims are tags in Cedar."""
    return _permit(
        "AgentCore::OAuthUser",
        tools,
        gateway_arn=gateway_arn,
        when=f'principal.hasTag("scope") && principal.getTag("scope") like "*{scope}*"',
    )


def permit_tools(tools: Sequence[Tool], *, role_name: str, gateway_arn: str) -> str:
    """Permit every session of one role to call `tools`; names and ARNs may be deploy-time values."""
    sessions = f"arn:{Aws.PARTITION}:sts::{Aws.ACCOUNT_ID}:assumed-role/{role_name}/*"
    return _permit(
        "AgentCore::IamEntity", tools, gateway_arn=gateway_arn, when=f'principal.id like "{sessions}"'
    )


def _permit(principal: str, tools: Sequence[Tool], *, gateway_arn: str, when: str) -> str:
    actions = ",\n    ".join(f'AgentCore::Action::"{tool.gateway_name}"' for tool in tools)
    return (
        "permit(\n"
        f"  principal is {principal},\n"
        f"  action in [\n    {actions}\n  ],\n"
        f'  resource == AgentCore::Gateway::"{gateway_arn}"\n'
        ") when {\n"
        f"  {when}\n"
        "};"
    )
