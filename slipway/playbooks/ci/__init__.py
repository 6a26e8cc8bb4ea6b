"""CI repair by rules: what a failed job's log shows, and the change that its own tools make."""

from __future__ import annotations

from slipway.playbooks.ci.classify import classify
from slipway.playbooks.ci.fixing import fix

__all__ = ["classify", "fix"]
