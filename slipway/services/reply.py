"""What is answered to a sender."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An HTTP status and a JSON body; an empty body says nothing but thanks."""

    status: int
    body: dict[str, JsonValue]


def ignored(reason: str, *, task_id: str | None = None) -> Reply:
    """200: understood, nothing to do, and why."""
    body: dict[str, JsonValue] = {"ignored": reason}
    if task_id is not None:
        body["task_id"] = task_id
    return Reply(status=200, body=body)
