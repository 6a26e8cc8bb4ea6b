"""What API Gateway counts of each HTTP API: requests, refusals, errors and how long answers took."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from local.aws import metrics, patching
from local.aws.context import Context

# status, headers and body, as ministack passes answers on
Answer = tuple[int, dict[str, str], bytes]


def install(context: Context) -> None:
    """Count every request that reaches an API."""
    del context
    from ministack.services import apigateway

    stock: Callable[..., Awaitable[Answer]] = apigateway._handle_execute_in_scope

    # The arguments belong to ministack: they are passed on as they came.
    async def execute(api_id: str, *arguments: Any, **named: Any) -> Answer:
        started = time.monotonic()
        answer = await stock(api_id, *arguments, **named)
        record_request(api_id, answer[0], milliseconds=1000 * (time.monotonic() - started))
        return answer

    patching.replace([apigateway], "_handle_execute_in_scope", execute)


def record_request(api_id: str, status: int, *, milliseconds: float) -> None:
    """One answer; a class of statuses without any is 0, as API Gateway writes it."""
    counted = {"Count": 1.0, "4xx": float(400 <= status < 500), "5xx": float(status >= 500)}
    for name, value in counted.items():
        metrics.record("AWS/ApiGateway", name, value, unit="Count", dimensions={"ApiId": api_id})
    metrics.record(
        "AWS/ApiGateway", "Latency", milliseconds, unit="Milliseconds", dimensions={"ApiId": api_id}
    )
