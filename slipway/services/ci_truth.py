"""What CI says about one commit: read from the forge, for that commit only, and never guessed green."""

from __future__ import annotations

from slipway.domain.ci_wait import WatchedHead
from slipway.domain.evidence import CiReport, ci_state
from slipway.ports.platform import Platform


def ci_report(head: WatchedHead, platform: Platform) -> CiReport:
    """Its checks and their fold; `unknown` when nothing has reported."""
    checks = platform.forge.checks(head.repository, head.head_sha)
    return CiReport(
        repository=head.repository,
        number=head.number,
        head_sha=head.head_sha,
        state=ci_state(checks),
        checks=checks,
    )


def has_no_ci(head: WatchedHead, report: CiReport, platform: Platform) -> bool:
    """Nothing reported, and the repository has no workflow that could."""
    return not report.checks and not platform.forge.has_workflows(head.repository, ref=head.head_sha)
