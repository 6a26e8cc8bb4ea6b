"""The Git data API: refs, trees, blobs, commits and tags, on the real objects."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Literal

from pydantic import Field
from starlette.responses import Response

from local.forge.clock import now
from local.forge.errors import invalid, not_found, unprocessable
from local.forge.git.command import ZERO_SHA
from local.forge.git.objects import Ref, Signature, TreeChange
from local.forge.git.repository import is_valid_ref
from local.forge.git.writing import delete_ref, move_ref, write_blob, write_commit, write_tag, write_tree
from local.forge.pushes import check_may_move, ref_moved
from local.forge.shapes import repository as shapes
from local.forge.shapes.account import commit_email
from local.forge.shapes.commit import git_commit
from local.forge.web import Body, Call, Endpoint, created, no_content, ok

if TYPE_CHECKING:
    from local.forge.records import Account


class NewRefBody(Body):
    """A ref to create."""

    ref: str
    sha: str


class MoveRefBody(Body):
    """Where a ref should point."""

    sha: str
    force: bool = False


class NewBlobBody(Body):
    """A blob's content."""

    content: str
    encoding: Literal["utf-8", "base64"] = "utf-8"


class NewTreeEntryBody(Body):
    """One entry of a new tree; a null `sha` deletes the path."""

    path: str
    mode: Literal["100644", "100755", "040000", "160000", "120000"] = "100644"
    type: str = "blob"
    sha: str | None = None
    content: str | None = None


class NewTreeBody(Body):
    """Changes to a base tree."""

    tree: list[NewTreeEntryBody] = Field(min_length=1)
    base_tree: str | None = None


class PersonBody(Body):
    """An author or a committer."""

    name: str
    email: str
    date: str | None = None


class NewCommitBody(Body):
    """A commit to make."""

    message: str
    tree: str
    parents: list[str] = Field(default_factory=list)
    author: PersonBody | None = None
    committer: PersonBody | None = None


class NewTagBody(Body):
    """An annotated tag to make."""

    tag: str
    message: str
    object: str
    type: str = "commit"
    tagger: PersonBody | None = None


def get_ref(call: Call) -> Response:
    """Find one ref, `heads/main` without the `refs/`."""
    ref = call.git.ref(f"refs/{call.text('ref')}")
    if ref is None:
        raise not_found()
    return ok(shapes.git_ref(call.forge, call.repository, ref))


def list_matching_refs(call: Call) -> Response:
    """List the refs whose names start with a prefix."""
    prefix = f"refs/{call.text('ref')}"
    found = [ref for ref in call.git.refs() if ref.name.startswith(prefix)]
    return call.listing(found, lambda ref: shapes.git_ref(call.forge, call.repository, ref))


def create_ref(call: Call) -> Response:
    """Create a branch or a tag."""
    asked, git = call.parse(NewRefBody), call.git
    if not asked.ref.startswith(("refs/heads/", "refs/tags/")) or not is_valid_ref(asked.ref):
        raise unprocessable(f"{asked.ref} is not a valid ref name.")
    kind = git.kind(asked.sha)
    if kind is None or (kind != "commit" and asked.ref.startswith("refs/heads/")):
        raise unprocessable("Object does not exist")
    if git.ref(asked.ref) is not None:
        raise unprocessable("Reference already exists")
    caller = call.signed_in
    check_may_move(call.repository, asked.ref, caller)
    move_ref(git, asked.ref, new=asked.sha, old=ZERO_SHA)
    ref_moved(call.forge, call.repository, asked.ref, before=ZERO_SHA, after=asked.sha, actor=caller.account)
    return created(shapes.git_ref(call.forge, call.repository, Ref(asked.ref, asked.sha, kind)))


def update_ref(call: Call) -> Response:
    """Move a branch; only forward unless `force` is set."""
    asked, git, name = call.parse(MoveRefBody), call.git, f"refs/{call.text('ref')}"
    ref = git.ref(name)
    if ref is None:
        raise unprocessable("Reference does not exist")
    kind = git.kind(asked.sha)
    if kind is None:
        raise unprocessable("Object does not exist")
    caller = call.signed_in
    check_may_move(call.repository, name, caller)
    if not asked.force and not git.contains(asked.sha, ref.sha):
        raise unprocessable("Update is not a fast forward")
    move_ref(git, name, new=asked.sha, old=ref.sha)
    ref_moved(call.forge, call.repository, name, before=ref.sha, after=asked.sha, actor=caller.account)
    return ok(shapes.git_ref(call.forge, call.repository, Ref(name, asked.sha, kind)))


def remove_ref(call: Call) -> Response:
    """Delete a branch or a tag."""
    git, name = call.git, f"refs/{call.text('ref')}"
    ref = git.ref(name)
    if ref is None:
        raise unprocessable("Reference does not exist")
    if name == f"refs/heads/{call.repository.default_branch}":
        raise unprocessable("Cannot delete the default branch")
    delete_ref(git, name)
    ref_moved(call.forge, call.repository, name, before=ref.sha, after=ZERO_SHA, actor=call.signed_in.account)
    return no_content()


def get_blob(call: Call) -> Response:
    """Read a blob."""
    sha = call.text("sha")
    content = call.git.blob(sha)
    if content is None:
        raise not_found()
    if call.asks_for("raw"):
        return Response(content, media_type="application/vnd.github.raw")
    return ok(shapes.git_blob(call.forge, call.repository, sha, content))


def create_blob(call: Call) -> Response:
    """Store a blob."""
    asked = call.parse(NewBlobBody)
    sha = write_blob(call.git, _bytes(asked.content, encoding=asked.encoding))
    return created({"sha": sha, "url": call.forge.urls.api(call.repository, f"/git/blobs/{sha}")})


def get_tree(call: Call) -> Response:
    """List a tree, by its SHA or by anything that names a commit."""
    git = call.git
    sha = git.resolve(call.text("sha"), kind="tree")
    if sha is None:
        raise not_found()
    entries = git.tree(sha, recursive=call.query("recursive") is not None)
    return ok(shapes.git_tree(call.forge, call.repository, sha, entries))


def create_tree(call: Call) -> Response:
    """Make a tree from another one."""
    asked, git = call.parse(NewTreeBody), call.git
    base = None
    if asked.base_tree is not None:
        base = git.resolve(asked.base_tree, kind="tree")
        if base is None:
            raise unprocessable("base_tree is not a tree of this repository")
    sha = write_tree(git, [_change(call, entry) for entry in asked.tree], base=base)
    body = shapes.git_tree(call.forge, call.repository, sha, git.tree(sha))
    return created(body)


def get_commit(call: Call) -> Response:
    """Read a commit object."""
    commit = call.git.commit(call.text("sha"))
    if commit is None:
        raise not_found()
    return ok(git_commit(call.forge, call.repository, commit))


def create_commit(call: Call) -> Response:
    """Make a commit object; no branch moves."""
    asked, git = call.parse(NewCommitBody), call.git
    if git.kind(asked.tree) != "tree":
        raise unprocessable("Tree SHA does not exist")
    if any(git.kind(parent) != "commit" for parent in asked.parents):
        raise unprocessable("Parent SHA does not exist or is not a commit object")
    account = call.signed_in.account
    author = _signature(asked.author, account)
    committer = _signature(asked.committer, account) if asked.committer else author
    sha = write_commit(
        git,
        tree=asked.tree,
        parents=asked.parents,
        message=asked.message,
        author=author,
        committer=committer,
    )
    commit = git.commit(sha)
    if commit is None:
        raise not_found()
    return created(git_commit(call.forge, call.repository, commit))


def create_tag(call: Call) -> Response:
    """Make an annotated tag object; `refs/tags/...` is created separately."""
    asked, git = call.parse(NewTagBody), call.git
    if git.kind(asked.object) is None:
        raise unprocessable("Object does not exist")
    tagger = _signature(asked.tagger, call.signed_in.account)
    sha = write_tag(git, name=asked.tag, target=asked.object, message=asked.message, tagger=tagger)
    target = call.forge.urls.api(call.repository, f"/git/{asked.type}s/{asked.object}")
    return created(
        {
            "node_id": f"TA_{sha}",
            "tag": asked.tag,
            "sha": sha,
            "url": call.forge.urls.api(call.repository, f"/git/tags/{sha}"),
            "message": asked.message,
            "tagger": {"name": tagger.name, "email": tagger.email, "date": tagger.date},
            "object": {"type": asked.type, "sha": asked.object, "url": target},
        }
    )


def _change(call: Call, entry: NewTreeEntryBody) -> TreeChange:
    if entry.path.startswith("/") or any(part in ("", ".", "..", ".git") for part in entry.path.split("/")):
        raise unprocessable(f"tree.path contains a malformed path component: {entry.path}")
    if entry.content is not None:
        return TreeChange(entry.path, entry.mode, write_blob(call.git, entry.content.encode()))
    if entry.sha is not None and entry.mode != "160000" and call.git.kind(entry.sha) is None:
        raise unprocessable(f"tree.sha {entry.sha} is not a valid {entry.type}")
    return TreeChange(entry.path, entry.mode, entry.sha)


def _signature(person: PersonBody | None, account: Account) -> Signature:
    if person is None:
        return Signature(name=account.login, email=commit_email(account), date=now())
    return Signature(name=person.name, email=person.email, date=person.date or now())


def _bytes(content: str, *, encoding: str) -> bytes:
    if encoding == "utf-8":
        return content.encode()
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except binascii.Error as error:
        raise invalid("Blob", "content", "invalid", "content is not valid Base64") from error


_GIT = "/repos/{owner}/{repo}/git"
ENDPOINTS = (
    Endpoint("GET", f"{_GIT}/ref/{{ref:path}}", get_ref),
    Endpoint("GET", f"{_GIT}/matching-refs/{{ref:path}}", list_matching_refs),
    Endpoint("GET", f"{_GIT}/refs/{{ref:path}}", get_ref),
    Endpoint("POST", f"{_GIT}/refs", create_ref, access="write"),
    Endpoint("PATCH", f"{_GIT}/refs/{{ref:path}}", update_ref, access="write"),
    Endpoint("DELETE", f"{_GIT}/refs/{{ref:path}}", remove_ref, access="write"),
    Endpoint("GET", f"{_GIT}/blobs/{{sha}}", get_blob),
    Endpoint("POST", f"{_GIT}/blobs", create_blob, access="write"),
    Endpoint("GET", f"{_GIT}/trees/{{sha:path}}", get_tree),
    Endpoint("POST", f"{_GIT}/trees", create_tree, access="write"),
    Endpoint("GET", f"{_GIT}/commits/{{sha}}", get_commit),
    Endpoint("POST", f"{_GIT}/commits", create_commit, access="write"),
    Endpoint("POST", f"{_GIT}/tags", create_tag, access="write"),
)
