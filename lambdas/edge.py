"""Whether a request came through CloudFront, where the environment has it."""

from __future__ import annotations

from functools import cache

from lambdas.process import settings
from slipway import bootstrap
from slipway.adapters.aws.edge_secret import EdgeSecret
from slipway.domain.intake.delivery import Delivery
from slipway.domain.origin_proof import HEADER, is_proof
from slipway.domain.problem import refuse


@cache
def _secrets() -> EdgeSecret:
    return bootstrap.edge_secret(settings())


def came_through_the_edge(sent: str) -> bool:
    """Whether `sent`, the edge's header, is the edge's secret."""
    return is_proof(sent, _secrets().values())


def check_came_through_the_edge(delivery: Delivery) -> None:
    """Refuse with 403 what tried to go round the edge; without an edge there is nothing to go round."""
    if settings().edge_secret and not came_through_the_edge(delivery.header(HEADER)):
        raise refuse(403, "Refused", "send requests to the public address of this environment")
