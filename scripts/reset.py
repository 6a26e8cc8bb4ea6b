"""Forgets a laptop's data; tools and caches stay."""

from __future__ import annotations

import shutil

from local.supervisor.layout import Layout


def forget(where: Layout) -> None:
    """Delete the laptop's state folder; the caller has made sure that nothing runs."""
    shutil.rmtree(where.state, ignore_errors=True)
