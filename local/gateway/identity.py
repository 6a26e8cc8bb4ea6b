"""Who calls: the session token of a SigV4-signed request, looked up in the emulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.gateway.configuration import Emulator


class Unauthenticated(Exception):
    """A request that does not say who sends it."""

    def __init__(self, status: int, message: str) -> None:
        """Refuse with an HTTP status and a reason."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Caller:
    """An authenticated caller."""

    principal_arn: str
    role_arn: str


async def authenticate(headers: Mapping[str, str], emulator: Emulator) -> Caller:
    """Return the caller of a signed request.

    The laptop's principals have no secret key of their own: the random session token, which the
    emulator gave to one process, is what proves the caller. The signature must be there and be
    made for this service, so that an unsigned client fails here as it would in AWS.
    """
    authorization = headers.get("authorization", "")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        raise Unauthenticated(401, "Missing Authentication Token: sign the request with SigV4")
    if "/bedrock-agentcore/aws4_request" not in authorization:
        raise Unauthenticated(403, "Credential should be scoped to correct service: 'bedrock-agentcore'.")
    token = headers.get("x-amz-security-token", "")
    identity = await emulator.identity(token) if token else None
    if identity is None:
        raise Unauthenticated(403, "The security token included in the request is invalid.")
    return Caller(principal_arn=identity.principal_arn, role_arn=identity.role_arn)
