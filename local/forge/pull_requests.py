"""What can happen to a pull request, whichever API asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from local.forge.actions.triggers import start_for_pull_request
from local.forge.clock import now
from local.forge.errors import Refused, invalid, unprocessable
from local.forge.git.objects import Signature
from local.forge.git.writing import merged_tree, move_ref, write_commit
from local.forge.pushes import pull_request_event, ref_moved
from local.forge.records import Issue, PullRequest
from local.forge.shapes.account import commit_email, simple_account
from local.forge.shapes.pull_request import issue_of, merge_base_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.forge.forge import Forge
    from local.forge.records import Account, Repository


@dataclass(frozen=True)
class Merge:
    """How a pull request is to be merged."""

    method: Literal["merge", "squash", "rebase"] = "merge"
    title: str | None = None
    message: str | None = None
    expected_head: str | None = None


def take_number(forge: Forge, repository: Repository) -> int:
    """Give the next number that issues and pull requests share."""
    with forge.store.lock:
        current = forge.repository_by_id(repository.id)
        forge.store.repositories.put(replace(current, next_number=current.next_number + 1))
        return current.next_number


def open_pull_request(
    forge: Forge,
    repository: Repository,
    *,
    title: str,
    body: str | None,
    head: str,
    base: str,
    is_draft: bool,
    actor: Account,
) -> PullRequest:
    """Open a pull request between two branches of the repository."""
    git = forge.git(repository)
    head_ref, base_ref = git.ref(f"refs/heads/{head}"), git.ref(f"refs/heads/{base}")
    if not title.strip():
        raise invalid("PullRequest", "title", "missing_field")
    if head_ref is None:
        raise invalid("PullRequest", "head", "invalid")
    if base_ref is None:
        raise invalid("PullRequest", "base", "invalid")
    if git.contains(base_ref.sha, head_ref.sha):
        raise invalid("PullRequest", "head", "custom", f"No commits between {base} and {head}")
    if _open_between(forge, repository, head=head, base=base) is not None:
        message = f"A pull request already exists for {repository.owner}:{head}."
        raise invalid("PullRequest", "head", "custom", message)
    number, moment = take_number(forge, repository), now()
    issue_id, pull_id = forge.store.next_id(), forge.store.next_id()
    forge.store.issues.put(
        Issue(
            id=issue_id,
            repository_id=repository.id,
            number=number,
            title=title,
            body=body,
            author_id=actor.id,
            created_at=moment,
            updated_at=moment,
            pull_request_id=pull_id,
        )
    )
    opened = forge.store.pull_requests.put(
        PullRequest(
            id=pull_id,
            issue_id=issue_id,
            repository_id=repository.id,
            number=number,
            head_ref=head,
            head_sha=head_ref.sha,
            base_ref=base,
            base_sha=base_ref.sha,
            is_draft=is_draft,
        )
    )
    move_ref(git, f"refs/pull/{number}/head", new=head_ref.sha)
    pull_request_event(forge, opened, "opened", actor=actor)
    start_for_pull_request(forge, opened, action="opened", actor=actor)
    return opened


def edit_pull_request(
    forge: Forge,
    pull_request: PullRequest,
    *,
    title: str | None,
    body: str | None,
    state: Literal["open", "closed"] | None,
    actor: Account,
) -> None:
    """Change the words, or close and reopen."""
    issue = issue_of(forge, pull_request)
    changes: dict[str, object] = {}
    if title is not None and title != issue.title:
        changes["title"] = {"from": issue.title}
    if body is not None and body != issue.body:
        changes["body"] = {"from": issue.body}
    if changes:
        issue = forge.store.issues.put(
            replace(
                issue,
                title=issue.title if title is None else title,
                body=issue.body if body is None else body,
                updated_at=now(),
            )
        )
        pull_request_event(forge, pull_request, "edited", actor=actor, extra={"changes": changes})
    if state is None or state == issue.state:
        return
    if state == "open":
        _reopen(forge, pull_request, actor=actor)
        return
    forge.store.issues.put(replace(issue, state="closed", closed_at=now(), updated_at=now()))
    pull_request_event(forge, pull_request, "closed", actor=actor)


def set_draft(forge: Forge, pull_request: PullRequest, *, is_draft: bool, actor: Account) -> PullRequest:
    """Mark as ready for review, or take that back."""
    if issue_of(forge, pull_request).state != "open":
        raise unprocessable("Pull request is closed")
    if pull_request.is_draft == is_draft:
        return pull_request
    changed = forge.store.pull_requests.put(replace(pull_request, is_draft=is_draft))
    forge.store.issues.put(replace(issue_of(forge, changed), updated_at=now()))
    action = "converted_to_draft" if is_draft else "ready_for_review"
    pull_request_event(forge, changed, action, actor=actor)
    start_for_pull_request(forge, changed, action=action, actor=actor)
    return changed


def change_reviewers(
    forge: Forge, pull_request: PullRequest, *, add: Sequence[str], remove: Sequence[str], actor: Account
) -> PullRequest:
    """Ask for reviews or take the request back."""
    current = [login for login in pull_request.reviewers if login not in remove]
    wanted = tuple(dict.fromkeys([*current, *add]))
    changed = forge.store.pull_requests.put(replace(pull_request, reviewers=wanted))
    for action, logins in (("review_requested", add), ("review_request_removed", remove)):
        for login in logins:
            account = forge.find_account(login)
            if account is not None:
                extra: dict[str, object] = {"requested_reviewer": simple_account(forge, account)}
                pull_request_event(forge, changed, action, actor=actor, extra=extra)
    return changed


def merge_pull_request(forge: Forge, pull_request: PullRequest, how: Merge, *, actor: Account) -> PullRequest:
    """Merge into the base branch, as branch protection allows: through the pull request."""
    repository, issue = forge.repository_by_id(pull_request.repository_id), issue_of(forge, pull_request)
    git = forge.git(repository)
    if issue.state != "open":
        raise Refused(405, "Pull Request is not mergeable")
    if pull_request.is_draft:
        raise Refused(405, "Pull Request is still a draft")
    if how.expected_head not in (None, pull_request.head_sha):
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    if how.method == "rebase":
        raise Refused(405, "Rebase merges are not allowed on this repository.")
    tree = merged_tree(git, pull_request.base_sha, pull_request.head_sha)
    if tree is None:
        raise Refused(405, "Pull Request is not mergeable")
    parents = [pull_request.base_sha]
    if how.method == "merge":
        parents.append(pull_request.head_sha)
    sha = write_commit(
        git,
        tree=tree,
        parents=parents,
        message=_merge_message(forge, pull_request, how),
        author=Signature(actor.login, commit_email(actor), now()),
        committer=Signature("GitHub", "noreply@github.com", now()),
    )
    merged = forge.store.pull_requests.put(
        replace(pull_request, merged_at=now(), merged_by_id=actor.id, merge_commit_sha=sha)
    )
    forge.store.issues.put(replace(issue, state="closed", closed_at=now(), updated_at=now()))
    ref = f"refs/heads/{pull_request.base_ref}"
    move_ref(git, ref, new=sha, old=pull_request.base_sha)
    pull_request_event(forge, merged, "closed", actor=actor)
    ref_moved(forge, repository, ref, before=pull_request.base_sha, after=sha, actor=actor)
    return merged


def update_branch(forge: Forge, pull_request: PullRequest, *, actor: Account) -> None:
    """Merge the base branch into the head branch."""
    repository = forge.repository_by_id(pull_request.repository_id)
    git = forge.git(repository)
    if git.contains(pull_request.head_sha, pull_request.base_sha):
        raise unprocessable("There are no new commits on the base branch.")
    tree = merged_tree(git, pull_request.head_sha, pull_request.base_sha)
    if tree is None:
        raise unprocessable("merge conflict between base and head")
    who = Signature(actor.login, commit_email(actor), now())
    sha = write_commit(
        git,
        tree=tree,
        parents=[pull_request.head_sha, pull_request.base_sha],
        message=f"Merge branch '{pull_request.base_ref}' into {pull_request.head_ref}",
        author=who,
        committer=who,
    )
    ref = f"refs/heads/{pull_request.head_ref}"
    move_ref(git, ref, new=sha, old=pull_request.head_sha)
    ref_moved(forge, repository, ref, before=pull_request.head_sha, after=sha, actor=actor)


def _reopen(forge: Forge, pull_request: PullRequest, *, actor: Account) -> None:
    repository, issue = forge.repository_by_id(pull_request.repository_id), issue_of(forge, pull_request)
    head = forge.git(repository).ref(f"refs/heads/{pull_request.head_ref}")
    if pull_request.merged_at is not None or head is None:
        raise invalid("PullRequest", "state", "invalid", "state cannot be changed.")
    forge.store.issues.put(replace(issue, state="open", closed_at=None, updated_at=now()))
    reopened = forge.store.pull_requests.put(replace(pull_request, head_sha=head.sha))
    pull_request_event(forge, reopened, "reopened", actor=actor)
    start_for_pull_request(forge, reopened, action="reopened", actor=actor)


def _open_between(forge: Forge, repository: Repository, *, head: str, base: str) -> PullRequest | None:
    return forge.store.pull_requests.first(
        lambda found: (
            found.repository_id == repository.id
            and found.head_ref == head
            and found.base_ref == base
            and issue_of(forge, found).state == "open"
        )
    )


def _merge_message(forge: Forge, pull_request: PullRequest, how: Merge) -> str:
    issue, repository = issue_of(forge, pull_request), forge.repository_by_id(pull_request.repository_id)
    if how.method == "merge":
        title = (
            how.title or f"Merge pull request #{issue.number} from {repository.owner}/{pull_request.head_ref}"
        )
        return f"{title}\n\n{issue.title if how.message is None else how.message}".rstrip()
    commits = forge.git(repository).log(
        pull_request.head_sha,
        exclude=[merge_base_of(forge, pull_request)],
        limit=250,
        options=["--reverse"],
    )
    default = "\n\n".join(f"* {commit.message}" for commit in commits)
    title = how.title or f"{issue.title} (#{issue.number})"
    return f"{title}\n\n{default if how.message is None else how.message}".rstrip()
