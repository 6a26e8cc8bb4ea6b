"""The emulator's own questions and answers below /_slipway/."""

from __future__ import annotations

import json
import re

from local.aws import log_groups
from local.aws.cloudformation import deployed_resources, handlers
from local.aws.cloudformation_gateways import gateways
from local.aws.context import Context, Reply
from local.aws.http_front import problem
from local.aws.runtime_host import RuntimeHost

LOG_LINES = 200


def install(context: Context) -> None:
    """Add the routes."""
    host = context.runtime_host
    if host is None:
        raise RuntimeError("local.aws.introspection is installed after local.aws.agentcore_runtime")

    def identity(match: re.Match[str]) -> Reply:
        found = context.identities.find(match["token"])
        return answer(found.document()) if found else missing("no running process has this session token")

    context.own_route("GET", r"/_slipway/identities/(?P<token>[^/]+)", identity)
    context.own_route("GET", r"/_slipway/gateways(/(?P<id>[^/]+))?", show_gateways)
    context.own_route("GET", r"/_slipway/resources", show_resources)
    context.own_route("GET", r"/_slipway/types/(?P<type>[A-Za-z0-9:]+)", show_type)
    context.own_route("GET", r"/_slipway/logs/(?P<name>[^/]+)", show_logs)
    _add_agent_routes(context, host)


def _add_agent_routes(context: Context, host: RuntimeHost) -> None:
    def show(match: re.Match[str]) -> Reply:
        del match
        return answer([agent.document() for agent in host.pool.running()])

    def kill(match: re.Match[str]) -> Reply:
        killed = host.pool.kill(match["name"])
        return answer({"killed": killed}) if killed else missing(f"agent {match['name']!r} does not run")

    context.own_route("GET", r"/_slipway/agents", show)
    context.own_route("POST", r"/_slipway/agents/(?P<name>[^/]+)/kill", kill)


def show_gateways(match: re.Match[str]) -> Reply:
    """All gateways, or one."""
    found = gateways()
    wanted = match["id"]
    if wanted is None:
        return answer(found)
    for gateway in found:
        if wanted in (gateway["gateway_id"], gateway["name"]):
            return answer(gateway)
    return missing(f"no gateway {wanted!r} is deployed; deployed: {[g['gateway_id'] for g in found]}")


def show_resources(match: re.Match[str]) -> Reply:
    """Every deployed resource and whether it works here or is only written down."""
    del match
    table = handlers()
    return answer(
        [
            {
                "stack": resource.stack,
                "logical_id": resource.logical_id,
                "type": resource.resource_type,
                "physical_id": resource.physical_id,
                "status": table.status(resource.resource_type),
            }
            for resource in deployed_resources()
        ]
    )


def show_type(match: re.Match[str]) -> Reply:
    """Whether resources of a type would work here or only be written down."""
    return answer({"type": match["type"], "status": handlers().status(match["type"])})


def show_logs(match: re.Match[str]) -> Reply:
    """The last log lines of a Lambda function."""
    name = match["name"]
    return answer(
        {"function": name, "lines": log_groups.recent_lines(f"/aws/lambda/{name}", limit=LOG_LINES)}
    )


def answer(document: object, *, status: int = 200) -> Reply:
    """A JSON reply."""
    return status, {"Content-Type": "application/json"}, json.dumps(document, default=str).encode()


def missing(detail: str) -> Reply:
    """A 404 as a problem document."""
    return problem(404, detail)
