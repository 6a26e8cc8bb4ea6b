"""What follows when a ref moves: events, pull requests brought up to date, workflows started."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from local.forge.actions.triggers import start_for_pull_request, start_for_push
from local.forge.clock import now
from local.forge.errors import Refused
from local.forge.events import announce
from local.forge.git.command import ZERO_SHA
from local.forge.git.writing import move_ref
from local.forge.shapes.account import Shape, commit_email, simple_account
from local.forge.shapes.commit import pushed_commit
from local.forge.shapes.pull_request import full_pull_request, issue_of
from local.forge.shapes.repository import is_protected

if TYPE_CHECKING:
    from local.forge.auth import Caller
    from local.forge.forge import Forge
    from local.forge.records import Account, PullRequest, Repository

BRANCHES = "refs/heads/"
MAX_LISTED_COMMITS = 20


def check_may_move(repository: Repository, ref: str, caller: Caller) -> None:
    """Refuse what branch protection would refuse."""
    if ref in refs_closed_to(repository, caller):
        raise Refused(
            422,
            f"Protected branch update failed for {ref}. Changes must be made through a pull request.",
        )


def refs_closed_to(repository: Repository, caller: Caller) -> tuple[str, ...]:
    """List the refs that this caller may not push to; administrators may push anywhere."""
    if caller.kind == "user" and caller.account.permission == "admin":
        return ()
    if not is_protected(repository, repository.default_branch):
        return ()
    return (f"{BRANCHES}{repository.default_branch}",)


def ref_moved(
    forge: Forge, repository: Repository, ref: str, *, before: str, after: str, actor: Account
) -> None:
    """Tell everyone that a ref was created, moved or deleted."""
    if before == after:
        return
    with forge.store.lock:
        repository = forge.repository_by_id(repository.id)
        repository = forge.store.repositories.put(replace(repository, pushed_at=now()))
        _announce_push(forge, repository, ref, before=before, after=after, actor=actor)
        if not ref.startswith(BRANCHES):
            return
        branch = ref.removeprefix(BRANCHES)
        if after != ZERO_SHA:
            start_for_push(forge, repository, branch=branch, before=before, after=after, actor=actor)
        for pull_request in forge.store.pull_requests.where(
            lambda found: found.repository_id == repository.id and found.merged_at is None
        ):
            if issue_of(forge, pull_request).state == "open":
                _bring_up_to_date(forge, repository, pull_request, branch=branch, after=after, actor=actor)


def pull_request_event(
    forge: Forge, pull_request: PullRequest, action: str, *, actor: Account, extra: Shape | None = None
) -> None:
    """Announce something about a pull request."""
    repository = forge.repository_by_id(pull_request.repository_id)
    payload: Shape = {
        "number": pull_request.number,
        "pull_request": full_pull_request(forge, pull_request),
        **(extra or {}),
    }
    announce(forge, "pull_request", repository, payload, sender=actor, action=action)


def _bring_up_to_date(
    forge: Forge,
    repository: Repository,
    pull_request: PullRequest,
    *,
    branch: str,
    after: str,
    actor: Account,
) -> None:
    if branch == pull_request.base_ref and after != ZERO_SHA:
        forge.store.pull_requests.put(replace(pull_request, base_sha=after))
    if branch != pull_request.head_ref:
        return
    if after == ZERO_SHA:
        _close(forge, pull_request, actor=actor)
        return
    before = pull_request.head_sha
    updated = forge.store.pull_requests.put(replace(pull_request, head_sha=after))
    forge.store.issues.put(replace(issue_of(forge, updated), updated_at=now()))
    move_ref(forge.git(repository), f"refs/pull/{updated.number}/head", new=after)
    pull_request_event(forge, updated, "synchronize", actor=actor, extra={"before": before, "after": after})
    start_for_pull_request(forge, updated, action="synchronize", actor=actor)


def _close(forge: Forge, pull_request: PullRequest, *, actor: Account) -> None:
    issue = issue_of(forge, pull_request)
    forge.store.issues.put(replace(issue, state="closed", closed_at=now(), updated_at=now()))
    pull_request_event(forge, pull_request, "closed", actor=actor)


def _announce_push(
    forge: Forge, repository: Repository, ref: str, *, before: str, after: str, actor: Account
) -> None:
    git = forge.git(repository)
    is_new, is_gone = before == ZERO_SHA, after == ZERO_SHA
    fresh = []
    if not is_gone and git.kind(after) == "commit":
        main = git.resolve(repository.default_branch)
        known = [sha for sha in (main if is_new else before,) if sha and sha != after]
        fresh = git.log(after, exclude=known, limit=MAX_LISTED_COMMITS, options=["--reverse"])
    commits = [pushed_commit(forge, repository, commit) for commit in fresh]
    tip = git.commit(after)
    person: Shape = {"name": actor.login, "email": commit_email(actor)}
    payload: Shape = {
        "ref": ref,
        "before": before,
        "after": after,
        "created": is_new,
        "deleted": is_gone,
        "forced": not is_new and not is_gone and not git.contains(after, before),
        "base_ref": None,
        "compare": forge.urls.page(repository, f"/compare/{before[:12]}...{after[:12]}"),
        "commits": commits,
        "head_commit": pushed_commit(forge, repository, tip) if tip else None,
        "pusher": person,
    }
    announce(forge, "push", repository, payload, sender=actor)
    if is_new or is_gone:
        kind, _, name = ref.removeprefix("refs/").partition("/")
        detail: Shape = {
            "ref": name,
            "ref_type": "branch" if kind == "heads" else "tag",
            "pusher_type": "user",
            "sender": simple_account(forge, actor),
        }
        if is_new:
            detail |= {"master_branch": repository.default_branch, "description": repository.description}
        announce(forge, "create" if is_new else "delete", repository, detail, sender=actor)
