"""Measuring by cases from outside: answers in the form that scorers read, from git and files alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue
from typer.testing import CliRunner

from scripts.eval import app
from scripts.eval_localise import git_folder, tree_at
from slipway.domain.errors import InvalidInput

SHOP = {
    "src/shop/receipts.py": "def contact_line(customer):\n    return customer.email.strip()\n",
    "src/shop/baskets.py": "class Basket:\n    pass\n",
    "tests/test_receipts.py": "from shop.receipts import contact_line\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
}
MAPS = {"src/maps/point.py": "class Point:\n    def distance(self, other):\n        return 0\n"}


def run(*arguments: object) -> None:
    CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


def lines(path: Path) -> list[dict[str, JsonValue]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def manifest(folder: Path, files: dict[str, str], **facts: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    rows = [{"file": name, **facts.get(name, {})} for name in files]
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Dana", "-c", "user.email=dana@acme.example")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def repository(folder: Path, files: dict[str, str]) -> str:
    """A clone; returns its commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "logo.png").write_bytes(b"\x89PNG\0\0")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "start")
    return git(folder, "rev-parse", "HEAD")


def test_ci_logs_are_answered_with_the_logs_own_line(tmp_path: Path) -> None:
    line = "2024-05-01T10:00:00.0000000Z \x1b[1ma.py\x1b[0m:3:8: F401 `os` imported but unused"
    path = manifest(
        tmp_path, {"lint/a.txt": f"checking\n{line}\n", "infra/b.txt": "The operation was canceled.\n"}
    )
    run("ci-logs", "--manifest", path, "--out", tmp_path / "out.jsonl")
    assert lines(tmp_path / "out.jsonl") == [
        {"file": "lint/a.txt", "class": "lint", "auto_fixable": True, "line": line},
        {
            "file": "infra/b.txt",
            "class": "infra",
            "auto_fixable": False,
            "line": "The operation was canceled.",
        },
    ]


def test_deliveries_are_answered_with_what_the_platform_would_do(tmp_path: Path) -> None:
    ticket = {"webhookEvent": "jira:issue_created", "issue": {"key": "A-1", "fields": {"labels": ["robot"]}}}
    event = {"type": "app_mention", "text": "<@U1> status", "user": "U2", "channel": "C1", "ts": "1.2"}
    mention = {"type": "event_callback", "event_id": "E1", "event": event}
    checks = {
        "action": "completed",
        "check_run": {"id": 1, "head_sha": "f00", "status": "completed", "conclusion": "failure"},
        "repository": {"full_name": "acme/orders"},
    }
    files = {
        "jira/created.json": json.dumps(ticket),
        "github/check.json": json.dumps(checks),
        "github/no-event.json": "{}",
        "slack/mention.json": json.dumps(mention),
        "slack/dialog.json": json.dumps({"type": "view_submission", "view": {"callback_id": "other"}}),
        "slack/command.txt": urlencode({"command": "/slipway", "text": "status", "user_id": "U2"}),
        "slack/outgoing.txt": "token=t&team_id=T1",
        "pager/alert.json": "{}",
    }
    path = manifest(tmp_path, files, **{"github/check.json": {"event": "check_run"}})
    run("webhooks", "--manifest", path, "--out", tmp_path / "out.jsonl", "--label", "robot")
    assert {row["file"]: row["decision"] for row in lines(tmp_path / "out.jsonl")} == {
        "jira/created.json": "start:ticket",
        "github/check.json": "start:cicd",
        "github/no-event.json": "reject",
        "slack/mention.json": "command",
        "slack/dialog.json": "interaction",
        "slack/command.txt": "command",
        "slack/outgoing.txt": "reject",
        "pager/alert.json": "reject",
    }


def test_files_are_ranked_as_they_were_at_the_commit(tmp_path: Path) -> None:
    before = repository(tmp_path / "acme+shop", SHOP)
    (tmp_path / "acme+shop/src/shop/receipts.py").unlink()
    git(tmp_path / "acme+shop", "commit", "--all", "--quiet", "--message", "later")
    cases = tmp_path / "cases.jsonl"
    case = {"id": "one", "repo": "acme/shop", "base_commit": before, "issue_text": "contact_line crashes"}
    cases.write_text(json.dumps(case))
    run("localise", "--cases", cases, "--repos", tmp_path, "--out", tmp_path / "out.jsonl")
    (answer,) = lines(tmp_path / "out.jsonl")
    assert answer["files"] == ["src/shop/receipts.py"]
    assert answer["tests"] == ["tests/test_receipts.py"]
    assert "repos" not in answer


def test_repositories_compete_without_their_names(tmp_path: Path) -> None:
    shop, maps = repository(tmp_path / "acme+shop", SHOP), repository(tmp_path / "acme+maps", MAPS)
    cases = tmp_path / "cases.jsonl"
    rows = [
        {"id": "one", "repo": "acme/shop", "base_commit": shop, "issue_text": "contact_line crashes in maps"},
        {"id": "two", "repo": "acme/maps", "base_commit": maps, "issue_text": "Point.distance is wrong"},
    ]
    cases.write_text("\n".join(map(json.dumps, rows)))
    run("localise", "--cases", cases, "--repos", tmp_path, "--out", tmp_path / "out.jsonl", "--pool")
    assert [row["repos"] for row in lines(tmp_path / "out.jsonl")] == [
        ["acme/shop", "acme/maps"],
        ["acme/maps", "acme/shop"],
    ]


@pytest.mark.parametrize("inside", ["acme+shop/.git", "acme+shop", "acme+shop/repo", "acme+shop/mirror"])
def test_git_data_is_found_bare_or_in_a_clone(tmp_path: Path, inside: str) -> None:
    commit = repository(tmp_path / "work", SHOP)
    (tmp_path / inside).parent.mkdir(exist_ok=True)
    git(tmp_path, "clone", "--quiet", "--bare", "work", inside)
    assert tree_at(git_folder(tmp_path, "acme/shop"), commit) == SHOP


def test_a_repository_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"acme\+shop holds no git repository"):
        git_folder(tmp_path, "acme/shop")


def test_a_commit_that_is_not_there_is_named(tmp_path: Path) -> None:
    repository(tmp_path / "acme+shop", SHOP)
    with pytest.raises(InvalidInput, match="ls-tree"):
        tree_at(tmp_path / "acme+shop/.git", "0" * 40)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text('{"file": "a"\n')
    with pytest.raises(InvalidInput, match=r"manifest\.jsonl:1 is not JSON"):
        run("webhooks", "--manifest", path, "--out", tmp_path / "out.jsonl")
