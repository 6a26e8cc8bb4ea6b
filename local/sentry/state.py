"""What the Sentry double remembers: issues with their latest event, the integration, its deliveries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from local.double import JsonObject, StateFile

if TYPE_CHECKING:
    from pathlib import Path

Status = Literal["unresolved", "resolved", "ignored"]


class Issue(BaseModel):
    """One issue: every error of the same kind at the same place is one more event of it."""

    id: str
    short_id: str
    project: str
    fingerprint: str
    title: str
    culprit: str
    level: str
    platform: str
    metadata: JsonObject
    status: Status = "unresolved"
    assigned_to: str | None = None
    count: int = 0
    first_seen: datetime
    last_seen: datetime
    event: JsonObject = Field(default_factory=dict)


class Integration(BaseModel):
    """An internal integration: where its webhooks go, what signs them, and the token of its API calls."""

    url: str
    secret: str
    token: str = ""
    organization: str = "acme"


class Delivery(BaseModel):
    """One webhook as it was sent, and what was answered; Sentry tries once."""

    id: str
    resource: str
    action: str
    body: str
    at: datetime
    status_code: int | None = None
    response: str = ""
    seconds: float | None = None


class SentryState(BaseModel):
    """The whole organisation."""

    issues: dict[str, Issue] = Field(default_factory=dict)
    integration: Integration | None = None
    deliveries: list[Delivery] = Field(default_factory=list)
    sequence: int = 5000


class Organization:
    """The live state of one double and the file that it survives in."""

    def __init__(self, directory: Path, *, url: str) -> None:
        """Open the organisation kept in `directory` and reached at `url`."""
        self.url = url
        self._file = StateFile(directory / "sentry.json", SentryState)
        self.state = self._file.load()

    @property
    def slug(self) -> str:
        """The organisation's name in addresses."""
        return self.state.integration.organization if self.state.integration else "acme"

    def save(self) -> None:
        """Write the state to disk."""
        self._file.save(self.state)

    def next_id(self) -> str:
        """Return an id that no other thing here has."""
        self.state.sequence += 1
        return str(self.state.sequence)

    def issue(self, id_or_short_id: str) -> Issue | None:
        """Return the issue with this id or short id."""
        return self.state.issues.get(id_or_short_id) or next(
            (issue for issue in self.state.issues.values() if issue.short_id == id_or_short_id.upper()), None
        )


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
