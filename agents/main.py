"""The program that every agent's runtime runs: serves the agent that SLIPWAY_AGENT names."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from slipway.settings import Settings

if TYPE_CHECKING:
    from slipway.agentkit.app import AgentApp

# Prompts and tool inputs hold customers' text: traces keep their shape without it.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "gen_ai_unredacted_attributes=")
# Strands nests its generators once for each turn of a run.
RECURSION_LIMIT = 20_000


def build(settings: Settings) -> AgentApp:
    """The app of one agent; contacts nothing until it is asked to work."""
    from slipway import bootstrap
    from slipway.adapters.aws.code_interpreter import CodeInterpreterSandboxes
    from slipway.adapters.aws.gateway_auth import GatewayAuth
    from slipway.adapters.aws.metrics import EmfMetrics
    from slipway.agentkit.app import AgentApp
    from slipway.agentkit.configuration import AgentConfiguration, ModelChoice
    from slipway.agentkit.gateway import McpGateway
    from slipway.agentkit.models.choice import model_source
    from slipway.agentkit.runner import Runner, RunPorts

    definition = import_module(f"agents.{settings.agent}.agent").AGENT
    configuration = AgentConfiguration(
        environment=settings.environment,
        agent_version=os.environ.get("SLIPWAY_AGENT_VERSION", ""),
        model=ModelChoice.model_validate(
            {
                "provider": settings.model_provider,
                "region": os.environ.get("AWS_REGION", "eu-west-1"),
                "base_url": settings.model_base_url,
                "model_id": settings.model_id,
                "tiers": json.loads(settings.model_tiers),
            }
        ),
        heartbeat_seconds=settings.heartbeat_seconds,
    )
    platform = bootstrap.aws(settings)
    auth = GatewayAuth()
    runner = Runner(
        definition=definition,
        configuration=configuration,
        ports=RunPorts(
            artifacts=platform.artifacts,
            event_log=platform.event_log,
            metrics=EmfMetrics(environment=settings.environment),
            sandboxes=CodeInterpreterSandboxes(settings.code_interpreter_id),
            open_gateway=lambda: McpGateway(settings.gateway_url, auth=auth, granted=definition.spec.tools),
            clock=platform.clock,
        ),
        model_source=model_source(configuration.model),
    )
    return AgentApp(runner, step_tokens=platform.step_tokens, configuration=configuration, warm_up=_warm_up)


def serve() -> None:
    """Serve until stopped; the port is AgentCore's unless PORT says otherwise."""
    settings = Settings.from_env(os.environ)
    if not settings.agent:
        sys.exit("SLIPWAY_AGENT is not set: it names the agent that this process runs, such as discovery")
    sys.setrecursionlimit(RECURSION_LIMIT)
    build(settings).run(port=int(os.environ.get("PORT", "8080")), log_level=settings.log_level.lower())


def _warm_up() -> None:
    """Import what the first run needs and the first ping does not."""
    import_module("strands.tools.mcp")
    import_module("libcst")


if __name__ == "__main__":
    serve()
