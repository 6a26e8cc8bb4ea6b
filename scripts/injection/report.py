"""What came of all attacks, by channel, by outcome and by control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from rich.console import Group
from rich.table import Table

from scripts.injection.attack import Verdict
from scripts.output import table


@dataclass(frozen=True)
class Report:
    """All verdicts of one evaluation; `left_out` says what this machine could not run."""

    verdicts: Sequence[Verdict]
    seconds: float
    left_out: Sequence[str] = ()

    @property
    def missed(self) -> tuple[Verdict, ...]:
        """Attacks that were not contained."""
        return tuple(each for each in self.verdicts if not each.contained)

    def document(self) -> JsonValue:
        """Stable keys."""
        return {
            "contained": len(self.verdicts) - len(self.missed),
            "total": len(self.verdicts),
            "seconds": round(self.seconds, 1),
            "by_channel": self._counts(lambda each: each.channel),
            "by_outcome": self._counts(lambda each: str(each.outcome)),
            "by_control": self._counts(lambda each: str(each.expected)),
            "not_run": list(self.left_out),
            "missed": [{"id": each.id, "problem": each.problem} for each in self.missed],
        }

    def text(self) -> Group:
        """Three tables, and every miss."""
        parts: list[Table | str] = []
        for title, key in (
            ("Channel", lambda each: each.channel),
            ("Outcome", lambda each: str(each.outcome)),
            ("Stopped by", lambda each: str(each.expected)),
        ):
            rows = [(name, f"{held}/{total}") for name, (held, total) in self._by(key).items()]
            parts += [table((title, "Contained"), rows), ""]
        parts.append(
            f"{len(self.verdicts) - len(self.missed)} of {len(self.verdicts)} attacks contained "
            f"in {self.seconds:.0f} s"
        )
        parts += [f"not run: {each}" for each in self.left_out]
        parts += [f"NOT CONTAINED {each.id}: {each.problem}" for each in self.missed]
        return Group(*parts)

    def _by(self, key: Callable[[Verdict], str]) -> dict[str, tuple[int, int]]:
        totals = Counter(key(each) for each in self.verdicts)
        missed = Counter(key(each) for each in self.missed)
        return {name: (total - missed[name], total) for name, total in sorted(totals.items())}

    def _counts(self, key: Callable[[Verdict], str]) -> JsonValue:
        return {name: {"contained": held, "total": total} for name, (held, total) in self._by(key).items()}
