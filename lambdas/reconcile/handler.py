"""Every minute: repair what stopped moving."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import logger, platform
from slipway.services.reconcile import reconcile


def handler(_event: Mapping[str, object], _context: object) -> dict[str, int]:
    """How often each repair was needed."""
    done = reconcile(platform())
    logger().info("repairs=<%s> | reconciled", done)
    return done
