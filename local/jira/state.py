"""What the Jira double remembers: users, projects, issues, comments, attachments, the webhook."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from local.double import JsonObject, StateFile

if TYPE_CHECKING:
    from pathlib import Path


class User(BaseModel):
    """A person, or an app's own account (`bot`)."""

    account_id: str
    email: str
    display_name: str
    token: str
    bot: bool = False
    can_edit: bool = True


class Project(BaseModel):
    """A project; `issues` counts the keys given so far."""

    id: str
    key: str
    name: str
    issues: int = 0


class Comment(BaseModel):
    """One comment; its body is an ADF document."""

    id: str
    author: str
    update_author: str
    body: JsonObject
    created: datetime
    updated: datetime


class Attachment(BaseModel):
    """One attached file; its bytes are in the state directory under `id`."""

    id: str
    filename: str
    mime_type: str
    size: int
    author: str
    created: datetime


class Change(BaseModel):
    """One field's change, with the ids (`from_id`) and the names (`from_string`) Jira gives."""

    field: str
    field_id: str
    from_id: str | None = None
    from_string: str | None = None
    to_id: str | None = None
    to_string: str | None = None


class History(BaseModel):
    """The changes that one edit made."""

    id: str
    author: str
    created: datetime
    items: list[Change]


class RemoteLink(BaseModel):
    """A link to a page elsewhere, such as a pull request."""

    id: int
    global_id: str | None = None
    object: JsonObject
    relationship: str | None = None


class Issue(BaseModel):
    """One issue with everything that hangs on it."""

    id: str
    key: str
    project: str
    issue_type: str = "Task"
    summary: str
    description: JsonObject | None = None
    labels: list[str] = Field(default_factory=list)
    priority: str = "Medium"
    status: str = "To Do"
    assignee: str | None = None
    creator: str
    reporter: str
    created: datetime
    updated: datetime
    comments: list[Comment] = Field(default_factory=list)
    attachments: list[Attachment] = Field(default_factory=list)
    history: list[History] = Field(default_factory=list)
    remote_links: list[RemoteLink] = Field(default_factory=list)


class Webhook(BaseModel):
    """Where events go; no events listed means all of them."""

    url: str
    secret: str
    events: list[str] = Field(default_factory=list)


class Attempt(BaseModel):
    """One try at a delivery: a status code and answer, or why there was none."""

    at: datetime
    status_code: int | None = None
    response: str = ""


class Delivery(BaseModel):
    """One event on its way to the webhook; `body` is the exact text that is signed."""

    id: str
    event: str
    issue_key: str
    body: str
    state: Literal["pending", "delivered", "refused", "failed"] = "pending"
    attempts: list[Attempt] = Field(default_factory=list)


class JiraState(BaseModel):
    """The whole site."""

    users: dict[str, User] = Field(default_factory=dict)
    projects: dict[str, Project] = Field(default_factory=dict)
    issues: dict[str, Issue] = Field(default_factory=dict)
    webhook: Webhook | None = None
    deliveries: list[Delivery] = Field(default_factory=list)
    sequence: int = 10000


class Site:
    """The live state of one double and the file that it survives in."""

    def __init__(self, directory: Path, *, url: str) -> None:
        """Open the site kept in `directory` and reached at `url`."""
        self.url = url
        self.attachments = directory / "attachments"
        self._file = StateFile(directory / "jira.json", JiraState)
        self.state = self._file.load()

    def save(self) -> None:
        """Write the state to disk."""
        self._file.save(self.state)

    def reset(self) -> None:
        """Forget everything."""
        for path in self.attachments.glob("*"):
            path.unlink()
        self.state = JiraState()
        self.save()

    def next_id(self) -> str:
        """Return an id that no other thing of this site has."""
        self.state.sequence += 1
        return str(self.state.sequence)

    def issue(self, id_or_key: str) -> Issue | None:
        """Return the issue with this key or numeric id."""
        wanted = id_or_key.upper()
        return self.state.issues.get(wanted) or next(
            (issue for issue in self.state.issues.values() if issue.id == id_or_key), None
        )

    def user_by_email(self, email: str) -> User | None:
        """Return the user with this e-mail address."""
        return next((u for u in self.state.users.values() if u.email == email), None)


def now() -> datetime:
    """Return the present moment, to the millisecond that Jira keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def account_id(email: str) -> str:
    """Return the account id of an e-mail address: the same address always has the same id."""
    return hashlib.sha256(email.encode()).hexdigest()[:24]


def cloud_id(url: str) -> str:
    """Return the id of the site at an address: the same address always has the same id."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, url))
