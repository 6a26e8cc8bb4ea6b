"""What the gateway sends to outside servers, by gateway target."""

from __future__ import annotations

from typing import Protocol


class GatewayCredentials(Protocol):
    """Write only: nothing of ours reads a credential back."""

    def put(self, target: str, credential: str) -> None:
        """Replace the credential of one target; what lies beside it stays."""
        ...
