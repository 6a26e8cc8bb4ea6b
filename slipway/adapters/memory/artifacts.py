"""Artifacts in a dictionary."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.domain.errors import NotFound


@dataclass(frozen=True)
class MemoryArtifacts:
    """Whole objects."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, body: bytes, *, content_type: str = "application/json") -> None:
        """Store or replace."""
        del content_type
        self.objects[key] = body

    def get(self, key: str) -> bytes:
        """The body; NotFound names the key."""
        if key not in self.objects:
            raise NotFound(f"artifact {key} does not exist")
        return self.objects[key]

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.objects
