"""Whether a caller may call a tool: the deployed Cedar policies, evaluated as the service does."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cedarpy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from local.gateway.configuration import GatewayConfiguration


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """An answer with the policies that decided it, or why none permits."""

    allowed: bool
    reason: str


def decide(
    gateway: GatewayConfiguration,
    *,
    principal: str,
    tool: str,
    arguments: Mapping[str, JsonValue],
) -> Decision:
    """Decide one call; without a policy engine every authenticated caller may call."""
    if gateway.mode == "NONE":
        return Decision(allowed=True, reason="the gateway has no policy engine")
    try:
        policies = _policies(gateway)
    except ValueError as error:
        return Decision(allowed=False, reason=f"the deployed policies cannot be read: {error}")
    result = cedarpy.is_authorized(
        {**_request(gateway, principal, tool), "context": {"input": dict(arguments)}},
        policies,
        _entities(gateway.arn, principal, tool),
    )
    if result.allowed:
        return Decision(allowed=True, reason=", ".join(_names(gateway, result.diagnostics.reasons)))
    return Decision(allowed=False, reason=_why_not(gateway, result, tool))


def may_call(gateway: GatewayConfiguration, *, principal: str, tool: str) -> bool:
    """Tell whether some arguments exist with which the caller may call a tool."""
    if gateway.mode != "ENFORCE":
        return True
    try:
        policies = _policies(gateway)
    except ValueError as error:
        logger.error("gateway=<%s> | the deployed policies cannot be read: %s", gateway.gateway_id, error)
        return False
    # Without `context` the request is partial: only a denial whatever the arguments is a no.
    result = cedarpy.is_authorized_partial(
        _request(gateway, principal, tool), policies, _entities(gateway.arn, principal, tool)
    )
    return bool(result.decision != cedarpy.Decision.Deny)


def _why_not(gateway: GatewayConfiguration, result: cedarpy.AuthzResult, tool: str) -> str:
    forbidding = _names(gateway, result.diagnostics.reasons)
    if forbidding:
        return f"{', '.join(forbidding)} forbids {tool}"
    errors = [str(error) for error in result.diagnostics.errors]
    failed = f" ({'; '.join(errors)})" if errors else ""
    return f"no policy permits this caller to call {tool} with these arguments{failed}"


def _names(gateway: GatewayConfiguration, reasons: list[str]) -> list[str]:
    """Return the deployed names of policies: Cedar numbers them in the order of the text."""
    numbered = {f"policy{index}": policy.name for index, policy in enumerate(gateway.policies)}
    return [numbered.get(reason, reason) for reason in reasons]


def _request(gateway: GatewayConfiguration, principal: str, tool: str) -> dict[str, str]:
    return {
        "principal": f"AgentCore::IamEntity::{json.dumps(principal)}",
        "action": f"AgentCore::Action::{json.dumps(tool)}",
        "resource": f"AgentCore::Gateway::{json.dumps(gateway.arn)}",
    }


def _entities(gateway_arn: str, principal: str, tool: str) -> list[dict[str, object]]:
    # The action must be an entity too: an unknown one leaves `action in [...]` undecided.
    return [
        {
            "uid": {"type": "AgentCore::IamEntity", "id": principal},
            "attrs": {"id": principal},
            "parents": [],
        },
        {"uid": {"type": "AgentCore::Action", "id": tool}, "attrs": {}, "parents": []},
        {"uid": {"type": "AgentCore::Gateway", "id": gateway_arn}, "attrs": {}, "parents": []},
    ]


def _policies(gateway: GatewayConfiguration) -> cedarpy.PolicySet:
    return _parsed("\n".join(policy.statement for policy in gateway.policies))


@lru_cache(maxsize=32)
def _parsed(statements: str) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(statements)
