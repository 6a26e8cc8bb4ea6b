"""Refusals in GitHub's shape: a status, a message and, for bad input, the fields at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DOCUMENTATION = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer other than success; the web layer turns it into the response."""

    def __init__(
        self, status: int, message: str, *, errors: Sequence[Mapping[str, object] | str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, object]:
        """The JSON that GitHub would send."""
        body: dict[str, object] = {
            "message": self.message,
            "documentation_url": DOCUMENTATION,
            "status": str(self.status),
        }
        if self.errors is not None:
            body["errors"] = list(self.errors)
        return body


def not_found() -> Refused:
    """What GitHub says for anything that is absent or hidden."""
    return Refused(404, "Not Found")


def invalid(resource: str, field: str, code: str, message: str | None = None) -> Refused:
    """A 422 that names the field at fault."""
    error: dict[str, object] = {"resource": resource, "field": field, "code": code}
    if message is not None:
        error["message"] = message
    return Refused(422, "Validation Failed", errors=[error])


def unprocessable(message: str) -> Refused:
    """A 422 that says in words what is wrong."""
    return Refused(422, message)
