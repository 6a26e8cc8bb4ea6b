"""Metrics as CloudWatch embedded metric format: one JSON line on standard output, no call."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from slipway.domain.metrics import NAMESPACE, Dimension, Metric


@dataclass(frozen=True, kw_only=True)
class EmfMetrics:
    """CloudWatch Logs turns the line into a metric; the caller never waits for it."""

    environment: str

    def count(
        self, metric: Metric, value: float = 1.0, *, dimensions: Mapping[Dimension, str] | None = None
    ) -> None:
        """Record one value."""
        labels = {str(name): text for name, text in (dimensions or {}).items()}
        labels[str(Dimension.ENVIRONMENT)] = self.environment
        line = {
            "_aws": {
                "Timestamp": int(time.time() * 1000),
                "CloudWatchMetrics": [
                    {
                        "Namespace": NAMESPACE,
                        "Dimensions": [sorted(labels)],
                        "Metrics": [{"Name": str(metric)}],
                    }
                ],
            },
            str(metric): value,
            **labels,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
