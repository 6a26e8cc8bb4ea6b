"""Which execution role a process of the laptop acts for, found by its session token."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """One process acting for a role."""

    token: str
    role_arn: str
    principal_arn: str

    def document(self) -> dict[str, str]:
        """What may be told about it; never the token."""
        return {"role_arn": self.role_arn, "principal_arn": self.principal_arn}


class Identities:
    """The tokens of the processes that run now."""

    def __init__(self) -> None:
        self._by_token: dict[str, Identity] = {}
        self._lock = threading.Lock()

    def issue(self, role_arn: str, *, session: str) -> Identity:
        """Give a new process a token for its role."""
        identity = Identity(secrets.token_urlsafe(32), role_arn, assumed_role_arn(role_arn, session=session))
        with self._lock:
            self._by_token[identity.token] = identity
        return identity

    def revoke(self, token: str) -> None:
        """Forget the token of a process that ended."""
        with self._lock:
            self._by_token.pop(token, None)

    def find(self, token: str) -> Identity | None:
        """The identity behind a token, if its process still runs."""
        with self._lock:
            return self._by_token.get(token)


def assumed_role_arn(role_arn: str, *, session: str) -> str:
    """The STS principal that AWS would show for a session of this role."""
    parts = role_arn.split(":", 5)
    if len(parts) < 6:
        return role_arn
    role = parts[5].rpartition("/")[2]
    return f"{parts[0]}:{parts[1]}:sts::{parts[4]}:assumed-role/{role}/{session[:64]}"
