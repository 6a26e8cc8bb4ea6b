"""A forge in memory: branches are commits, commits are whole trees."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from slipway.adapters.outgoing import screened
from slipway.domain.errors import NotFound
from slipway.domain.evidence import CheckConclusion
from slipway.ports.forge import ChangedFile, CommitView, MergedPullRequest, PullRequestView


@dataclass(frozen=True, kw_only=True)
class MemoryCommit:
    """A commit is its tree, its parent and its words."""

    sha: str
    parent: str | None
    tree: Mapping[str, str]
    message: str
    author: str


@dataclass(frozen=True, kw_only=True)
class MemoryForge:
    """Filled by `commit` and `open_pull_request`; read through the port."""

    bot: str = "slipway[bot]"
    commits_by_sha: dict[str, MemoryCommit] = field(default_factory=dict)
    branches: dict[tuple[str, str], str] = field(default_factory=dict)
    pulls: dict[tuple[str, int], PullRequestView] = field(default_factory=dict)
    checks_by_sha: dict[str, tuple[CheckConclusion, ...]] = field(default_factory=dict)
    comments: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    merged: dict[str, list[MergedPullRequest]] = field(default_factory=dict)

    def commit(
        self,
        repository: str,
        branch: str,
        changes: Mapping[str, str | None],
        *,
        message: str,
        author: str = "someone",
        base: str = "main",
    ) -> str:
        """Commit on a branch, which begins at `base` when it is new; None deletes a file."""
        parent = self.branches.get((repository, branch)) or self.branches.get((repository, base))
        tree = dict(self.commits_by_sha[parent].tree) if parent else {}
        for path, text in changes.items():
            if text is None:
                tree.pop(path)
            else:
                tree[path] = text
        identity = repr((repository, parent, sorted(tree.items()), message, author))
        sha = hashlib.sha1(identity.encode(), usedforsecurity=False).hexdigest()
        self.commits_by_sha[sha] = MemoryCommit(
            sha=sha, parent=parent, tree=tree, message=message, author=author
        )
        self.branches[repository, branch] = sha
        for key, view in self.pulls.items():
            if view.repository == repository and view.branch == branch:
                self.pulls[key] = replace(view, head_sha=sha)
        return sha

    def open_pull_request(self, repository: str, branch: str, *, base: str = "main") -> PullRequestView:
        """A draft pull request of the branch."""
        number = 1 + sum(1 for name, _ in self.pulls if name == repository)
        view = PullRequestView(
            repository=repository,
            number=number,
            state="open",
            draft=True,
            head_sha=self.branches[repository, branch],
            branch=branch,
            base=base,
            base_sha=self.branches[repository, base],
            url=f"https://forge.test/{repository}/pull/{number}",
        )
        self.pulls[repository, number] = view
        return view

    def merge(self, repository: str, number: int, *, title: str, body: str = "") -> MergedPullRequest:
        """Merge a pull request under a title; its branch becomes the base's head."""
        view = self.pull_request(repository, number)
        self.branches[repository, view.base] = view.head_sha
        self.pulls[repository, number] = replace(view, state="merged", draft=False)
        merged = MergedPullRequest(
            repository=repository,
            number=number,
            title=title,
            body=body,
            merge_sha=view.head_sha,
            url=view.url,
        )
        self.merged.setdefault(repository, []).append(merged)
        return merged

    def bot_login(self) -> str:
        """Who commits for us."""
        return self.bot

    def pull_request(self, repository: str, number: int) -> PullRequestView:
        """The pull request as it is now."""
        if (repository, number) not in self.pulls:
            raise NotFound(f"pull request {repository}#{number} does not exist")
        return self.pulls[repository, number]

    def changed_files(self, repository: str, number: int) -> Sequence[ChangedFile]:
        """Tree of the head against tree of the base."""
        view = self.pull_request(repository, number)
        old = self.commits_by_sha[view.base_sha].tree
        new = self.commits_by_sha[view.head_sha].tree
        found = [ChangedFile(path=path, status="removed") for path in old if path not in new]
        found += [ChangedFile(path=path, status="added") for path in new if path not in old]
        found += [
            ChangedFile(path=path, status="modified")
            for path in new
            if path in old and old[path] != new[path]
        ]
        return sorted(found, key=lambda file: file.path)

    def commits(self, repository: str, number: int) -> Sequence[CommitView]:
        """Oldest first, from the base to the head."""
        view = self.pull_request(repository, number)
        found: list[CommitView] = []
        sha: str | None = view.head_sha
        while sha and sha != view.base_sha:
            commit = self.commits_by_sha[sha]
            found.append(CommitView(sha=sha, message=commit.message, author=commit.author))
            sha = commit.parent
        return found[::-1]

    def file(self, repository: str, path: str, *, ref: str) -> str | None:
        """Text of a file at a ref."""
        return self._tree(repository, ref).get(path)

    def checks(self, repository: str, sha: str) -> tuple[CheckConclusion, ...]:
        """Checks set for this commit."""
        del repository
        return self.checks_by_sha.get(sha, ())

    def has_workflows(self, repository: str, *, ref: str) -> bool:
        """Whether the tree has workflow files."""
        return any(
            path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml"))
            for path in self._tree(repository, ref)
        )

    def can_write(self, repository: str, login: str) -> bool:
        """Whether the login is among the writers."""
        del repository
        return login in self.writers

    @screened
    def comment(self, repository: str, number: int, body: str, *, marker: str) -> None:
        """Write or edit our comment."""
        self.comments.setdefault((repository, number), {})[marker] = body

    def mark_ready(self, repository: str, number: int) -> None:
        """Out of draft."""
        self.pulls[repository, number] = replace(self.pull_request(repository, number), draft=False)

    def snapshot_ref(self, repository: str, ref: str | None) -> tuple[str, str]:
        """The commit of a ref and the default branch."""
        return self._sha(repository, ref or "main"), "main"

    def archive(self, repository: str, sha: str) -> bytes:
        """The tree as tar.gz."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for path, text in sorted(self._tree(repository, sha).items()):
                member = tarfile.TarInfo(path)
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
        return buffer.getvalue()

    def repositories(self) -> Sequence[str]:
        """Every repository that was committed to."""
        return sorted({repository for repository, _ in self.branches})

    def web_url(self, repository: str) -> str:
        """An address that nothing answers."""
        return f"https://forge.test/{repository}"

    def merged_pull_requests(self, repository: str, *, limit: int) -> Sequence[MergedPullRequest]:
        """Newest first."""
        return self.merged.get(repository, [])[::-1][:limit]

    def _sha(self, repository: str, ref: str) -> str:
        sha = self.branches.get((repository, ref), ref)
        if sha not in self.commits_by_sha:
            raise NotFound(f"{repository} has no ref {ref}")
        return sha

    def _tree(self, repository: str, ref: str) -> Mapping[str, str]:
        return self.commits_by_sha[self._sha(repository, ref)].tree
