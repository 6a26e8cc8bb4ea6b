"""A ticket as a YAML file: what `slipway demo` files, of ours or of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slipway.domain.ticket import Priority

MAX_BYTES = 1_000_000
NonEmpty = Annotated[str, Field(min_length=1)]


class InvalidTicketFile(ValueError):
    """The file cannot be read as a ticket; the message names the file, the field and what to write."""


class TicketAttachment(BaseModel):
    """A text file that hangs on the ticket."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[^/\\]+$", max_length=200)]
    content: str


class TicketFile(BaseModel):
    """The fields of the file; only `summary` must be there."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    summary: Annotated[str, Field(min_length=1, max_length=255)]
    description: str = ""
    labels: tuple[NonEmpty, ...] = ("AI",)
    priority: Priority = Priority.MEDIUM
    attachments: tuple[TicketAttachment, ...] = ()

    @property
    def files(self) -> dict[str, str]:
        """Attachment name to content."""
        return {attachment.name: attachment.content for attachment in self.attachments}


def load_ticket(path: Path) -> TicketFile:
    """Read and check a ticket file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidTicketFile(f"{path} is larger than {MAX_BYTES} bytes")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidTicketFile(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidTicketFile(f"{path} is not UTF-8 text") from error
    except yaml.YAMLError as error:
        raise InvalidTicketFile(f"{path} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidTicketFile(
            f"{path} must hold `summary:` and, if you like, `description:`, `labels:`, ..."
        )
    try:
        return TicketFile.model_validate(content)
    except ValidationError as error:
        known = ", ".join(TicketFile.model_fields)
        problems = [
            f"unknown field {_field(problem['loc'])}; there are {known}"
            if problem["type"] == "extra_forbidden"
            else f"{_field(problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise InvalidTicketFile(f"{path}: {'; '.join(problems)}") from error


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))
