"""Everything the forge remembers beside git itself, as frozen records with an integer id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol


class Record(Protocol):
    """What the store asks of a record: an id that never changes."""

    @property
    def id(self) -> int:
        """The number that GitHub would show as `id`."""
        ...


AccountKind = Literal["User", "Organization", "Bot"]
Permission = Literal["admin", "write", "read", "none"]


@dataclass(frozen=True)
class Account:
    """A person, an organisation or an app's bot."""

    id: int
    login: str
    kind: AccountKind
    created_at: str
    name: str | None = None
    permission: Permission = "read"


@dataclass(frozen=True)
class App:
    """A GitHub App; the forge keeps its public keys only, as GitHub does."""

    id: int
    slug: str
    name: str
    client_id: str
    webhook_secret: str
    bot_id: int
    installation_id: int
    created_at: str
    permissions: dict[str, str]
    public_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    """A credential: a person's token, or an installation's that expires after an hour."""

    id: int
    digest: str
    account_id: int
    created_at: str
    app_id: int | None = None
    expires_at: str | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    repository_ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Repository:
    """One bare git repository and its settings."""

    id: int
    owner: str
    name: str
    default_branch: str
    is_protected: bool
    created_at: str
    pushed_at: str
    description: str | None = None
    next_number: int = 1
    next_run_numbers: dict[str, int] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """`owner/name`, the way people and payloads write it."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True)
class Issue:
    """The part that issues and pull requests share; a pull request has the same repository and number."""

    id: int
    repository_id: int
    number: int
    title: str
    body: str | None
    author_id: int
    created_at: str
    updated_at: str
    state: Literal["open", "closed"] = "open"
    closed_at: str | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    pull_request_id: int | None = None


@dataclass(frozen=True)
class PullRequest:
    """What a pull request has beyond its issue."""

    id: int
    issue_id: int
    repository_id: int
    number: int
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    is_draft: bool
    reviewers: tuple[str, ...] = ()
    merged_at: str | None = None
    merged_by_id: int | None = None
    merge_commit_sha: str | None = None


@dataclass(frozen=True)
class Comment:
    """A comment in an issue's or a pull request's conversation."""

    id: int
    repository_id: int
    issue_id: int
    author_id: int
    body: str
    created_at: str
    updated_at: str
    app_id: int | None = None


@dataclass(frozen=True)
class Review:
    """A review of a pull request; `submitted_at` is empty while it is pending."""

    id: int
    pull_request_id: int
    author_id: int
    body: str
    state: Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]
    commit_sha: str
    submitted_at: str | None = None


@dataclass(frozen=True)
class ReviewComment:
    """A comment on a line of a pull request's diff; replies share its thread."""

    id: int
    pull_request_id: int
    author_id: int
    body: str
    path: str
    commit_sha: str
    created_at: str
    updated_at: str
    diff_hunk: str
    line: int | None = None
    start_line: int | None = None
    side: str = "RIGHT"
    in_reply_to_id: int | None = None
    review_id: int | None = None
    is_resolved: bool = False


@dataclass(frozen=True)
class Reaction:
    """One person's reaction to an issue or a comment (`subject` is `issue:ID`, `comment:ID`...)."""

    id: int
    subject: str
    account_id: int
    content: str
    created_at: str


@dataclass(frozen=True)
class Label:
    """A label of a repository."""

    id: int
    repository_id: int
    name: str
    color: str
    description: str | None = None


@dataclass(frozen=True)
class Status:
    """A commit status of the older kind, one line per context."""

    id: int
    repository_id: int
    sha: str
    state: Literal["error", "failure", "pending", "success"]
    context: str
    description: str | None
    target_url: str | None
    creator_id: int
    created_at: str


Conclusion = Literal[
    "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required", "stale"
]
Progress = Literal["queued", "in_progress", "completed"]


@dataclass(frozen=True)
class CheckSuite:
    """The check runs that one app made for one commit."""

    id: int
    repository_id: int
    head_sha: str
    head_branch: str | None
    app_slug: str
    created_at: str
    updated_at: str
    status: Progress = "queued"
    conclusion: Conclusion | None = None


@dataclass(frozen=True)
class CheckRun:
    """One check of a commit."""

    id: int
    suite_id: int
    repository_id: int
    head_sha: str
    name: str
    status: Progress
    started_at: str
    conclusion: Conclusion | None = None
    completed_at: str | None = None
    details_url: str | None = None
    external_id: str = ""
    title: str | None = None
    summary: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class WorkflowRun:
    """One run of a workflow file, over all its attempts."""

    id: int
    repository_id: int
    suite_id: int
    path: str
    name: str
    title: str
    event: str
    head_branch: str
    head_sha: str
    checkout_sha: str
    ref: str
    run_number: int
    actor_id: int
    created_at: str
    updated_at: str
    started_at: str
    attempt: int = 1
    status: Progress = "queued"
    conclusion: Conclusion | None = None
    pull_request_number: int | None = None
    inputs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of a job, as it ended."""

    number: int
    name: str
    status: Progress
    conclusion: Conclusion | None
    started_at: str | None
    completed_at: str | None


@dataclass(frozen=True)
class Job:
    """One job of one attempt of a run; it has the id of its check run, as on GitHub."""

    id: int
    run_id: int
    repository_id: int
    attempt: int
    key: str
    name: str
    status: Progress
    created_at: str
    started_at: str
    completed_at: str | None = None
    conclusion: Conclusion | None = None
    labels: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Hook:
    """A webhook of one repository, or of every repository when `repository_id` is empty."""

    id: int
    repository_id: int | None
    url: str
    secret: str | None
    events: tuple[str, ...]
    is_active: bool
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class Delivery:
    """One delivery of one event to one hook; `body` is the exact text that was signed."""

    id: int
    hook_id: int
    repository_id: int | None
    guid: str
    event: str
    action: str | None
    body: str
    created_at: str
    is_redelivery: bool = False
    attempts: int = 0
    delivered_at: str | None = None
    status_code: int = 0
    status: str = "pending"
    response_body: str = ""
    duration_seconds: float = 0.0
