"""What the knowledge base reads of GitHub, against a forge that speaks its REST."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slipway.domain.errors import NotFound
from tests.contract.outside import REPOSITORY, RunningForge, running_forge

BODY = "Prices doubled because of the new contract."


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningForge]:
    with running_forge(Path(tmp_path_factory.mktemp("forge"))) as found:
        yield found


def pull(forge: RunningForge, branch: str, *, title: str, body: str = "", merge: bool = True) -> int:
    repository = forge.person.get_repo(REPOSITORY)
    repository.create_git_ref(f"refs/heads/{branch}", repository.get_branch("main").commit.sha)
    repository.create_file(f"{branch}.txt", f"docs: {branch}", "x\n", branch=branch)
    opened = repository.create_pull(base="main", head=branch, title=title, body=body)
    if merge:
        opened.merge()
    else:
        opened.edit(state="closed")
    return opened.number


def test_the_apps_repositories_are_listed_by_name(forge: RunningForge) -> None:
    assert forge.port.repositories() == [REPOSITORY]


def test_a_person_reads_a_repository_at_its_page(forge: RunningForge) -> None:
    assert forge.port.web_url(REPOSITORY) == f"{forge.url}/{REPOSITORY}"
    with pytest.raises(NotFound):
        forge.port.web_url("acme/none")


def test_merged_pull_requests_come_newest_first_with_their_words(forge: RunningForge) -> None:
    first = pull(forge, "one", title="Double the price", body=BODY)
    closed = pull(forge, "two", title="Never mind", merge=False)
    last = pull(forge, "three", title="Round it")
    merged = forge.port.merged_pull_requests(REPOSITORY, limit=10)
    assert [one.number for one in merged] == [last, first]
    assert closed not in {one.number for one in merged}
    assert (merged[1].title, merged[1].body) == ("Double the price", BODY)
    assert (merged[0].body, merged[1].url) == ("", f"{forge.url}/{REPOSITORY}/pull/{first}")
    commits = {commit.sha for commit in forge.person.get_repo(REPOSITORY).get_commits()}
    assert {one.merge_sha for one in merged} <= commits
    assert [one.number for one in forge.port.merged_pull_requests(REPOSITORY, limit=1)] == [last]
