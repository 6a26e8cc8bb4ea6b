"""The GitHub adapter against a forge that speaks GitHub's REST and GraphQL over real repositories."""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman, NotFound, UpstreamUnavailable
from slipway.domain.evidence import ci_state
from tests.contract.outside import BRANCH, REPOSITORY, RunningForge, running_forge


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningForge]:
    with running_forge(Path(tmp_path_factory.mktemp("forge"))) as found:
        repository = found.person.get_repo(REPOSITORY)
        main = repository.get_branch("main").commit.sha
        repository.create_git_ref(f"refs/heads/{BRANCH}", main)
        repository.create_file("PLAN.md", "docs: plan", "# PLAN\n", branch=BRANCH)
        old = repository.get_contents("src/price.py", ref=BRANCH)
        assert not isinstance(old, list)
        repository.update_file(
            "src/price.py",
            "fix: two\n\nSlipway-Task: eng-1",
            "def price():\n    return 2\n",
            old.sha,
            branch=BRANCH,
        )
        repository.create_pull(base="main", head=BRANCH, title="Fix", body="", draft=True)
        yield found


def test_a_pull_request_is_seen_as_it_is(forge: RunningForge) -> None:
    repository = forge.person.get_repo(REPOSITORY)
    view = forge.port.pull_request(REPOSITORY, 1)
    assert (view.state, view.branch, view.base) == ("open", BRANCH, "main")
    assert view.head_sha == repository.get_branch(BRANCH).commit.sha
    assert view.base_sha == repository.get_branch("main").commit.sha
    assert view.url.endswith("/acme/pricing/pull/1")


def test_its_files_and_commits_are_listed(forge: RunningForge) -> None:
    files = {file.path: file.status for file in forge.port.changed_files(REPOSITORY, 1)}
    assert files == {"PLAN.md": "added", "src/price.py": "modified"}
    commits = forge.port.commits(REPOSITORY, 1)
    assert [commit.message.split("\n")[0] for commit in commits] == ["docs: plan", "fix: two"]
    assert {commit.author for commit in commits} == {"grace"}


def test_the_apps_own_commits_are_by_the_bot(forge: RunningForge) -> None:
    client, _ = forge.port._client(forge.secrets.github())  # the App's own way in
    repository = client.get_repo(REPOSITORY)
    repository.create_git_ref("refs/heads/bot", repository.get_branch("main").commit.sha)
    repository.create_file("note.txt", "docs: note", "x\n", branch="bot")
    number = repository.create_pull(base="main", head="bot", title="Note", body="", draft=True).number
    (commit,) = forge.port.commits(REPOSITORY, number)
    assert commit.author == forge.port.bot_login()


def test_files_are_read_at_a_ref(forge: RunningForge) -> None:
    port = forge.port
    assert port.file(REPOSITORY, "src/price.py", ref=BRANCH) == "def price():\n    return 2\n"
    assert port.file(REPOSITORY, "src/price.py", ref="main") == "def price():\n    return 1\n"
    assert port.file(REPOSITORY, "PLAN.md", ref="main") is None
    assert port.file(REPOSITORY, "src", ref="main") is None


def test_workflows_are_seen_where_they_are(forge: RunningForge) -> None:
    assert forge.port.has_workflows(REPOSITORY, ref="main")
    repository = forge.person.get_repo(REPOSITORY)
    repository.create_git_ref("refs/heads/bare", repository.get_branch("main").commit.sha)
    path = ".github/workflows/ci.yml"
    workflow = repository.get_contents(path, ref="main")
    assert not isinstance(workflow, list)
    repository.create_file(".github/workflows/README.md", "docs: none", "none\n", branch="bare")
    repository.delete_file(path, "ci: none", workflow.sha, branch="bare")
    assert not forge.port.has_workflows(REPOSITORY, ref="bare")


def test_checks_and_statuses_of_a_commit_are_one_list(forge: RunningForge) -> None:
    repository = forge.person.get_repo(REPOSITORY)
    sha = repository.get_branch("main").commit.sha
    repository.get_commit(sha).create_status("pending", context="outside")
    checks = {check.name: check.status for check in forge.port.checks(REPOSITORY, sha)}
    assert checks["outside"] == "in_progress"
    repository.get_commit(sha).create_status("failure", context="outside")
    outside = [check for check in forge.port.checks(REPOSITORY, sha) if check.name == "outside"]
    assert [check.conclusion for check in outside] == ["failure"]
    assert ci_state(tuple(outside)) == "failure"


def test_writers_are_told_from_readers_and_strangers(forge: RunningForge) -> None:
    assert forge.port.can_write(REPOSITORY, "grace")
    assert not forge.port.can_write(REPOSITORY, "mallory")
    assert not forge.port.can_write(REPOSITORY, "nobody-here")


def test_a_comment_with_the_same_marker_is_edited(forge: RunningForge) -> None:
    marker = "<!-- slipway:task=eng-1 -->"
    forge.port.comment(REPOSITORY, 1, "first", marker=marker)
    forge.port.comment(REPOSITORY, 1, "second", marker=marker)
    forge.port.comment(REPOSITORY, 1, "other", marker="<!-- other -->")
    bodies = [comment.body for comment in forge.person.get_repo(REPOSITORY).get_issue(1).get_comments()]
    assert bodies == [f"second\n\n{marker}", "other\n\n<!-- other -->"]


def test_a_draft_is_marked_ready_and_stays_ready(forge: RunningForge) -> None:
    forge.port.mark_ready(REPOSITORY, 1)
    forge.port.mark_ready(REPOSITORY, 1)
    assert not forge.port.pull_request(REPOSITORY, 1).draft


def test_an_archive_has_its_files_at_the_root(forge: RunningForge) -> None:
    sha, default = forge.port.snapshot_ref(REPOSITORY, BRANCH)
    assert (default, forge.port.snapshot_ref(REPOSITORY, None)[1]) == ("main", "main")
    with tarfile.open(fileobj=io.BytesIO(forge.port.archive(REPOSITORY, sha)), mode="r:gz") as archive:
        assert "src/price.py" in archive.getnames()
        member = archive.extractfile("src/price.py")
        assert member is not None
        assert member.read() == b"def price():\n    return 2\n"


def test_what_is_not_there_is_not_found(forge: RunningForge) -> None:
    for missing in (
        lambda: forge.port.pull_request(REPOSITORY, 99),
        lambda: forge.port.pull_request("acme/none", 1),
        lambda: forge.port.snapshot_ref("acme/none", None),
    ):
        with pytest.raises(NotFound):
            missing()


def test_a_large_file_is_read_whole(forge: RunningForge) -> None:
    repository = forge.person.get_repo(REPOSITORY)
    text = "x" * 1_200_000
    blob = repository.create_git_blob(base64.b64encode(text.encode()).decode(), "base64")
    from github import InputGitTreeElement

    head = repository.get_git_commit(repository.get_branch("main").commit.sha)
    tree = repository.create_git_tree(
        [InputGitTreeElement("big.txt", "100644", "blob", sha=blob.sha)], head.tree
    )
    commit = repository.create_git_commit("big", tree, [head])
    assert forge.port.file(REPOSITORY, "big.txt", ref=commit.sha) == text


def test_refused_credentials_need_a_person_and_silence_is_retryable(
    forge: RunningForge,
) -> None:
    from slipway.adapters.github.forge import GitHubForge
    from slipway.adapters.memory.secrets import MemorySecrets

    connection = forge.secrets.github()
    wrong = connection.model_copy(update={"app_id": "999999"})
    silent = connection.model_copy(update={"api_url": "http://127.0.0.1:9/api/v3"})
    for changed, error in ((wrong, (NeedsHuman, NotFound)), (silent, UpstreamUnavailable)):
        with (
            closing(GitHubForge(secrets=MemorySecrets(github_connection=changed))) as port,
            pytest.raises(error),
        ):
            port.pull_request(REPOSITORY, 1)
