"""create_branch and the tools that write files: every call is exactly one commit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from local.gateway.github.arguments import RepositoryArguments
from local.gateway.github.client import GitHubError
from local.gateway.github.contents import FileContent, branch_head, default_branch
from local.gateway.github.shapes import Signature, Text
from local.gateway.tools import Tool, ToolFailed

if TYPE_CHECKING:
    from local.double import JsonObject
    from local.gateway.github.client import Forge

_PLAIN_FILE = "100644"


class CreateBranch(RepositoryArguments):
    """Arguments of create_branch."""

    branch: str = Field(description="Name for new branch")
    from_branch: str | None = Field(default=None, description="Source branch (defaults to repo default)")


class _Writing(RepositoryArguments):
    branch: str = Field(description="Branch to write to")
    message: str = Field(description="Commit message")


class CreateOrUpdateFile(_Writing):
    """Arguments of create_or_update_file."""

    path: str = Field(description="Path where to create/update the file")
    content: str = Field(
        description="Content of the file, exactly as it should appear once written; not base64"
    )
    sha: str | None = Field(
        default=None,
        description="The blob SHA of the file being replaced. Required if the file already exists.",
    )


class DeleteFile(_Writing):
    """Arguments of delete_file."""

    path: str = Field(description="Path to the file to delete")


class PushedFile(BaseModel):
    """One file of push_files."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="path to the file")
    content: str = Field(description="file content")


class PushFiles(_Writing):
    """Arguments of push_files."""

    files: list[PushedFile] = Field(
        min_length=1, description="Files to push, each with path (string) and content (string)"
    )


class _Sha(BaseModel):
    sha: str


class _GitCommit(BaseModel):
    sha: str
    message: str
    html_url: Text = ""
    author: Signature | None = None
    tree: _Sha


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools that write to a repository."""

    async def create_branch(wanted: CreateBranch) -> JsonValue:
        source = wanted.from_branch or await default_branch(forge, wanted)
        new: JsonObject = {
            "ref": f"refs/heads/{wanted.branch}",
            "sha": await branch_head(forge, wanted, source),
        }
        return await forge.write("POST", f"{wanted.path_prefix}/git/refs", dict[str, JsonValue], new)

    async def create_or_update_file(wanted: CreateOrUpdateFile) -> JsonValue:
        path = wanted.path.strip("/")
        _check_replaced(wanted.sha, await _existing(forge, wanted, path), path)
        commit, _ = await _commit(forge, wanted, [_entry(path, wanted.content)])
        written = await _existing(forge, wanted, path)
        return {"content": _written(written, path), "commit": _made(commit)}

    async def delete_file(wanted: DeleteFile) -> JsonValue:
        path = wanted.path.strip("/")
        if await _existing(forge, wanted, path) is None:
            raise ToolFailed(f"{path!r} does not exist on {wanted.branch!r}; nothing was deleted")
        gone: JsonObject = {"path": path, "mode": _PLAIN_FILE, "type": "blob", "sha": None}
        commit, _ = await _commit(forge, wanted, [gone])
        return {"commit": _made(commit), "content": None}

    async def push_files(wanted: PushFiles) -> JsonValue:
        entries = [_entry(file.path.strip("/"), file.content) for file in wanted.files]
        return (await _commit(forge, wanted, entries))[1]

    return [
        Tool(
            "create_branch",
            "Create a new branch in a GitHub repository",
            CreateBranch,
            create_branch,
            read_only=False,
        ),
        Tool(
            "create_or_update_file",
            "Create or update a single file in a GitHub repository. The SHA of the file that is "
            "replaced must be given.",
            CreateOrUpdateFile,
            create_or_update_file,
            read_only=False,
        ),
        Tool(
            "delete_file",
            "Delete a file from a GitHub repository",
            DeleteFile,
            delete_file,
            read_only=False,
            destructive=True,
        ),
        Tool(
            "push_files",
            "Push multiple files to a GitHub repository in a single commit",
            PushFiles,
            push_files,
            read_only=False,
        ),
    ]


async def _commit(
    forge: Forge, wanted: _Writing, entries: list[JsonObject]
) -> tuple[_GitCommit, dict[str, JsonValue]]:
    """Put one commit on a branch and return it with the moved ref.

    The ref is moved without force: when somebody else moved it meanwhile, GitHub refuses with 422
    and nothing has changed.
    """
    git = f"{wanted.path_prefix}/git"
    head = await branch_head(forge, wanted, wanted.branch)
    parent = await forge.get(f"{git}/commits/{head}", _GitCommit)
    tree = await forge.write(
        "POST", f"{git}/trees", _Sha, {"base_tree": parent.tree.sha, "tree": [dict(e) for e in entries]}
    )
    commit = await forge.write(
        "POST",
        f"{git}/commits",
        _GitCommit,
        {"message": wanted.message, "tree": tree.sha, "parents": [head]},
    )
    moved = await forge.write(
        "PATCH",
        f"{git}/refs/heads/{wanted.branch}",
        dict[str, JsonValue],
        {"sha": commit.sha, "force": False},
    )
    return commit, moved


async def _existing(forge: Forge, wanted: _Writing, path: str) -> FileContent | None:
    try:
        return await forge.get(
            f"{wanted.path_prefix}/contents/{path}", FileContent, params={"ref": wanted.branch}
        )
    except GitHubError as error:
        if error.status != 404:
            raise
        return None


def _check_replaced(given: str | None, existing: FileContent | None, path: str) -> None:
    """Refuse to overwrite a file that the caller has not seen."""
    if existing is None:
        return
    if given is None:
        raise ToolFailed(
            f"{path!r} exists with SHA {existing.sha}; give that SHA to replace it, after reading it"
        )
    if given != existing.sha:
        raise ToolFailed(
            f"SHA mismatch: provided SHA {given} is stale. Current file SHA is {existing.sha}. "
            f"Read {path!r} again before you write it."
        )


def _entry(path: str, content: str) -> JsonObject:
    return {"path": path, "mode": _PLAIN_FILE, "type": "blob", "content": content}


def _written(written: FileContent | None, path: str) -> JsonObject:
    if written is None:
        return {"path": path}
    return {
        "name": PurePosixPath(path).name,
        "path": path,
        "sha": written.sha,
        "size": written.size,
        "html_url": written.html_url,
    }


def _made(commit: _GitCommit) -> JsonObject:
    return {
        "sha": commit.sha,
        "message": commit.message,
        "html_url": commit.html_url,
        "author": commit.author.document() if commit.author else None,
    }
