"""get_repository_tree and get_file_contents."""

from __future__ import annotations

import base64
import mimetypes
from typing import TYPE_CHECKING, Any, Final, Literal

import mcp.types as mcp_types
from pydantic import BaseModel, Field, JsonValue

from local.gateway.github.arguments import RepositoryArguments
from local.gateway.github.client import GitHubError
from local.gateway.tools import Result, Tool, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.double import JsonObject
    from local.gateway.github.client import Forge

EntryField = Literal["type", "name", "path", "size", "sha", "url", "git_url", "html_url", "download_url"]
_ENTRY_FIELDS: Final = ("type", "size", "name", "path", "sha", "url", "git_url", "html_url", "download_url")


class GetRepositoryTree(RepositoryArguments):
    """Arguments of get_repository_tree."""

    tree_sha: str | None = Field(
        default=None,
        description="The SHA or ref (branch or tag) of the tree. Defaults to the default branch",
    )
    recursive: bool = Field(default=False, description="Also return what is inside the subtrees")
    path_filter: str | None = Field(
        default=None, description="Path prefix to filter the tree by (e.g. 'src/')"
    )


class GetFileContents(RepositoryArguments):
    """Arguments of get_file_contents."""

    path: str = Field(default="/", description="Path to file/directory")
    ref: str | None = Field(
        default=None,
        description="A git ref such as refs/heads/{branch}, refs/tags/{tag} or refs/pull/{number}/head",
    )
    sha: str | None = Field(default=None, description="A commit SHA; used instead of ref when given")
    fields: list[EntryField] | None = Field(
        default=None, description="Only these fields of each entry of a directory"
    )


class RepositoryDocument(BaseModel):
    """What is needed of a repository's own document."""

    default_branch: str


class TreeEntry(BaseModel):
    """An entry of a tree."""

    path: str
    type: str
    mode: str
    sha: str
    size: int | None = None
    url: str | None = None


class Tree(BaseModel):
    """A tree."""

    sha: str
    truncated: bool = False
    tree: list[TreeEntry]


class GitObject(BaseModel):
    """What a ref points to."""

    sha: str
    type: str = "commit"


class Reference(BaseModel):
    """A ref."""

    ref: str
    object: GitObject


class FileContent(BaseModel):
    """A file of the contents API."""

    type: str
    name: str
    path: str
    sha: str
    size: int
    html_url: str | None = None
    encoding: str = ""
    content: str = ""


class Blob(BaseModel):
    """A blob of the Git data API."""

    content: str
    encoding: str


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools that read a repository's files."""

    async def get_repository_tree(wanted: GetRepositoryTree) -> JsonValue:
        reference = wanted.tree_sha or await default_branch(forge, wanted)
        params = {"recursive": "1" if wanted.recursive else None}
        tree = await forge.get(f"{wanted.path_prefix}/git/trees/{reference}", Tree, params=params)
        entries = [entry for entry in tree.tree if entry.path.startswith(wanted.path_filter or "")]
        return {
            "sha": tree.sha,
            "truncated": tree.truncated,
            "tree": [entry.model_dump(exclude_none=True) for entry in entries],
            "tree_sha": reference,
            "owner": wanted.owner,
            "repo": wanted.repo,
            "recursive": wanted.recursive,
            "count": len(entries),
        }

    async def get_file_contents(wanted: GetFileContents) -> Result | JsonValue:
        commit = await _commit(forge, wanted)
        path = wanted.path.strip("/")
        try:
            found = await forge.json(f"{wanted.path_prefix}/contents/{path}", params={"ref": commit})
        except GitHubError as error:
            if error.status != 404:
                raise
            raise ToolFailed(
                f"Failed to get file contents: {path!r} is neither a file nor a directory of "
                f"{wanted.owner}/{wanted.repo} at {commit}; get_repository_tree lists the paths that exist"
            ) from error
        if isinstance(found, list):
            return [_listed(entry, wanted.fields or _ENTRY_FIELDS) for entry in found]
        file = FileContent.model_validate(found)
        return _file(wanted, commit, file, await _bytes(forge, wanted, file))

    return [
        Tool(
            "get_repository_tree",
            "Get the tree structure (files and directories) of a GitHub repository at a specific ref or SHA",
            GetRepositoryTree,
            get_repository_tree,
        ),
        Tool(
            "get_file_contents",
            "Get the contents of a file or directory from a GitHub repository",
            GetFileContents,
            get_file_contents,
        ),
    ]


async def default_branch(forge: Forge, wanted: RepositoryArguments) -> str:
    """Return the name of a repository's default branch."""
    return (await forge.get(wanted.path_prefix, RepositoryDocument)).default_branch


async def branch_head(forge: Forge, wanted: RepositoryArguments, branch: str) -> str:
    """Return the commit that a branch points to."""
    found = await forge.get(f"{wanted.path_prefix}/git/ref/heads/{branch}", Reference)
    return found.object.sha


async def _commit(forge: Forge, wanted: GetFileContents) -> str:
    """Return the commit to read from: the address in the answer must not move with a branch."""
    if wanted.sha:
        return wanted.sha
    reference = wanted.ref or await default_branch(forge, wanted)
    if not reference.startswith("refs/"):
        reference = f"refs/heads/{reference}"
    path = f"{wanted.path_prefix}/git/ref/{reference.removeprefix('refs/')}"
    try:
        return (await forge.get(path, Reference)).object.sha
    except GitHubError as error:
        if error.status != 404 or wanted.ref is None or wanted.ref.startswith("refs/"):
            raise
        # A bare name may be a tag, or the SHA of a commit, as with git itself.
        return wanted.ref


def _listed(entry: JsonValue, names: Sequence[str]) -> JsonObject:
    """Return a directory's entry with the named fields that it has."""
    if not isinstance(entry, dict):
        raise ToolFailed(f"GitHub listed something that is no file: {entry!r}")
    return {name: entry[name] for name in names if entry.get(name) is not None}


async def _bytes(forge: Forge, wanted: GetFileContents, found: FileContent) -> bytes:
    if found.encoding == "base64":
        return base64.b64decode(found.content)
    # The contents API leaves files over one megabyte out.
    blob = await forge.get(f"{wanted.path_prefix}/git/blobs/{found.sha}", Blob)
    return base64.b64decode(blob.content) if blob.encoding == "base64" else blob.content.encode()


def _file(wanted: GetFileContents, commit: str, found: FileContent, content: bytes) -> Result:
    uri = f"repo://{wanted.owner}/{wanted.repo}/sha/{commit}/contents/{found.path}"
    kind, resource = _resource(uri, found.path, content)
    note = f"successfully downloaded {kind} file (SHA: {found.sha})"
    return Result(
        content=[
            mcp_types.TextContent(type="text", text=note),
            mcp_types.EmbeddedResource(type="resource", resource=resource),
        ]
    )


def _resource(
    uri: str, path: str, content: bytes
) -> tuple[str, mcp_types.TextResourceContents | mcp_types.BlobResourceContents]:
    guessed = mimetypes.guess_type(path)[0]
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "binary", mcp_types.BlobResourceContents(
            uri=uri,
            mime_type=guessed or "application/octet-stream",
            blob=base64.b64encode(content).decode(),
        )
    mime_type = guessed if guessed and not guessed.startswith("text/") else "text/plain; charset=utf-8"
    return "text", mcp_types.TextResourceContents(uri=uri, mime_type=mime_type, text=text)
