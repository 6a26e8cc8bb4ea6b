"""Search over what the default branches hold."""

from __future__ import annotations

import pytest

from tests.unit.local.forge.forge_world import World, commit_on_branch

FILES = {
    "src/rates.py": "def apply_rate(price, rate):\n    return price * rate  # a rate\n",
    "src/fees.py": "FEE = 3\n",
    "docs/rates.md": "How a rate is applied\n",
}


@pytest.fixture(scope="module", autouse=True)
def repositories(world: World) -> None:
    world.import_files("acme/search", FILES)
    world.import_files("other/search", {"src/rates.py": "rate = 1\n"})


def paths(world: World, query: str) -> list[str]:
    items = world.http.get("/search/code", params={"q": query}).json()["items"]
    return [f"{item['repository']['full_name']}/{item['path']}" for item in items]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rate org:acme", ["acme/search/docs/rates.md", "acme/search/src/rates.py"]),
        ("rate org:acme extension:py", ["acme/search/src/rates.py"]),
        ("rate org:acme language:markdown", ["acme/search/docs/rates.md"]),
        ("rate repo:acme/search path:src", ["acme/search/src/rates.py"]),
        ('"apply_rate(price" repo:acme/search', ["acme/search/src/rates.py"]),
        ("filename:fees repo:acme/search", ["acme/search/src/fees.py"]),
        ("rate NOT applied org:acme", ["acme/search/src/rates.py"]),
        ("FEE OR applied org:acme", ["acme/search/docs/rates.md", "acme/search/src/fees.py"]),
        (r"/def \w+_rate/ org:acme", ["acme/search/src/rates.py"]),
        ("nowhere org:acme", []),
    ],
)
def test_code_is_found_by_words_and_qualifiers(world: World, query: str, found: list[str]) -> None:
    assert sorted(paths(world, query)) == found


def test_the_file_with_more_matches_comes_first(world: World) -> None:
    assert paths(world, "rate path:src")[0] == "acme/search/src/rates.py"


def test_fragments_are_given_when_asked_for(world: World) -> None:
    accept = {"Accept": "application/vnd.github.text-match+json"}
    query = {"q": "apply_rate repo:acme/search"}
    (item,) = world.http.get("/search/code", params=query, headers=accept).json()["items"]
    (match,) = item["text_matches"]
    start, end = match["matches"][0]["indices"]
    assert match["fragment"][start:end] == "apply_rate"


def test_repositories_and_pull_requests_are_found(world: World) -> None:
    found = world.http.get("/search/repositories", params={"q": "search org:other"}).json()
    assert [item["full_name"] for item in found["items"]] == ["other/search"]
    remote = world.person("bea").get_repo("acme/search")
    commit_on_branch(remote, "find", "x.py", "")
    remote.create_pull(base="main", head="find", title="Needle in hay", body="", draft=True)
    query = "needle is:pr is:open draft:true head:find repo:acme/search author:bea"
    (pull,) = world.http.get("/search/issues", params={"q": query}).json()["items"]
    assert pull["pull_request"]["html_url"].endswith(f"/pull/{pull['number']}")


def test_a_search_without_a_query_is_invalid(world: World) -> None:
    answer = world.http.get("/search/code")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "q")
