"""Metrics kept in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from slipway.domain.metrics import Dimension, Metric


@dataclass(frozen=True)
class MemoryMetrics:
    """Values in the order they were counted."""

    values: list[tuple[Metric, float]] = field(default_factory=list)

    def count(
        self, metric: Metric, value: float = 1.0, *, dimensions: Mapping[Dimension, str] | None = None
    ) -> None:
        """Record one value."""
        del dimensions
        self.values.append((metric, value))
