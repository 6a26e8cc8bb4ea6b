"""What people on call have ordered for the whole platform, kept until they order otherwise."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Controls(BaseModel, frozen=True):
    """While `draining`, running tasks go on, new ones are accepted and wait in the queue."""

    draining: bool = False
    actor: str = ""
    reason: str = ""
    at: datetime | None = None

    def __str__(self) -> str:
        if not self.draining:
            return "open"
        since = f" since {self.at:%Y-%m-%d %H:%M} UTC" if self.at else ""
        return f"draining{since} by {self.actor}{f': {self.reason}' if self.reason else ''}"
