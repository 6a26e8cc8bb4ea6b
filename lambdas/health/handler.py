"""GET /health: the API and its functions are deployed and can start."""

from __future__ import annotations

import json
import os

from lambdas.http import Event, Response


def handler(_event: Event, _context: object) -> Response:
    """Touches nothing else, so that it is fast and costs nothing."""
    body = {"status": "ok", "environment": os.environ.get("SLIPWAY_ENVIRONMENT", "")}
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body),
    }
