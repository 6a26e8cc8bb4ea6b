"""Puts a checkout's edits on its branch, as commits that say who made them."""

from __future__ import annotations

from slipway.agentkit.checkout import Checkout
from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.forge_tools import ForgeTools
from slipway.agentkit.trailers import with_trailers
from slipway.domain.errors import Conflict
from slipway.domain.evidence import Commit

NO_PLAN_TASK = 0


def push(
    checkout: Checkout, *, run: RunContext[RequestT], subject: str, item: int | str
) -> tuple[Commit, ...]:
    """One commit with every written file, then one for each deletion: the tools delete one file at a time.

    Refuses when somebody moved the branch meanwhile. `item` is a plan task's id or names other work.
    """
    forge = ForgeTools(run.gateway)
    branch, repository = checkout.branch, checkout.repository
    head = forge.head(repository, branch)
    if head != checkout.head:
        raise Conflict(
            f"branch {branch} of {repository} moved from {checkout.head[:10]} to {head[:10]} while it was "
            f"worked on; the step starts again from there"
        )
    message = with_trailers(subject, task_id=run.task_id, agent=run.spec.name, model=run.model_id, item=item)
    written = {path: text for path, text in checkout.edits.items() if text is not None}
    made: list[tuple[str, tuple[str, ...]]] = []
    if written:
        made.append((forge.push(repository, branch, files=written, message=message), tuple(sorted(written))))
    for path in sorted(set(checkout.edits) - set(written)):
        made.append((forge.delete(repository, branch, path=path, message=message), (path,)))
    checkout.concluded(made[-1][0])
    return tuple(
        Commit(
            repository=repository,
            branch=branch,
            sha=sha,
            message=message,
            task_id=item if isinstance(item, int) else NO_PLAN_TASK,
            files=files,
        )
        for sha, files in made
    )
