"""Gateway target `repositories`: the tool `snapshot`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from lambdas.process import platform
from slipway.domain.errors import InvalidInput
from slipway.services.snapshot_repository import snapshot_repository


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """The gateway sends the tool's arguments as the event."""
    repository, ref = event.get("repository"), event.get("ref")
    if not isinstance(repository, str) or not (ref is None or isinstance(ref, str)):
        raise InvalidInput("snapshot takes a repository as owner/name, and a ref as text")
    return asdict(snapshot_repository(repository, ref or None, platform()))
