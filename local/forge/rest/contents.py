"""Files and directories by path, and raw bytes."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from local.forge.clock import now
from local.forge.errors import Refused, invalid, not_found, unprocessable
from local.forge.git.objects import Signature, TreeChange
from local.forge.git.writing import move_ref, write_blob, write_commit, write_tree
from local.forge.pushes import check_may_move, ref_moved
from local.forge.rest.git_data import PersonBody
from local.forge.shapes import repository as shapes
from local.forge.shapes.account import Shape, commit_email
from local.forge.shapes.commit import git_commit
from local.forge.web import Body, Call, Endpoint, ok

if TYPE_CHECKING:
    from local.forge.git.objects import Commit, TreeEntry
    from local.forge.git.repository import GitRepository


class WriteFileBody(Body):
    """A file to create or replace."""

    message: str
    content: str
    sha: str | None = None
    branch: str | None = None
    author: PersonBody | None = None
    committer: PersonBody | None = None


class RemoveFileBody(Body):
    """A file to delete."""

    message: str
    sha: str
    branch: str | None = None
    author: PersonBody | None = None
    committer: PersonBody | None = None


def get_contents(call: Call) -> Response:
    """Read a file, or list a directory."""
    git, repository = call.git, call.repository
    ref = call.query("ref") or repository.default_branch
    commit = git.resolve(ref)
    if commit is None:
        raise Refused(404, f"No commit found for the ref {ref}")
    path = str(call.request.path_params.get("path", "")).strip("/")
    entry = git.entry(commit, path) if path else None
    if path and entry is None:
        raise not_found()
    if entry is None or entry.kind == "tree":
        return _directory(call, commit, path=path, ref=ref)
    content = git.blob(entry.sha) if entry.kind == "blob" else b""
    if call.asks_for("raw"):
        return Response(content, media_type="application/vnd.github.raw; charset=utf-8")
    return ok(shapes.content_file(call.forge, repository, entry, ref=ref, content=content or b""))


def get_readme(call: Call) -> Response:
    """Find the README of the default branch."""
    ref = call.query("ref") or call.repository.default_branch
    commit = call.git.resolve(ref)
    entries = call.git.tree(commit) if commit else []
    for entry in entries:
        if entry.kind == "blob" and entry.path.lower().split(".")[0] == "readme":
            content = call.git.blob(entry.sha) or b""
            if call.asks_for("raw"):
                return Response(content, media_type="application/vnd.github.raw; charset=utf-8")
            return ok(shapes.content_file(call.forge, call.repository, entry, ref=ref, content=content))
    raise not_found()


def put_file(call: Call) -> Response:
    """Create or replace one file as one commit."""
    asked, git = call.parse(WriteFileBody), call.git
    try:
        content = base64.b64decode("".join(asked.content.split()), validate=True)
    except binascii.Error as error:
        raise unprocessable("content is not valid Base64") from error
    branch, head = _branch(call, asked.branch)
    existing = _existing(git, head, call.text("path"))
    if existing is not None and asked.sha is None:
        raise unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
    if existing is not None and existing.sha != asked.sha:
        raise Refused(409, f"{call.text('path')} does not match {asked.sha}")
    change = TreeChange(call.text("path"), existing.mode if existing else "100644", write_blob(git, content))
    commit = _commit(call, asked, change, branch=branch, head=head)
    entry = git.entry(commit.sha, call.text("path"))
    if entry is None:
        raise not_found()
    body: Shape = {
        "content": shapes.content_entry(call.forge, call.repository, entry, ref=branch),
        "commit": git_commit(call.forge, call.repository, commit),
    }
    return ok(body, status=200 if existing else 201)


def delete_file(call: Call) -> Response:
    """Delete one file as one commit."""
    asked = RemoveFileBody.model_validate(dict(call.request.query_params)) if not call.body else None
    asked = asked or call.parse(RemoveFileBody)
    branch, head = _branch(call, asked.branch)
    existing = _existing(call.git, head, call.text("path"))
    if existing is None:
        raise not_found()
    if existing.sha != asked.sha:
        raise Refused(409, f"{call.text('path')} does not match {asked.sha}")
    change = TreeChange(call.text("path"), existing.mode, None)
    commit = _commit(call, asked, change, branch=branch, head=head)
    return ok({"content": None, "commit": git_commit(call.forge, call.repository, commit)})


def get_raw(call: Call) -> Response:
    """Send a file's bytes: `ref/path`, where the ref itself may hold slashes."""
    git, parts = call.git, call.text("rest").split("/")
    for cut in range(1, len(parts)):
        commit = git.resolve("/".join(parts[:cut]))
        content = git.file(commit, "/".join(parts[cut:])) if commit else None
        if content is None:
            continue
        kind, _ = mimetypes.guess_type(parts[-1])
        if kind and kind.startswith("image/") and kind != "image/svg+xml":
            return Response(content, media_type=kind)
        return PlainTextResponse(content)
    raise not_found()


def _directory(call: Call, commit: str, *, path: str, ref: str) -> Response:
    prefix = f"{path}/" if path else ""
    tree = call.git.resolve(commit, kind="tree")
    if path:
        entry = call.git.entry(commit, path)
        tree = entry.sha if entry else None
    if tree is None:
        raise not_found()
    return ok(
        [
            shapes.content_entry(call.forge, call.repository, _below(entry, prefix), ref=ref)
            for entry in call.git.tree(tree)
        ]
    )


def _below(entry: TreeEntry, prefix: str) -> TreeEntry:
    return type(entry)(entry.mode, entry.kind, entry.sha, f"{prefix}{entry.path}", entry.size)


def _branch(call: Call, asked: str | None) -> tuple[str, str | None]:
    branch = asked or call.repository.default_branch
    ref = call.git.ref(f"refs/heads/{branch}")
    if ref is None and call.git.refs("refs/heads/"):
        raise Refused(404, f"Branch {branch} not found")
    return branch, ref.sha if ref else None


def _existing(git: GitRepository, head: str | None, path: str) -> TreeEntry | None:
    if path.startswith("/") or any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise invalid("Commit", "path", "invalid", f"path contains a malformed path component: {path}")
    entry = git.entry(head, path) if head else None
    if entry is not None and entry.kind != "blob":
        raise unprocessable(f"{path} is a directory")
    return entry


def _commit(
    call: Call,
    asked: WriteFileBody | RemoveFileBody,
    change: TreeChange,
    *,
    branch: str,
    head: str | None,
) -> Commit:
    git, caller, ref = call.git, call.signed_in, f"refs/heads/{branch}"
    check_may_move(call.repository, ref, caller)
    fallback = Signature(caller.account.login, commit_email(caller.account), now())
    author, committer = (
        Signature(person.name, person.email, person.date or now()) if person else fallback
        for person in (asked.author or asked.committer, asked.committer)
    )
    sha = write_commit(
        git,
        tree=write_tree(git, [change], base=head),
        parents=[head] if head else [],
        message=asked.message,
        author=author,
        committer=committer,
    )
    before = head or "0" * 40
    move_ref(git, ref, new=sha, old=before)
    ref_moved(call.forge, call.repository, ref, before=before, after=sha, actor=caller.account)
    commit = git.commit(sha)
    if commit is None:
        raise not_found()
    return commit


_CONTENTS = "/repos/{owner}/{repo}/contents"
ENDPOINTS = (
    Endpoint("GET", _CONTENTS, get_contents),
    Endpoint("GET", f"{_CONTENTS}/{{path:path}}", get_contents),
    Endpoint("PUT", f"{_CONTENTS}/{{path:path}}", put_file, access="write"),
    Endpoint("DELETE", f"{_CONTENTS}/{{path:path}}", delete_file, access="write"),
    Endpoint("GET", "/repos/{owner}/{repo}/readme", get_readme),
)
RAW_ENDPOINTS = (
    Endpoint("GET", "/raw/{owner}/{repo}/{rest:path}", get_raw),
    Endpoint("GET", "/{owner}/{repo}/raw/{rest:path}", get_raw),
)
