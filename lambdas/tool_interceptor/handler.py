"""The gateway's request interceptor: no tool call takes a credential outside.

An exception here fails the request. A wrong key in the answer would let it pass, so both answers are made
by one function each.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from lambdas.process import logger, platform
from lambdas.tool_interceptor.event import Interception
from slipway.domain.errors import InvalidInput
from slipway.domain.metrics import Metric
from slipway.domain.tool_screening import denial, screen

_VERSION = "1.0"


def handler(event: Mapping[str, object], _context: object) -> dict[str, object]:
    """Let the request go on as it is, or answer it."""
    try:
        body = Interception.model_validate(event).mcp.request.body
    except ValidationError as error:
        raise InvalidInput(f"the gateway sent no request to screen: {error.error_count()} mistakes") from None
    refusals = screen(body) if body is not None else ()
    if not refusals:
        return _answer("transformedGatewayRequest", {"body": body})
    for refusal in refusals:
        logger().warning("tool=<%s> | %s", refusal.tool, refusal)
        platform().metrics.count(Metric.CREDENTIALS_BLOCKED)
    headers = {"Content-Type": "application/json"}
    return _answer(
        "transformedGatewayResponse", {"statusCode": 200, "headers": headers, "body": denial(body, refusals)}
    )


def _answer(kind: str, content: dict[str, object]) -> dict[str, object]:
    return {"interceptorOutputVersion": _VERSION, "mcp": {kind: content}}
