"""One format of a tool's output, and how much it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain.evidence import CiClass

DECISIVE, STRONG, PLAIN, WEAK = 90, 70, 50, 20
"""A job that was killed says nothing about the code; a failed check says more than a message on the way."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Lines of one format; `rank` decides between several in one log.

    `after` is what the next line must look like, for formats whose first line alone is too common.
    """

    ci_class: CiClass
    rank: int
    says: str
    pattern: re.Pattern[str]
    after: re.Pattern[str] | None = None

    def fits(self, line: str, next_line: str) -> bool:
        """Whether a line, with the one that follows it, has this format."""
        if self.pattern.search(line) is None:
            return False
        return self.after is None or self.after.search(next_line) is not None


def table(
    ci_class: CiClass, rank: int, *rows: tuple[str, ...], after: str | None = None
) -> tuple[Signature, ...]:
    """Each row: what it means, then the patterns that mean it."""
    return tuple(
        Signature(
            ci_class=ci_class,
            rank=rank,
            says=says,
            pattern=re.compile(pattern),
            after=re.compile(after) if after else None,
        )
        for says, *patterns in rows
        for pattern in patterns
    )
