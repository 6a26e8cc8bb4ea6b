"""Who calls the REST API, and the refusals in Jira's own shape."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from local.jira.state import Issue, Site, User


class Refusal(Exception):
    """An answer with Jira's error document."""

    def __init__(self, status: int, message: str = "", *, errors: Mapping[str, str] | None = None) -> None:
        """Refuse with a status, a general message, and messages by field."""
        super().__init__(message)
        self.status = status
        self.messages = [message] if message else []
        self.errors = dict(errors or {})


def caller(site: Site, request: Request) -> User:
    """Return the user whose e-mail and API token the request carries."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            email = token = ""
        found = site.user_by_email(email)
        if found is not None and hmac.compare_digest(found.token.encode(), token.encode()):
            return found
    raise Refusal(401, "You are not authenticated. Authentication required to perform this operation.")


def issue_or_404(site: Site, request: Request) -> Issue:
    """Return the issue that the path names."""
    found = site.issue(str(request.path_params["issue"]))
    if found is None:
        raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
    return found


async def refuse(_request: Request, error: Exception) -> JSONResponse:
    """Answer a `Refusal`, or any other HTTP error, with Jira's error document."""
    if isinstance(error, Refusal):
        document = {"errorMessages": error.messages, "errors": error.errors}
        return JSONResponse(document, status_code=error.status)
    if isinstance(error, HTTPException):
        document = {"errorMessages": [error.detail], "errors": {}}
        return JSONResponse(document, status_code=error.status_code)
    raise error
