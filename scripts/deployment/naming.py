"""By which names what an environment left behind is found."""

from __future__ import annotations

from collections.abc import Iterable

from slipway.domain import names
from slipway.ports.account import Footprint


def footprint(environment: str, agents: Iterable[str]) -> Footprint:
    """From the same rules that the stacks name things by."""
    runtimes = tuple(names.runtime(environment, agent) for agent in agents)
    function = names.function(environment, "")
    stack = names.stack(environment, "")
    return Footprint(
        environment=environment,
        stack_prefix=stack,
        secret_prefix=names.secret(environment, ""),
        key_alias_prefix=names.key_alias(environment, ""),
        log_groups=(
            f"/aws/lambda/{function}",
            f"/aws/lambda/{stack}",
            f"/aws/vendedlogs/{names.PRODUCT}/{environment}/",
            f"/aws/vendedlogs/states/{names.PRODUCT}-{environment}-",
            *(f"/aws/bedrock-agentcore/runtimes/{runtime}-" for runtime in runtimes),
        ),
        log_group_names=(f"/aws/vendedlogs/http/{names.PRODUCT}-{environment}",),
        runtimes=runtimes,
        identities=(f"{names.gateway(environment)}-", *(f"{runtime}-" for runtime in runtimes)),
    )
