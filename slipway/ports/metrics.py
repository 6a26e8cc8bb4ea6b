"""Counting what happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from slipway.domain.metrics import Dimension, Metric


class Metrics(Protocol):
    """Never fails its caller."""

    def count(
        self, metric: Metric, value: float = 1.0, *, dimensions: Mapping[Dimension, str] | None = None
    ) -> None:
        """Record one value; the environment's dimension is added."""
        ...
