"""State DeliveryGate."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from lambdas.process import platform
from lambdas.steps import StepEvent, read
from slipway.services.delivery_gate import delivery_gate


def handler(event: Mapping[str, object], _context: object) -> dict[str, JsonValue]:
    """The pull requests at their proven commits; raises what is missing or refused."""
    step = read(event, StepEvent)
    delivered = delivery_gate(step.task_id, platform())
    return {
        "task_id": step.task_id,
        "pull_requests": [
            {"repository": one.repository, "number": one.number, "head_sha": one.head_sha}
            for one in delivered
        ],
    }
