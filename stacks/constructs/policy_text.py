"""Cedar text of the gateway's policies, with what is known only when it is deployed."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws

from slipway.domain.agent_spec import Tool
from slipway.domain.tool_policy import PERSON, permit, permit_sessions


def permit_people(tools: Sequence[Tool], *, scope: str, gateway_arn: str) -> str:
    """Permit everyone whose token carries `scope` to call `tools`; claims are tags in Cedar."""
    when = f'principal.hasTag("scope") && principal.getTag("scope") like "*{scope}*"'
    return permit(PERSON, tools, gateway_arn=gateway_arn, when=when)


def permit_tools(tools: Sequence[Tool], *, role_name: str, gateway_arn: str) -> str:
    """Permit every session of one role to call `tools`; names and ARNs may be deploy-time values."""
    role = f"arn:{Aws.PARTITION}:sts::{Aws.ACCOUNT_ID}:assumed-role/{role_name}"
    return permit_sessions(tools, role=role, gateway_arn=gateway_arn)
