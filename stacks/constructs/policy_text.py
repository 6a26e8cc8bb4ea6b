"""Cedar text of the gateway's policies."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws

from slipway.domain.agent_spec import Tool


def permit_tools(tools: Sequence[Tool], *, role_name: str, gateway_arn: str) -> str:
    """Permit every session of one role to call `tools`; names and ARNs may be deploy-time values."""
    actions = ",\n    ".join(f'AgentCore::Action::"{tool.gateway_name}"' for tool in tools)
    sessions = f"arn:{Aws.PARTITION}:sts::{Aws.ACCOUNT_ID}:assumed-role/{role_name}/*"
    return (
        "permit(\n"
        "  principal is AgentCore::IamEntity,\n"
        f"  action in [\n    {actions}\n  ],\n"
        f'  resource == AgentCore::Gateway::"{gateway_arn}"\n'
        ") when {\n"
        f'  principal.id like "{sessions}"\n'
        "};"
    )
