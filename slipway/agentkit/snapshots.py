"""Repositories as they are at one commit, read whole through the gateway's `repositories` target."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel, ValidationError

from slipway.agentkit.gateway import Gateway
from slipway.domain.errors import NeedsHuman, NotFound, UpstreamUnavailable
from slipway.domain.plan import PLAN_FILE
from slipway.ports.artifacts import Artifacts

TOOL = "repositories___snapshot"
MAX_FILES = 40_000
MAX_TOTAL_BYTES = 400_000_000
MAX_TEXT_BYTES = 1_000_000
READ_AT_ONCE = 6


@dataclass(frozen=True)
class Snapshot:
    """One repository at one commit; links and oversized repositories are not followed."""

    repository: str
    sha: str
    default_branch: str
    files: Mapping[str, bytes]

    @cached_property
    def tree(self) -> dict[str, str]:
        """Every text file by its path; the plan that an earlier step put there is not the repository's."""
        return {
            path: text
            for path, body in self.files.items()
            if path != PLAN_FILE and (text := _text(body)) is not None
        }


class _Stored(BaseModel, extra="ignore"):
    key: str
    sha: str
    default_branch: str


@dataclass(kw_only=True)
class Snapshots:
    """Reads each commit once per run."""

    gateway: Gateway
    artifacts: Artifacts
    _read: dict[tuple[str, str], Snapshot] = field(default_factory=dict)

    def at(self, repository: str, ref: str | None = None) -> Snapshot:
        """The tree at a branch or commit; None means the default branch."""
        arguments = {"repository": repository, **({"ref": ref} if ref else {})}
        try:
            stored = _Stored.model_validate(self.gateway.call(TOOL, arguments).data())
        except ValidationError as error:
            raise UpstreamUnavailable(
                f"{TOOL} answered for {repository} without key, sha or default branch"
            ) from error
        known = self._read.get((repository, stored.sha))
        if known is None:
            known = Snapshot(
                repository=repository,
                sha=stored.sha,
                default_branch=stored.default_branch,
                files=_unpack(self.artifacts.get(stored.key), repository=repository),
            )
            self._read[repository, stored.sha] = known
        return known

    def at_or_default(self, repository: str, branch: str) -> Snapshot:
        """The tree at a branch when the repository has it, else at its default branch."""
        try:
            return self.at(repository, branch)
        except NotFound:
            return self.at(repository)

    def all(self, repositories: Iterable[str]) -> tuple[Snapshot, ...]:
        """The default branches of several repositories, read side by side."""
        with ThreadPoolExecutor(max_workers=READ_AT_ONCE) as pool:
            return tuple(pool.map(self.at, repositories))


def _unpack(archive: bytes, *, repository: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar:
            path = member.name.removeprefix("./")
            if not member.isfile() or path.startswith("/") or ".." in path.split("/"):
                continue
            total += member.size
            if len(files) >= MAX_FILES or total > MAX_TOTAL_BYTES:
                raise NeedsHuman(
                    f"{repository} has more than {MAX_FILES} files or {MAX_TOTAL_BYTES // 1_000_000} MB, "
                    f"which is more than an agent reads; a person must do this ticket"
                )
            body = tar.extractfile(member)
            if body is not None:
                files[path] = body.read()
    return files


def _text(body: bytes) -> str | None:
    if len(body) > MAX_TEXT_BYTES or b"\0" in body[:8192]:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None
