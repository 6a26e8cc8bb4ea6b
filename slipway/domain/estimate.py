"""What carrying out a plan will cost, as an interval: by finished tasks if there are enough, else by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slipway.domain.counted import counted

_ENOUGH = 5
# Per plan task, from what comparable runs of an agent cost; replaced by our own history as it grows.
_USD_LOW, _USD_HIGH, _MINUTES = 0.15, 1.20, 6.0


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What one finished task took in all."""

    cost_usd: float
    minutes: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """80 % of comparable tasks fall into the interval."""

    low_usd: float
    high_usd: float
    minutes: float
    basis: str

    def __str__(self) -> str:
        return f"${self.low_usd:.2f} to ${self.high_usd:.2f}, about {self.minutes:.0f} min ({self.basis})"


def estimate(plan_tasks: int, *, spent_usd: float, history: Sequence[Finished]) -> Estimate:
    """For the whole task, including what is spent already."""
    if len(history) < _ENOUGH:
        return Estimate(
            low_usd=round(spent_usd + plan_tasks * _USD_LOW, 2),
            high_usd=round(spent_usd + plan_tasks * _USD_HIGH, 2),
            minutes=plan_tasks * _MINUTES,
            basis=f"by the plan's size; {counted(len(history), 'finished task')} to learn from",
        )
    costs = sorted(one.cost_usd for one in history)
    minutes = sorted(one.minutes for one in history)
    return Estimate(
        low_usd=round(max(spent_usd, _quantile(costs, 0.1)), 2),
        high_usd=round(max(spent_usd, _quantile(costs, 0.9)), 2),
        minutes=max(1.0, _quantile(minutes, 0.5)),
        basis=f"from {len(history)} finished tasks",
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
