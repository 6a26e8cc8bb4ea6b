"""The GitHub tools over a real forge: real repositories, real commits."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from local import double
from local.forge.app import create_app
from local.forge.forge import Forge as ForgeApplication
from local.forge.forge import Settings
from local.gateway.github import github_server
from local.gateway.github.client import Forge
from local.gateway.tools import Invocation, Result

FILES = {
    "README.md": "# Shop\n",
    "src/shop/prices.py": "def total(cents):\n    return sum(cents)\n",
    "src/shop/logo.bin": "\x00binary",
    "tests/test_prices.py": "from shop.prices import total\n",
    ".github/workflows/ci.yml": "name: CI\non: [workflow_dispatch]\njobs:\n  test:\n"
    "    runs-on: ubuntu-latest\n    steps:\n      - run: true\n",
}


@dataclass
class GitHub:
    """The tools as a caller behind the gateway uses them, on one repository."""

    url: str
    credentials: Path

    def call(self, tool: str, **arguments: object) -> Result:
        async def called() -> Result:
            async with httpx.AsyncClient(verify=False, base_url=self.url) as client:
                server = github_server(Forge(client, self.credentials))
                given = {"owner": "octo", "repo": "shop", **arguments}
                return await server.call(Invocation("g", "github", tool, "1"), given)

        return asyncio.run(called())

    def answer(self, tool: str, **arguments: object):
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content[0].text
        return json.loads(result.content[0].text)

    def text(self, tool: str, **arguments: object) -> str:
        result = self.call(tool, **arguments)
        return result.content[0].text

    def commits(self, branch: str) -> list[str]:
        return [c["commit"]["message"] for c in self.answer("list_commits", sha=branch)]


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    source = tmp_path / "source"
    for name, content in FILES.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89\xff\x00" if name.endswith(".bin") else content.encode())
    with double.serving(
        lambda url: create_app(ForgeApplication(Settings(state=tmp_path / "forge", base_url=url)))
    ) as url:
        with httpx.Client(verify=False, base_url=url, timeout=30) as admin:
            app = admin.post("/_admin/app", json={"slug": "slipway", "name": "Slipway"}).raise_for_status()
            new = {"owner": "octo", "name": "shop", "source": str(source), "protected": True}
            admin.post("/_admin/repositories", json=new).raise_for_status()
        credentials = tmp_path / "credentials.json"
        credentials.write_text(app.text)
        yield GitHub(url=url, credentials=credentials)


def test_the_tools_are_the_official_ones_with_their_arguments(tmp_path: Path) -> None:
    server = github_server(Forge(httpx.AsyncClient(verify=False), tmp_path / "none"))
    described = {tool.name: tool for tool in server.tools()}
    assert sorted(described) == sorted(
        [
            "search_code",
            "search_repositories",
            "get_repository_tree",
            "get_file_contents",
            "list_branches",
            "list_commits",
            "get_commit",
            "create_branch",
            "create_or_update_file",
            "delete_file",
            "push_files",
            "create_pull_request",
            "pull_request_read",
            "list_pull_requests",
            "update_pull_request",
            "add_issue_comment",
            "pull_request_review_write",
            "actions_list",
            "actions_get",
            "get_job_logs",
            "actions_run_trigger",
        ]
    )
    schema = described["push_files"].input_schema
    assert schema["required"] == ["owner", "repo", "branch", "message", "files"]
    assert schema["properties"]["files"]["items"]["required"] == ["path", "content"]
    number = described["pull_request_read"].input_schema["properties"]["pullNumber"]
    assert number == {"type": "number", "description": "Pull request number"}
    assert described["get_file_contents"].annotations.read_only_hint
    assert not described["push_files"].annotations.read_only_hint
    assert described["delete_file"].annotations.destructive_hint


def test_a_tree_is_listed_and_filtered(github) -> None:
    tree = github.answer("get_repository_tree", recursive=True, path_filter="src/")
    assert [entry["path"] for entry in tree["tree"] if entry["type"] == "blob"] == [
        "src/shop/logo.bin",
        "src/shop/prices.py",
    ]
    assert (tree["tree_sha"], tree["recursive"], tree["truncated"]) == ("main", True, False)
    assert tree["count"] == len(tree["tree"])


def test_a_file_is_read_with_the_commit_it_was_read_at(github) -> None:
    result = github.call("get_file_contents", path="src/shop/prices.py")
    head = github.answer("list_branches")[0]["sha"]
    assert result.content[0].text.startswith("successfully downloaded text file (SHA: ")
    resource = result.content[1].resource
    assert resource.text == FILES["src/shop/prices.py"]
    assert str(resource.uri) == f"repo://octo/shop/sha/{head}/contents/src/shop/prices.py"


def test_a_binary_file_and_a_directory_are_read(github) -> None:
    result = github.call("get_file_contents", path="src/shop/logo.bin")
    assert result.content[1].resource.blob == "if8A"
    listed = github.answer("get_file_contents", path="src/shop", fields=["name", "type"])
    assert listed == [{"name": "logo.bin", "type": "file"}, {"name": "prices.py", "type": "file"}]
    assert {entry["name"] for entry in github.answer("get_file_contents")} >= {"README.md", "src"}


def test_a_missing_file_says_what_to_do(github) -> None:
    result = github.call("get_file_contents", path="src/none.py")
    assert result.is_error
    assert "get_repository_tree lists the paths" in result.content[0].text


def test_code_and_repositories_are_found(github) -> None:
    found = github.answer("search_code", query="total repo:octo/shop", fields=["path", "repository"])
    assert {item["path"] for item in found["items"]} == {"src/shop/prices.py", "tests/test_prices.py"}
    assert found["items"][0]["repository"] == "octo/shop"
    repositories = github.answer("search_repositories", query="shop")
    assert [item["full_name"] for item in repositories["items"]] == ["octo/shop"]


def test_every_write_is_exactly_one_commit(github) -> None:
    github.answer("create_branch", branch="fix/prices")
    files = [{"path": "src/shop/prices.py", "content": "x = 1\n"}, {"path": "b/c.txt", "content": "2"}]
    moved = github.answer("push_files", branch="fix/prices", message="two files", files=files)
    assert moved["ref"] == "refs/heads/fix/prices"
    assert github.answer("get_commit", sha="fix/prices")["sha"] == moved["object"]["sha"]
    github.answer("create_or_update_file", branch="fix/prices", message="new", path="new.txt", content="n")
    github.answer("delete_file", branch="fix/prices", message="gone", path="new.txt")
    assert github.commits("fix/prices")[:3] == ["gone", "new", "two files"]
    assert github.commits("main") == github.commits("fix/prices")[3:]


def test_a_file_is_replaced_only_by_who_has_seen_it(github) -> None:
    github.answer("create_branch", branch="fix")
    write = {"branch": "fix", "message": "m", "path": "README.md", "content": "new\n"}
    assert "give that SHA to replace it" in github.text("create_or_update_file", **write)
    assert "SHA mismatch" in github.text("create_or_update_file", sha="0" * 40, **write)
    sha = next(e["sha"] for e in github.answer("get_file_contents") if e["name"] == "README.md")
    written = github.answer("create_or_update_file", sha=sha, **write)
    assert written["content"]["path"] == "README.md"
    assert written["commit"]["message"] == "m"


def test_the_default_branch_is_not_for_the_app(github) -> None:
    result = github.call("push_files", branch="main", message="m", files=[{"path": "a", "content": "b"}])
    assert result.is_error
    assert len(github.commits("main")) == 1


def opened(github: GitHub) -> int:
    github.answer("create_branch", branch="fix")
    files = [{"path": "src/shop/prices.py", "content": "def total(cents):\n    return sum(cents or ())\n"}]
    github.answer("push_files", branch="fix", message="guard", files=files)
    made = github.answer("create_pull_request", title="Fix", head="fix", base="main", body="b", draft=True)
    return int(made["url"].rpartition("/")[2])


def test_a_draft_pull_request_becomes_ready(github) -> None:
    number = opened(github)
    read = github.answer("pull_request_read", method="get", pullNumber=number)
    assert (read["draft"], read["state"], read["merged"]) == (True, "open", False)
    assert read["head"]["ref"] == "fix"
    assert read["changed_files"] == 1
    github.answer("update_pull_request", pullNumber=number, draft=False, title="Fix totals")
    listed = github.answer("list_pull_requests", fields=["number", "draft", "title"])
    assert listed == [{"number": number, "title": "Fix totals", "draft": False}]


def test_a_pull_request_is_read_in_every_way(github) -> None:
    number = opened(github)
    github.answer("add_issue_comment", issue_number=number, body="hello")

    def read(method: str):
        return github.answer("pull_request_read", method=method, pullNumber=number)

    diff = github.text("pull_request_read", method="get_diff", pullNumber=number)
    assert "+    return sum(cents or ())" in diff
    assert [file["filename"] for file in read("get_files")] == ["src/shop/prices.py"]
    assert [commit["message"] for commit in read("get_commits")] == ["guard"]
    assert [comment["body"] for comment in read("get_comments")] == ["hello"]
    assert read("get_reviews") == []
    assert read("get_status")["sha"] == read("get")["head"]["sha"]
    assert read("get_check_runs")["total_count"] == 0
    assert read("get_review_comments")["review_threads"] == []


def test_a_review_is_written(github) -> None:
    number = opened(github)
    arguments = {"method": "create", "pullNumber": number, "body": "fine", "event": "COMMENT"}
    assert (
        github.text("pull_request_review_write", **arguments) == "pull request review submitted successfully"
    )
    reviews = github.answer("pull_request_read", method="get_reviews", pullNumber=number)
    assert [(review["state"], review["body"]) for review in reviews] == [("COMMENTED", "fine")]


def test_a_thread_on_the_code_is_read_and_resolved(github) -> None:
    number = opened(github)
    head = github.answer("pull_request_read", method="get", pullNumber=number)["head"]["sha"]
    with httpx.Client(verify=False, base_url=github.url) as person:
        made = person.post("/_admin/users", json={"login": "olive", "permission": "write"}).json()
        comment = {
            "body": "why?",
            "commit_id": head,
            "path": "src/shop/prices.py",
            "line": 2,
            "side": "RIGHT",
        }
        person.post(
            f"/repos/octo/shop/pulls/{number}/comments",
            json=comment,
            headers={"Authorization": f"Bearer {made['token']}"},
        ).raise_for_status()

    def threads():
        read = github.answer("pull_request_read", method="get_review_comments", pullNumber=number)
        return read["review_threads"]

    (thread,) = threads()
    assert (thread["isResolved"], thread["comments"]["nodes"][0]["body"]) == (False, "why?")
    written = github.text(
        "pull_request_review_write", method="resolve_thread", pullNumber=number, threadId=thread["id"]
    )
    assert written == "review thread resolved successfully"
    assert threads()[0]["isResolved"]


def test_workflows_are_listed_and_started(github) -> None:
    workflows = github.answer("actions_list", method="list_workflows")
    assert [w["path"] for w in workflows["workflows"]] == [".github/workflows/ci.yml"]
    started = github.answer("actions_run_trigger", method="run_workflow", workflow_id="ci.yml", ref="main")
    assert (started["status_code"], started["message"]) == (204, "Workflow run has been queued")
    runs = github.answer("actions_list", method="list_workflow_runs", resource_id="ci.yml")
    run_id = runs["workflow_runs"][0]["id"]
    assert github.answer("actions_get", method="get_workflow_run", resource_id=run_id)["id"] == run_id
    logs = github.answer("get_job_logs", run_id=run_id, failed_only=True)
    assert (logs["failed_jobs"], logs["message"]) == (0, "No failed jobs found in this workflow run")


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("create_branch", {}, "missing required parameter: branch"),
        ("create_branch", {"branch": "x", "from_branch": "none"}, "404"),
        ("create_branch", {"branch": "main"}, "422 Reference already exists"),
        ("pull_request_read", {"method": "get"}, "missing required parameter: pullNumber"),
        ("pull_request_read", {"method": "merge", "pullNumber": 1}, "parameter method is not valid"),
        ("get_job_logs", {}, "job_id is required"),
        ("actions_list", {"method": "list_workflow_jobs"}, "resource_id"),
        ("update_pull_request", {"pullNumber": 1}, "No update parameters"),
        ("list_branches", {"repo": "../other"}, "parameter repo is not valid"),
        ("get_file_contents", {"path": "../../other/contents/a"}, "without '..'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(github, tool: str, arguments: dict[str, object], words: str) -> None:
    result = github.call(tool, **arguments)
    assert result.is_error
    assert words in result.content[0].text


def test_the_work_is_the_apps_own_and_can_be_cloned(github, tmp_path: Path) -> None:
    opened(github)
    commit = github.answer("get_commit", sha="fix", detail="full_patch")
    assert commit["commit"]["author"]["name"] == "slipway[bot]"
    assert "+    return sum(cents or ())" in commit["files"][0]["patch"]
    clone = ["git", "clone", "-q", "--branch", "fix", f"{github.url}/octo/shop.git", str(tmp_path / "clone")]
    subprocess.run(clone, check=True, timeout=30)
    assert "cents or ()" in (tmp_path / "clone/src/shop/prices.py").read_text()
