"""What CI says about one commit: read from the forge, for that commit only, and never guessed green."""

from __future__ import annotations

from slipway.domain.ci_wait import WatchedHead
from slipway.domain.evidence import CiReport, ci_state
from slipway.ports.forge import PullRequestView
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


def may_report(head: WatchedHead, view: PullRequestView, *, settled: bool, platform: Platform) -> bool:
    """Whether something may yet check a head on which nothing has reported.

    Its workflows may, and so may an outside CI that reported on the pull request's first commit. One that
    reported where the branch began may watch that branch only: it is waited for until `settled`.
    """
    forge = platform.forge
    if forge.has_workflows(head.repository, ref=head.head_sha):
        return True
    first = forge.commits(head.repository, head.number)[0].sha
    if forge.checks(head.repository, first):
        return True
    return not settled and bool(forge.checks(head.repository, view.base_sha))
