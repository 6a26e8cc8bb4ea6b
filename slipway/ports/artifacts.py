"""Where bodies live: an object store keyed by `slipway.domain.artifact_keys`."""

from __future__ import annotations

from typing import Protocol


class Artifacts(Protocol):
    """Whole objects in, whole objects out."""

    def put(self, key: str, body: bytes, *, content_type: str = "application/json") -> None:
        """Store or replace; raises Retryable on throttling or 5xx."""
        ...

    def get(self, key: str) -> bytes:
        """The body; raises NotFound naming the key."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        ...
