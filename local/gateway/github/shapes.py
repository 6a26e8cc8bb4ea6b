"""What the official server answers: each shape reads GitHub's REST document and keeps less of it.

A field with a default is left out of the answer when it is empty, as the official server does.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from local.double import JsonObject


def _nothing_is_empty(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_nothing_is_empty)]


class Shape(BaseModel):
    """A part of one of GitHub's documents."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    @model_serializer(mode="wrap")
    def _without_the_empty(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        return {name: value for name, value in serialise(self).items() if value or fields[name].is_required()}

    def document(self, fields: list[str] | None = None) -> JsonObject:
        """Return the answer, narrowed to `fields` when they are given."""
        dumped: JsonObject = self.model_dump(mode="json")
        return {name: value for name, value in dumped.items() if not fields or name in fields}


class User(Shape):
    """An account."""

    login: Text = ""
    id: int = 0
    profile_url: Text = Field(default="", validation_alias="html_url")
    avatar_url: Text = ""


class Signature(Shape):
    """Who made a commit, and when."""

    name: Text = ""
    email: Text = ""
    date: Text = ""


class CommitDetail(Shape):
    """A commit's own data."""

    message: str
    author: Signature | None = None
    committer: Signature | None = None


class ChangedFile(Shape):
    """A file in a commit or a pull request."""

    filename: str
    status: Text = ""
    additions: int = 0
    deletions: int = 0
    changes: int = 0
    patch: Text = ""
    previous_filename: Text = ""


class CommitStats(Shape):
    """How much a commit changed."""

    additions: int = 0
    deletions: int = 0
    total: int = 0


class Commit(Shape):
    """A commit in a list."""

    sha: str
    html_url: Text = ""
    commit: CommitDetail | None = None
    author: User | None = None
    committer: User | None = None
    stats: CommitStats | None = None
    files: list[ChangedFile] = Field(default_factory=list)


class PullRequestCommit(Shape):
    """A commit in a pull request's list."""

    sha: str
    html_url: Text = ""
    message: Text = Field(default="", validation_alias=AliasPath("commit", "message"))
    author: Signature | None = Field(default=None, validation_alias=AliasPath("commit", "author"))


class Branch(Shape):
    """A branch."""

    name: str
    sha: str = Field(validation_alias=AliasPath("commit", "sha"))
    protected: bool


class RepositoryName(Shape):
    """A repository by its full name."""

    full_name: str


class PullRequestEnd(Shape):
    """The head or the base of a pull request."""

    ref: str
    sha: str
    repo: RepositoryName | None = None


class Label(Shape):
    """A label."""

    name: str


class PullRequest(Shape):
    """A pull request."""

    number: int
    title: str
    body: Text = ""
    state: str
    draft: bool
    merged: bool = False
    mergeable_state: Text = ""
    html_url: str
    user: User | None = None
    labels: list[Label] = Field(default_factory=list)
    assignees: list[User] = Field(default_factory=list)
    requested_reviewers: list[User] = Field(default_factory=list)
    merged_by: User | None = None
    head: PullRequestEnd
    base: PullRequestEnd
    additions: int = 0
    deletions: int = 0
    changed_files: int = 0
    commits: int = 0
    comments: int = 0
    created_at: Text = ""
    updated_at: Text = ""
    closed_at: Text = ""
    merged_at: Text = ""

    def document(self, fields: list[str] | None = None) -> JsonObject:
        """Return the answer: labels by name, people by login, `merged` always there."""
        dumped: JsonObject = {**super().document(), "merged": self.merged}
        by_name: dict[str, list[JsonValue]] = {
            "labels": [label.name for label in self.labels],
            "assignees": [user.login for user in self.assignees],
            "requested_reviewers": [user.login for user in self.requested_reviewers],
        }
        dumped.update({name: names for name, names in by_name.items() if names})
        if self.merged_by is not None:
            dumped["merged_by"] = self.merged_by.login
        return {name: value for name, value in dumped.items() if not fields or name in fields}


class Comment(Shape):
    """A comment on a pull request's conversation."""

    id: int
    body: Text = ""
    html_url: Text = ""
    user: User | None = None
    author_association: Text = ""
    created_at: Text = ""
    updated_at: Text = ""


class Review(Shape):
    """A review of a pull request."""

    id: int
    state: Text = ""
    body: Text = ""
    html_url: Text = ""
    user: User | None = None
    commit_id: Text = ""
    submitted_at: Text = ""


class CommitStatus(Shape):
    """One status of a commit."""

    state: Text = ""
    context: Text = ""
    description: Text = ""
    target_url: Text = ""
    created_at: Text = ""
    updated_at: Text = ""


class CombinedStatus(Shape):
    """All the statuses of a commit."""

    state: str
    sha: str
    total_count: int
    statuses: list[CommitStatus] = Field(default_factory=list)
    commit_url: Text


class CheckRun(Shape):
    """One check of a commit."""

    id: int
    name: str
    status: str
    conclusion: Text = ""
    html_url: Text = ""
    details_url: Text = ""
    started_at: Text = ""
    completed_at: Text = ""


class CheckRuns(Shape):
    """All the checks of a commit."""

    total_count: int
    check_runs: list[CheckRun]


class Repository(Shape):
    """A repository in a search."""

    id: int
    name: str
    full_name: str
    description: Text = ""
    html_url: str
    language: Text = ""
    stargazers_count: int
    forks_count: int
    open_issues_count: int
    updated_at: Text = ""
    created_at: Text = ""
    topics: list[str] = Field(default_factory=list)
    private: bool
    fork: bool
    archived: bool
    default_branch: Text = ""


class CodeMatch(Shape):
    """A file that a code search found."""

    name: str
    path: str
    sha: str
    repository: str = Field(validation_alias=AliasPath("repository", "full_name"))
    text_matches: list[JsonObject] = Field(default_factory=list)


class Created(Shape):
    """What was created, by its number and its page."""

    id: int
    html_url: str

    def document(self, fields: list[str] | None = None) -> JsonObject:  # noqa: ARG002
        """Return the answer: a decimal string and the page's address."""
        return {"id": str(self.id), "url": self.html_url}
