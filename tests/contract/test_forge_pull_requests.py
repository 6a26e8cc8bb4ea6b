"""A change's whole way through the forge, by PyGithub and by git itself."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from github import GithubException, InputGitTreeElement
from github.PullRequest import PullRequest
from github.Repository import Repository

from tests.unit.local.forge.forge_world import World, a_forge, commit_on_branch, git

FILES = {"src/price.py": "PRICE = 1\n", "old.txt": "old\n", "README.md": "# Prices\n"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


def imported(world: World, name: str) -> Repository:
    world.import_files(name, FILES)
    return world.app_client().get_repo(name)


def opened(remote: Repository, branch: str, *, draft: bool) -> PullRequest:
    commit_on_branch(remote, branch, "new.py", "NEW = 1\n")
    return remote.create_pull(base="main", head=branch, title="Add new", body="Because.", draft=draft)


def test_one_commit_is_built_from_blobs_and_trees(world: World) -> None:
    remote = imported(world, "acme/objects")
    base = remote.get_git_commit(remote.get_branch("main").commit.sha)
    blob = remote.create_git_blob("PRICE = 2\n", "utf-8")
    tree = remote.create_git_tree(
        [
            InputGitTreeElement("src/price.py", "100644", "blob", sha=blob.sha),
            InputGitTreeElement("tests/test_price.py", "100644", "blob", content="assert True\n"),
            InputGitTreeElement("old.txt", "100644", "blob", sha=None),
        ],
        base_tree=base.tree,
    )
    commit = remote.create_git_commit("fix: raise\n\nSlipway-Task: t-1", tree, [base])
    remote.create_git_ref("refs/heads/feature/raise", base.sha).edit(commit.sha)
    files = {entry.path for entry in remote.get_git_tree("feature/raise", recursive=True).tree}
    assert files == {"README.md", "src", "src/price.py", "tests", "tests/test_price.py"}
    difference = remote.compare("main", "feature/raise")
    assert (difference.status, difference.ahead_by) == ("ahead", 1)
    assert {file.filename: file.status for file in difference.files} == {
        "src/price.py": "modified",
        "tests/test_price.py": "added",
        "old.txt": "removed",
    }
    assert remote.get_commit(commit.sha).commit.message.endswith("Slipway-Task: t-1")


def test_a_branch_moves_forward_only_unless_forced(world: World) -> None:
    remote = imported(world, "acme/forward")
    first = remote.get_branch("main").commit.sha
    commit_on_branch(remote, "side", "x.py", "")
    with pytest.raises(GithubException, match="not a fast forward"):
        remote.get_git_ref("heads/side").edit(first)
    remote.get_git_ref("heads/side").edit(first, force=True)
    assert remote.get_branch("side").commit.sha == first


def test_a_file_is_written_only_over_the_version_that_was_read(world: World) -> None:
    remote = imported(world, "acme/files")
    commit_on_branch(remote, "side", "x.py", "one\n")
    with pytest.raises(GithubException) as conflict:
        remote.update_file("x.py", "m", "two\n", "0" * 40, branch="side")
    assert conflict.value.status == 409
    read = remote.get_contents("x.py", ref="side")
    assert not isinstance(read, list)
    remote.update_file("x.py", "m", "two\n", read.sha, branch="side")
    listed = remote.get_contents("", ref="side")
    assert isinstance(listed, list)
    assert [entry.path for entry in listed] == ["README.md", "old.txt", "src", "x.py"]


def test_a_draft_becomes_ready_and_only_then_merges(world: World) -> None:
    remote = imported(world, "acme/draft")
    pull = opened(remote, "feature/new", draft=True)
    assert (pull.draft, pull.mergeable, pull.changed_files, pull.commits) == (True, True, 1, 1)
    with pytest.raises(GithubException) as refused:
        pull.merge()
    assert refused.value.status == 405
    pull.mark_ready_for_review()
    pull.update()
    assert not pull.draft
    assert pull.merge(merge_method="squash").merged
    pull.update()
    assert (pull.merged, pull.state) == (True, "closed")
    assert remote.get_branch("main").commit.commit.message.startswith("Add new (#1)")


def test_a_pull_request_without_a_change_or_opened_twice_is_refused(world: World) -> None:
    remote = imported(world, "acme/refused")
    remote.create_git_ref("refs/heads/empty", remote.get_branch("main").commit.sha)
    with pytest.raises(GithubException, match="No commits between main and empty"):
        remote.create_pull(base="main", head="empty", title="Nothing", body="")
    opened(remote, "feature/new", draft=False)
    with pytest.raises(GithubException, match="already exists"):
        remote.create_pull(base="main", head="feature/new", title="Again", body="")


def test_a_conflict_is_seen_before_merging(world: World) -> None:
    remote = imported(world, "acme/conflict")
    admin = world.client(world.token).get_repo("acme/conflict")
    commit_on_branch(remote, "ours", "same.py", "ours\n")
    commit_on_branch(admin, "main-change", "same.py", "theirs\n")
    pull = remote.create_pull(base="main", head="ours", title="Ours", body="")
    admin.create_pull(base="main", head="main-change", title="Theirs", body="").merge()
    pull.update()
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException, match="not mergeable"):
        pull.merge()


def test_reviews_come_from_others_than_the_author(world: World) -> None:
    remote = imported(world, "acme/reviews")
    pull = opened(remote, "feature/new", draft=False)
    with pytest.raises(GithubException, match="your own pull request"):
        pull.create_review(body="fine", event="APPROVE")
    theirs = world.person("bea").get_repo("acme/reviews").get_pull(pull.number)
    theirs.create_review(body="fine", event="APPROVE", comments=[{"path": "new.py", "line": 1, "body": "ok"}])
    assert [review.state for review in pull.get_reviews()] == ["APPROVED"]
    assert [(found.path, found.line) for found in pull.get_review_comments()] == [("new.py", 1)]


def test_an_app_may_not_move_a_protected_branch_by_any_way(world: World, tmp_path: Path) -> None:
    remote = imported(world, "acme/protected")
    side = commit_on_branch(remote, "side", "x.py", "")
    with pytest.raises(GithubException, match="through a pull request"):
        remote.get_git_ref("heads/main").edit(side)
    with pytest.raises(GithubException, match="through a pull request"):
        remote.create_file("y.py", "m", "", branch="main")
    work = world.clone("acme/protected", tmp_path / "work", token=world.app_token())
    git(work, "commit", "-q", "--allow-empty", "-m", "sneak")
    pushed = git(work, "push", "origin", "main", check=False)
    assert pushed.returncode != 0
    assert "GH006: Protected branch update failed" in pushed.stderr
    assert remote.get_branch("main").protected


def test_git_clones_without_a_token_and_pushes_with_one(world: World, tmp_path: Path) -> None:
    remote = imported(world, "acme/push")
    pull = opened(remote, "feature/new", draft=True)
    git(tmp_path, "clone", "-q", remote.clone_url, "anonymous")
    refused = git(tmp_path / "anonymous", "push", "origin", "HEAD:refs/heads/x", check=False)
    assert refused.returncode != 0
    work = world.clone("acme/push", tmp_path / "work")
    git(work, "checkout", "-q", "feature/new")
    (work / "more.py").write_text("MORE = 1\n")
    git(work, "add", "more.py")
    git(work, "commit", "-q", "-m", "feat: more")
    git(work, "push", "-q", "origin", "feature/new")
    pull.update()
    assert (pull.head.sha, pull.commits) == (git(work, "rev-parse", "HEAD").stdout.strip(), 2)


def test_a_tarball_holds_the_commit_below_one_folder(world: World) -> None:
    remote = imported(world, "acme/tarball")
    answer = httpx.get(remote.get_archive_link("tarball", "main"), follow_redirects=True, verify=False)
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        names = archive.getnames()
    assert len({name.split("/")[0] for name in names}) == 1
    assert any(name.endswith("/src/price.py") for name in names)


def test_history_is_imported_and_importing_twice_is_an_error(world: World, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    git(source, "init", "-q", "-b", "trunk")
    for number in (1, 2):
        git(source, "commit", "-q", "--allow-empty", "-m", f"commit {number}")
    asked = {"owner": "acme", "name": "history", "source": str(source)}
    assert world.http.post("/_admin/repositories", json=asked).json()["default_branch"] == "trunk"
    commits = world.http.get("/repos/acme/history/commits", params={"per_page": 1})
    assert [found["commit"]["message"] for found in commits.json()] == ["commit 2"]
    assert 'rel="next"' in commits.headers["link"]
    again = world.http.post("/_admin/repositories", json=asked)
    assert (again.status_code, "replace" in again.json()["message"]) == (409, True)
    assert world.http.post("/_admin/repositories", json={**asked, "replace": True}).status_code == 201


def test_a_restarted_forge_knows_what_it_knew(tmp_path: Path) -> None:
    with a_forge(tmp_path) as before:
        pull = opened(imported(before, "acme/kept"), "feature/new", draft=True)
        pull.create_issue_comment("remember me")
    with a_forge(tmp_path) as after:
        remote = after.client(before.token).get_repo("acme/kept")
        kept = remote.get_pull(pull.number)
        assert (kept.title, kept.draft, kept.head.sha) == ("Add new", True, pull.head.sha)
        assert [comment.body for comment in kept.get_issue_comments()] == ["remember me"]
        assert after.app_id == before.app_id
        assert opened(remote, "feature/second", draft=False).number == pull.number + 1


def test_reset_forgets_everything(tmp_path: Path) -> None:
    with a_forge(tmp_path) as world:
        imported(world, "acme/gone")
        world.http.post("/_admin/reset").raise_for_status()
        assert world.http.get("/repos/acme/gone").status_code == 404
        assert world.http.get("/health").json()["repositories"] == 0
