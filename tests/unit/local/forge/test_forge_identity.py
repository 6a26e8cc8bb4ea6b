"""Who may do what: people, the App's JWT, and its installation tokens."""

from __future__ import annotations

import time
from dataclasses import replace

import jwt
import pytest
from github import GithubException

from tests.unit.local.forge.forge_world import World, commit_on_branch

FILES = {"a.py": "A = 1\n"}


def app_jwt(
    world: World, claims: dict[str, object] | None = None, *, key: str | None = None
) -> dict[str, str]:
    now = int(time.time())
    payload = {"iat": now - 30, "exp": now + 300, "iss": str(world.app_id), **(claims or {})}
    return {"Authorization": f"Bearer {jwt.encode(payload, key or world.private_key, algorithm='RS256')}"}


def test_the_app_knows_itself_by_its_jwt(world: World) -> None:
    answer = world.http.get("/api/v3/app", headers=app_jwt(world))
    assert (answer.status_code, answer.json()["slug"]) == (200, "slipway")


@pytest.mark.parametrize("claims", [{"exp": 1}, {"iss": "999"}, {"exp": int(time.time()) + 7200}])
def test_a_jwt_that_is_old_foreign_or_too_long_is_refused(world: World, claims: dict[str, object]) -> None:
    assert world.http.get("/app", headers=app_jwt(world, claims)).status_code == 401


def test_a_jwt_signed_with_another_key_is_refused(world: World) -> None:
    other = world.http.post("/_admin/app", json={"slug": "other", "name": "Other"}).json()["private_key"]
    assert world.http.get("/app", headers=app_jwt(world, key=other)).status_code == 401


def test_registering_the_app_again_keeps_it_and_its_older_key(world: World) -> None:
    again = world.http.post("/_admin/app", json={"slug": "slipway", "name": "Slipway"}).json()
    assert again["app_id"] == world.app_id
    assert world.http.get("/app", headers=app_jwt(world)).status_code == 200
    assert world.http.get("/app", headers=app_jwt(world, key=again["private_key"])).status_code == 200


def test_an_installation_token_may_be_narrowed_but_not_widened(world: World) -> None:
    world.import_files("acme/narrow", FILES)
    url = f"/app/installations/{world.installation_id}/access_tokens"
    asked = {"permissions": {"contents": "read"}, "repositories": ["narrow"]}
    token = world.http.post(url, headers=app_jwt(world), json=asked).json()
    assert token["permissions"] == {"metadata": "read", "contents": "read"}
    with pytest.raises(GithubException) as refused:
        world.client(token["token"]).get_repo("acme/narrow").create_git_blob("x", "utf-8")
    assert refused.value.status == 403
    wider = world.http.post(url, headers=app_jwt(world), json={"permissions": {"workflows": "write"}})
    assert wider.status_code == 422


def test_an_expired_token_is_refused(world: World) -> None:
    text = world.app_token()
    newest = world.forge.store.tokens.all()[-1]
    world.forge.store.tokens.put(replace(newest, expires_at="2020-01-01T00:00:00Z"))
    answer = world.http.get("/installation/repositories", headers={"Authorization": f"token {text}"})
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_reading_needs_no_token_and_writing_does(world: World) -> None:
    world.import_files("acme/open", FILES)
    assert world.http.get("/repos/acme/open").status_code == 200
    answer = world.http.post("/repos/acme/open/git/blobs", json={"content": "x"})
    assert answer.status_code == 401
    assert answer.json()["documentation_url"]


def test_a_reader_may_not_write(world: World) -> None:
    world.import_files("acme/readers", FILES)
    with pytest.raises(GithubException) as refused:
        commit_on_branch(world.person("rita", "read").get_repo("acme/readers"), "x", "b.py", "")
    assert refused.value.status == 403


def test_the_bots_commits_carry_its_name(world: World) -> None:
    world.import_files("acme/bot", FILES)
    remote = world.app_client().get_repo("acme/bot")
    commit = remote.get_commit(commit_on_branch(remote, "bot", "b.py", "B = 1\n"))
    assert commit.author.login == "slipway[bot]"
    assert commit.commit.author.email.endswith("+slipway[bot]@users.noreply.github.com")
