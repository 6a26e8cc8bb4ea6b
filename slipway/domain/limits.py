"""The numbers and words that an organisation sets for the platform."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Defaults suit a small team; the deployed values come from the settings."""

    ai_label: str = "AI"
    max_running_tasks: int = 10
    max_running_per_repository: int = 2
    approval_hours: float = 24.0
    task_budget_usd: float = 15.0
    ci_grace_seconds: float = 30.0

    @property
    def approval_seconds(self) -> int:
        """Never less than a second: Step Functions refuses zero."""
        return max(1, int(self.approval_hours * 3600))
