"""Lets requests of machines in that came through CloudFront; API Gateway remembers the answer for an hour."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.edge import came_through_the_edge
from lambdas.process import logger
from slipway.domain.origin_proof import HEADER


def handler(event: Mapping[str, object], _context: object) -> dict[str, bool]:
    """The simple response of an HTTP API's authorizer."""
    headers = event.get("headers")
    sent = str(headers.get(HEADER, "")) if isinstance(headers, Mapping) else ""
    allowed = came_through_the_edge(sent)
    if not allowed:
        logger().warning("refused: the request did not come through the edge")
    return {"isAuthorized": allowed}
