"""The forge's official tools as typed functions: branches, commits and pull requests of one organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from slipway.agentkit.gateway import Gateway, Reply
from slipway.domain.errors import NotFound, UpstreamUnavailable

PAGE = 100
T = TypeVar("T")
_BLOB = re.compile(r"SHA: ([0-9a-f]{40})")
_PULL_NUMBER = re.compile(r"/pulls?/(\d+)")


class _Ref(BaseModel):
    ref: str = ""
    sha: str = ""


class _Words(BaseModel):
    message: str = ""


class BranchCommit(BaseModel):
    """One commit of a branch."""

    sha: str
    words: _Words = Field(default_factory=_Words, alias="commit")

    @property
    def message(self) -> str:
        """The whole message with its trailers."""
        return self.words.message


class OpenPull(BaseModel):
    """One open pull request."""

    number: int
    url: str = Field(alias="html_url")
    head: _Ref
    base: _Ref
    draft: bool = False


@dataclass(frozen=True)
class WrittenFile:
    """A text file as a branch has it, with the SHA of its blob."""

    sha: str
    text: str


class _Target(BaseModel):
    sha: str


class _Pushed(BaseModel):
    target: _Target = Field(alias="object")


class _Written(BaseModel):
    commit: _Target


class _Created(BaseModel):
    url: str


@dataclass(frozen=True)
class ForgeTools:
    """Calls `github___*`; repositories are `owner/name`."""

    gateway: Gateway

    def create_branch(self, repository: str, branch: str, *, from_branch: str) -> None:
        """Create a branch; the forge refuses when it is there."""
        self._call("create_branch", repository, branch=branch, from_branch=from_branch)

    def commits(self, repository: str, branch: str) -> tuple[BranchCommit, ...]:
        """The newest commits of a branch, newest first; NotFound when the branch is not there."""
        reply = self._call("list_commits", repository, sha=branch, perPage=PAGE)
        return tuple(_read(reply, TypeAdapter(list[BranchCommit]), tool="list_commits"))

    def head(self, repository: str, branch: str) -> str:
        """The commit that a branch points at."""
        found = self.commits(repository, branch)
        if not found:
            raise NotFound(f"branch {branch} of {repository} has no commits")
        return found[0].sha

    def push(self, repository: str, branch: str, *, files: Mapping[str, str], message: str) -> str:
        """One commit with these files in full; the new head."""
        listed: list[JsonValue] = [{"path": path, "content": text} for path, text in sorted(files.items())]
        reply = self._call("push_files", repository, branch=branch, files=listed, message=message)
        return _read(reply, TypeAdapter(_Pushed), tool="push_files").target.sha

    def delete(self, repository: str, branch: str, *, path: str, message: str) -> str:
        """One commit that deletes a file; the new head."""
        reply = self._call("delete_file", repository, branch=branch, path=path, message=message)
        try:
            return _read(reply, TypeAdapter(_Written), tool="delete_file").commit.sha
        except UpstreamUnavailable:
            return self.head(repository, branch)

    def file(self, repository: str, path: str, *, branch: str) -> WrittenFile | None:
        """A text file on a branch; None when it is not there."""
        try:
            reply = self._call("get_file_contents", repository, path=path, ref=f"refs/heads/{branch}")
        except NotFound:
            return None
        found = _BLOB.search(reply.parts[0]) if len(reply.parts) > 1 else None
        if found is None:
            raise UpstreamUnavailable(f"get_file_contents answered without the text or the SHA of {path}")
        return WrittenFile(sha=found[1], text=reply.parts[1])

    def write_file(
        self, repository: str, path: str, *, branch: str, content: str, message: str, replaces: str | None
    ) -> str:
        """One commit with one file; `replaces` is the blob it replaces; the new head."""
        more: dict[str, JsonValue] = {"sha": replaces} if replaces else {}
        reply = self._call(
            "create_or_update_file",
            repository,
            path=path,
            branch=branch,
            content=content,
            message=message,
            **more,
        )
        return _read(reply, TypeAdapter(_Written), tool="create_or_update_file").commit.sha

    def open_pull(self, repository: str, branch: str) -> OpenPull | None:
        """The open pull request of a branch."""
        owner = repository.partition("/")[0]
        reply = self._call("list_pull_requests", repository, head=f"{owner}:{branch}", state="open")
        pulls: Sequence[OpenPull] = _read(reply, TypeAdapter(list[OpenPull]), tool="list_pull_requests")
        return next((pull for pull in pulls if pull.head.ref == branch), None)

    def create_draft_pull(
        self, repository: str, *, title: str, head: str, base: str, body: str
    ) -> tuple[int, str]:
        """Open a draft pull request; its number and URL."""
        reply = self._call(
            "create_pull_request", repository, title=title, head=head, base=base, body=body, draft=True
        )
        url = _read(reply, TypeAdapter(_Created), tool="create_pull_request").url
        found = _PULL_NUMBER.search(url)
        if found is None:
            raise UpstreamUnavailable(f"create_pull_request answered with an unexpected URL: {url}")
        return int(found[1]), url

    def _call(self, tool: str, repository: str, **arguments: JsonValue) -> Reply:
        owner, _, name = repository.partition("/")
        return self.gateway.call(f"github___{tool}", {"owner": owner, "repo": name, **arguments})


def _read(reply: Reply, adapter: TypeAdapter[T], *, tool: str) -> T:
    try:
        return adapter.validate_python(reply.data())
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors()[:5])
        raise UpstreamUnavailable(f"{tool} answered without {fields}") from error
