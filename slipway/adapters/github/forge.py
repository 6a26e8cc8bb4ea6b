"""GitHub (or a server of its kind) as one GitHub App installation sees it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from github import Auth, Github, UnknownObjectException
from github.ContentFile import ContentFile
from github.PaginatedList import PaginatedList
from github.PullRequest import PullRequest
from github.Repository import Repository
from urllib3.util import Retry

from slipway.adapters.github import archive
from slipway.adapters.github.checks import checks_of
from slipway.adapters.github.failures import mapped
from slipway.adapters.outgoing import screened
from slipway.domain.connections import GitHubConnection
from slipway.domain.evidence import CheckConclusion
from slipway.ports.forge import ChangedFile, CommitView, MergedPullRequest, PullRequestView
from slipway.ports.secrets import Secrets

TIMEOUT_SECONDS = 15
_WRITERS = {"admin", "write"}
_STATUSES: dict[str, Literal["added", "modified", "removed", "renamed"]] = {
    "added": "added",
    "copied": "added",
    "removed": "removed",
    "renamed": "renamed",
}


@dataclass(frozen=True, kw_only=True)
class GitHubForge:
    """Installation tokens are short-lived and renewed by the client."""

    secrets: Secrets
    _clients: dict[GitHubConnection, tuple[Github, Auth.AppInstallationAuth]] = field(
        default_factory=dict, repr=False
    )

    def bot_login(self) -> str:
        """Who commits for us."""
        return self.secrets.github().bot_login

    def pull_request(self, repository: str, number: int) -> PullRequestView:
        """As it is now; `base_sha` is where the branch left its base."""
        with mapped(f"reading pull request {repository}#{number}"):
            repo = self._repository(repository)
            pull = repo.get_pull(number)
            fork_point = repo.compare(pull.base.ref, pull.head.sha).merge_base_commit.sha
            return PullRequestView(
                repository=repository,
                number=number,
                state="merged" if pull.merged else "open" if pull.state == "open" else "closed",
                draft=pull.draft,
                head_sha=pull.head.sha,
                branch=pull.head.ref,
                base=pull.base.ref,
                base_sha=fork_point,
                url=pull.html_url,
            )

    def changed_files(self, repository: str, number: int) -> Sequence[ChangedFile]:
        """Every file of the diff, all pages."""
        with mapped(f"reading the files of {repository}#{number}"):
            return [
                ChangedFile(
                    path=file.filename,
                    status=_STATUSES.get(file.status, "modified"),
                    previous_path=file.previous_filename or None,
                    additions=file.additions,
                    deletions=file.deletions,
                )
                for file in self._pull(repository, number).get_files()
            ]

    def commits(self, repository: str, number: int) -> Sequence[CommitView]:
        """Oldest first."""
        with mapped(f"reading the commits of {repository}#{number}"):
            return [
                CommitView(
                    sha=commit.sha,
                    message=commit.commit.message,
                    author=commit.author.login if commit.author else commit.commit.author.name,
                )
                for commit in self._pull(repository, number).get_commits()
            ]

    def file(self, repository: str, path: str, *, ref: str) -> str | None:
        """Text of a file at a ref; None when it is not there."""
        with mapped(f"reading {path} of {repository} at {ref}"):
            repo = self._repository(repository)
            try:
                found = repo.get_contents(path, ref=ref)
            except UnknownObjectException:
                return None
            if not isinstance(found, ContentFile) or found.type != "file":
                return None
            if found.encoding == "none":
                # Above 1 MB the contents API leaves the content out; the blob has it.
                packed = repo.get_git_blob(found.sha).content
                return base64.b64decode(packed).decode("utf-8", "replace")
            return found.decoded_content.decode("utf-8", "replace")

    def checks(self, repository: str, sha: str) -> tuple[CheckConclusion, ...]:
        """Check runs, unfinished suites and commit statuses of exactly this commit."""
        with mapped(f"reading the checks of {repository} at {sha[:12]}"):
            return checks_of(self._repository(repository).get_commit(sha))

    def has_workflows(self, repository: str, *, ref: str) -> bool:
        """Whether any workflow file exists at the ref."""
        with mapped(f"looking for workflows of {repository}"):
            try:
                found = self._repository(repository).get_contents(".github/workflows", ref=ref)
            except UnknownObjectException:
                return False
            return isinstance(found, list) and any(one.name.endswith((".yml", ".yaml")) for one in found)

    def can_write(self, repository: str, login: str) -> bool:
        """Whether this person may write to the repository."""
        with mapped(f"reading {login}'s permission on {repository}"):
            try:
                return self._repository(repository).get_collaborator_permission(login) in _WRITERS
            except UnknownObjectException:
                return False

    @screened
    def comment(self, repository: str, number: int, body: str, *, marker: str) -> None:
        """Write our comment that carries `marker`, or edit it when it exists."""
        text = f"{body}\n\n{marker}"
        with mapped(f"commenting on {repository}#{number}"):
            issue = self._repository(repository).get_issue(number)
            for comment in issue.get_comments():
                if marker in comment.body and comment.user.login == self.bot_login():
                    if comment.body != text:
                        comment.edit(text)
                    return
            issue.create_comment(text)

    def mark_ready(self, repository: str, number: int) -> None:
        """Take the pull request out of draft; fine when it is."""
        with mapped(f"marking {repository}#{number} ready for review"):
            pull = self._pull(repository, number)
            if pull.draft:
                pull.mark_ready_for_review()

    def snapshot_ref(self, repository: str, ref: str | None) -> tuple[str, str]:
        """The commit SHA of a branch, tag or SHA, and the default branch."""
        with mapped(f"reading {ref or 'the default branch'} of {repository}"):
            repo = self._repository(repository)
            default = repo.default_branch
            commit = repo.get_commit(ref or default)
            # The client is lazy, and a lazy commit believes the ref to be its SHA.
            commit.complete()
            return commit.sha, default

    def archive(self, repository: str, sha: str) -> bytes:
        """The tree at a commit, files at the archive's root."""
        connection = self.secrets.github()
        with mapped(f"downloading {repository} at {sha[:12]}"):
            _, auth = self._client(connection)
            url = f"{connection.api_url.rstrip('/')}/repos/{repository}/tarball/{sha}"
            return archive.without_top_folder(archive.download(url, auth.token))

    def repositories(self) -> Sequence[str]:
        """Every repository of the installation that is not archived."""
        with mapped("listing the repositories of the GitHub App"):
            client, _ = self._client(self.secrets.github())
            listed = PaginatedList(
                Repository, client.requester, "/installation/repositories", list_item="repositories"
            )
            return sorted(repository.full_name for repository in listed if not repository.archived)

    def web_url(self, repository: str) -> str:
        """Where a person reads the repository."""
        with mapped(f"reading repository {repository}"):
            return self._repository(repository).html_url

    def merged_pull_requests(self, repository: str, *, limit: int) -> Sequence[MergedPullRequest]:
        """From the list alone: a pull request that was merged has a time of merging there."""
        with mapped(f"listing the merged pull requests of {repository}"):
            closed = self._repository(repository).get_pulls(state="closed", sort="created", direction="desc")
            merged = (pull for pull in closed if pull.merged_at is not None)
            return [
                MergedPullRequest(
                    repository=repository,
                    number=pull.number,
                    title=pull.title,
                    body=pull.body or "",
                    merge_sha=pull.merge_commit_sha or pull.head.sha,
                    url=pull.html_url,
                )
                for pull in islice(merged, limit)
            ]

    def close(self) -> None:
        """Give the connections back; a later call opens them again."""
        for client, _ in self._clients.values():
            client.close()
        self._clients.clear()

    def _pull(self, repository: str, number: int) -> PullRequest:
        return self._repository(repository).get_pull(number)

    def _repository(self, repository: str) -> Repository:
        client, _ = self._client(self.secrets.github())
        return client.get_repo(repository)

    def _client(self, connection: GitHubConnection) -> tuple[Github, Auth.AppInstallationAuth]:
        if connection not in self._clients:
            app = Auth.AppAuth(connection.app_id, connection.private_key.get_secret_value())
            auth = app.get_installation_auth(int(connection.installation_id))
            # Waiting is the workflow's work: a call either answers quickly or fails as Retryable.
            client = Github(
                auth=auth,
                base_url=connection.api_url.rstrip("/"),
                timeout=TIMEOUT_SECONDS,
                per_page=100,
                retry=Retry(total=2, status_forcelist=[502, 503, 504], backoff_factor=0.3),
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
            self.close()
            self._clients[connection] = client, auth
        return self._clients[connection]
