"""The pages that a person sees, and what is kept out of them."""

from __future__ import annotations

from tests.unit.local.forge.forge_world import World, commit_on_branch


def test_a_pull_requests_address_opens_a_page_with_its_change(world: World) -> None:
    world.import_files("acme/pages", {"a.py": "A = 1\n", "README.md": "# Pages\n"})
    remote = world.person("bea").get_repo("acme/pages")
    commit_on_branch(remote, "fix", "new.py", "VALUE = '<b>'\n")
    pull = remote.create_pull(
        base="main", head="fix", title="Fix <script>alert(1)</script>", body="**bold** <img src=x>\n\n- item"
    )
    pull.create_issue_comment("[bad](javascript:alert(1)) <script>alert(2)</script>")
    page = world.http.get(pull.html_url).text
    assert "VALUE = &#x27;&lt;b&gt;&#x27;" in page
    assert "<strong>bold</strong>" in page
    assert "<li>item</li>" in page
    assert "<script>" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_a_pull_request_can_be_read_as_diff_and_patch(world: World) -> None:
    world.import_files("acme/text", {"a.py": "A = 1\n"})
    remote = world.person("bea").get_repo("acme/text")
    commit_on_branch(remote, "fix", "b.py", "B = 1\n")
    pull = remote.create_pull(base="main", head="fix", title="Fix", body="")
    assert "+B = 1" in world.http.get(pull.diff_url).text
    assert world.http.get(pull.patch_url).text.startswith("From ")
    accept = {"Accept": "application/vnd.github.v3.diff"}
    assert world.http.get(pull.url, headers=accept).text == world.http.get(pull.diff_url).text


def test_repository_file_and_commit_pages_are_there(world: World) -> None:
    world.import_files("acme/look", {"src/a.py": "A = 1\n", "README.md": "# Look\n"})
    sha = world.http.get("/repos/acme/look/commits/main").json()["sha"]
    for path in ("", "/tree/main/src", "/blob/main/src/a.py", f"/commit/{sha}"):
        answer = world.http.get(f"/acme/look{path}")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert world.http.get("/acme/look/blob/main/none.py").status_code == 404


def test_the_front_page_lists_repositories_for_people_only(world: World) -> None:
    world.import_files("acme/front", {"a.py": ""})
    assert "acme/front" in world.http.get("/", headers={"Accept": "text/html"}).text
    assert "current_user_url" in world.http.get("/").json()
