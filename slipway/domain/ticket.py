"""A ticket as the platform sees it, whatever tracker it came from; all its text is untrusted."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Priority(StrEnum):
    """Jira's words; the queue serves higher ones first."""

    CRITICAL = "Critical"
    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"

    @property
    def rank(self) -> int:
        """0 is served first."""
        return list(Priority).index(self)


class Attachment(BaseModel, frozen=True):
    """A text attachment of a ticket, such as a patch or a log."""

    name: str
    content: str


class Ticket(BaseModel):
    """What was asked. `description` is Markdown (ADF is converted at the edge)."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(description="Key in the tracker, such as ENG-12.")
    url: str = ""
    summary: str
    description: str = ""
    labels: tuple[str, ...] = ()
    priority: Priority = Priority.MEDIUM
    reporter: str = ""
    attachments: tuple[Attachment, ...] = ()
