"""GET /openapi.json: what this API takes and answers, for machines."""

from __future__ import annotations

import json
from functools import cache

from lambdas.http import Event, Response
from lambdas.openapi.document import document


def handler(_event: Event, _context: object) -> Response:
    """The same for everybody; it names nothing of this environment."""
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "public, max-age=3600"},
        "body": _text(),
    }


@cache
def _text() -> str:
    return json.dumps(document())
