"""Cedar text that lets one kind of caller call some of the gateway's tools."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.domain.agent_spec import Tool

PERSON = "AgentCore::OAuthUser"
ROLE = "AgentCore::IamEntity"


def permit(principal: str, tools: Sequence[Tool], *, gateway_arn: str, when: str) -> str:
    """One `permit`; names and ARNs may be deploy-time values."""
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


def permit_sessions(tools: Sequence[Tool], *, role: str, gateway_arn: str) -> str:
    """Permit every session of one role; `role` is `arn:PARTITION:sts::ACCOUNT:assumed-role/NAME`."""
    return permit(ROLE, tools, gateway_arn=gateway_arn, when=f'principal.id like "{role}/*"')
