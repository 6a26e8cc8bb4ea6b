"""Does the work of a delivery once; when it fails, the sender's retry may do it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slipway.domain.errors import Retryable
from slipway.ports.platform import Platform


@contextmanager
def once(source: str, delivery_id: str, platform: Platform) -> Iterator[bool]:
    """True inside for the first delivery of this id."""
    is_first = platform.tasks.remember_delivery(source, delivery_id)
    try:
        yield is_first
    except Retryable:
        if is_first:
            platform.tasks.forget_delivery(source, delivery_id)
        raise
