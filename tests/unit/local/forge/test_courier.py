"""Signatures, order, retries and redelivery of webhooks."""

from __future__ import annotations

import json
import uuid

from local.forge.courier import signature
from tests.unit.local.forge.forge_world import World, commit_on_branch, eventually, is_signed

FILES = {"a.py": "A = 1\n"}


def test_the_signature_is_the_one_of_githubs_documentation() -> None:
    assert signature("It's a Secret to Everybody", b"Hello, World!") == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )


def test_deliveries_are_signed_named_and_in_order(world: World) -> None:
    world.import_files("acme/order", FILES)
    receiver = world.listen("push", "pull_request", "issue_comment")
    remote = world.person("bea").get_repo("acme/order")
    commit_on_branch(remote, "fix", "b.py", "B = 1\n")
    pull = remote.create_pull(base="main", head="fix", title="Fix", body="", draft=True)
    pull.create_issue_comment("hello")
    eventually(lambda: len(receiver.deliveries) == 4)
    assert receiver.names() == ["push", "push", "pull_request.opened", "issue_comment.created"]
    assert all(is_signed(headers, body) for headers, body in receiver.deliveries)
    guids = [uuid.UUID(headers["x-github-delivery"]) for headers, _ in receiver.deliveries]
    assert len(set(guids)) == 4
    assert json.loads(receiver.deliveries[2][1])["installation"]["id"] == world.installation_id


def test_a_refused_delivery_is_tried_again_before_the_next_one(world: World) -> None:
    world.import_files("acme/retry", FILES)
    receiver = world.listen("issue_comment")
    remote = world.person("bea").get_repo("acme/retry")
    issue = remote.create_issue("broken")
    receiver.answers = [500]
    issue.create_comment("one")
    issue.create_comment("two")
    eventually(lambda: len(receiver.deliveries) == 3)
    said = [json.loads(body)["comment"]["body"] for _, body in receiver.deliveries]
    assert said == ["one", "one", "two"]
    first, second, _ = (headers["x-github-delivery"] for headers, _ in receiver.deliveries)
    assert first == second


def test_a_delivery_can_be_listed_and_sent_again_with_its_id(world: World) -> None:
    world.import_files("acme/again", FILES)
    receiver = world.listen("push")
    hooks = "/repos/acme/again/hooks"
    config = {"url": receiver.url, "secret": "other"}
    hook = world.http.post(hooks, headers=world.headers, json={"config": config, "events": ["issues"]})
    url = f"{hooks}/{hook.json()['id']}/deliveries"
    (sent,) = eventually(
        lambda: [
            item for item in world.http.get(url, headers=world.headers).json() if item["status_code"] == 200
        ]
    )
    assert sent["event"] == "ping"
    world.http.post(f"{url}/{sent['id']}/attempts", headers=world.headers).raise_for_status()
    eventually(lambda: len(receiver.deliveries) == 2)
    assert receiver.deliveries[0][1] == receiver.deliveries[1][1]
    assert receiver.deliveries[1][0]["x-github-delivery"] == sent["guid"]


def test_a_hook_to_another_machine_is_refused(world: World) -> None:
    world.import_files("acme/outside", FILES)
    asked = {"config": {"url": "https://example.com/hook"}}
    answer = world.http.post("/repos/acme/outside/hooks", headers=world.headers, json=asked)
    assert answer.status_code == 422
    assert "example.com" in answer.json()["message"]
