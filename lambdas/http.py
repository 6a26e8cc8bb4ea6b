"""HTTP API events in, HTTP API responses out; every error becomes a problem document."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import TypedDict

from lambdas.process import logger
from slipway.domain.errors import Retryable, SlipwayError
from slipway.domain.intake.delivery import Delivery
from slipway.domain.metrics import Metric
from slipway.domain.problem import CONTENT_TYPE, Problem, problem_of, refuse
from slipway.ports.platform import Platform
from slipway.services.reply import Reply

Event = Mapping[str, object]
Receive = Callable[[Delivery, Platform], Reply]


class Response(TypedDict):
    """API Gateway's payload format 2.0."""

    statusCode: int
    headers: dict[str, str]
    body: str


def respond(
    event: Event,
    receive: Receive,
    platform: Callable[[], Platform],
    *,
    rejected: Metric | None = Metric.EVENTS_REJECTED,
) -> Response:
    """The only broad catch of a request: what is unexpected is logged whole and answered with little.

    `rejected` counts what the sender did wrong.
    """
    ports = platform()
    try:
        return _json(receive(delivery(event), ports))
    except SlipwayError as error:
        problem = problem_of(error)
        logger().warning("status=<%s> | refused: %s", problem.status, error)
        if problem.status < 500 and rejected is not None:
            ports.metrics.count(rejected)
        return _problem(problem, retry=isinstance(error, Retryable))
    except Exception:
        logger().exception("request failed")
        return _problem(Problem(title="Failed", status=500, detail="an unexpected error; it was logged"))


def delivery(event: Event) -> Delivery:
    """Exactly the bytes that were sent."""
    headers = event.get("headers")
    body = event.get("body")
    try:
        raw = body.encode() if isinstance(body, str) else b""
        if event.get("isBase64Encoded"):
            raw = base64.b64decode(raw, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise refuse(400, "Unreadable body", "the body is neither text nor valid base64") from error
    named = headers.items() if isinstance(headers, Mapping) else ()
    return Delivery(headers={_whole(name).lower(): _whole(value) for name, value in named}, body=raw)


def _whole(text: object) -> str:
    """The event's JSON can spell half a character, which no answer could repeat."""
    return str(text).encode("utf-8", "replace").decode()


def path(event: Event) -> str:
    """The path as routed."""
    return str(event.get("rawPath", ""))


def _json(reply: Reply) -> Response:
    # Slack shows a body to the person; nothing to say must be no body at all.
    body = json.dumps(reply.body) if reply.body else ""
    return {"statusCode": reply.status, "headers": {"content-type": "application/json"}, "body": body}


def _problem(problem: Problem, *, retry: bool = False) -> Response:
    headers = {"content-type": CONTENT_TYPE} | ({"retry-after": "5"} if retry else {})
    return {"statusCode": problem.status, "headers": headers, "body": problem.model_dump_json()}
