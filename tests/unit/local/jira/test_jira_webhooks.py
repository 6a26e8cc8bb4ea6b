import json

import pytest

from local.jira.webhooks import signature


def test_the_signature_is_the_one_atlassian_publishes() -> None:
    assert (
        signature(b"Hello World!", secret="It's a Secret to Everybody")
        == "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    )


def test_a_created_issue_is_announced_signed_and_identified(hooked, receiver) -> None:
    key = hooked.create(labels=["AI"], summary="Orders crash")
    headers, body = receiver.wait(1)[0]
    payload = json.loads(body)
    assert headers["x-hub-signature"] == signature(body, secret="It's a Secret to Everybody")
    assert headers["x-atlassian-webhook-identifier"]
    assert "x-atlassian-webhook-retry" not in headers
    assert payload["webhookEvent"] == "jira:issue_created"
    assert payload["issue_event_type_name"] == "issue_created"
    assert isinstance(payload["timestamp"], int)
    assert payload["issue"]["key"] == key
    assert payload["issue"]["fields"]["labels"] == ["AI"]
    assert payload["user"]["accountType"] == "atlassian"


def test_a_label_added_later_is_in_the_changelog_as_jira_writes_it(hooked, receiver) -> None:
    key = hooked.create(labels=["shop"])
    hooked.person.put(f"/issue/{key}", json={"update": {"labels": [{"add": "AI"}]}}).raise_for_status()
    payload = json.loads(receiver.wait(2)[1][1])
    assert payload["webhookEvent"] == "jira:issue_updated"
    assert payload["issue_event_type_name"] == "issue_updated"
    assert payload["changelog"]["items"] == [
        {
            "field": "labels",
            "fieldtype": "jira",
            "fieldId": "labels",
            "from": None,
            "fromString": "shop",
            "to": None,
            "toString": "AI shop",
        }
    ]


def test_a_transition_is_a_generic_event_with_status_ids(hooked, receiver) -> None:
    key = hooked.create()
    hooked.bot.post(f"/issue/{key}/transitions", json={"transition": {"id": "21"}}).raise_for_status()
    payload = json.loads(receiver.wait(2)[1][1])
    assert payload["issue_event_type_name"] == "issue_generic"
    assert payload["changelog"]["items"][0]["from"] == "10000"
    assert payload["changelog"]["items"][0]["toString"] == "In Progress"
    assert payload["user"]["accountType"] == "app"


def test_a_comment_event_carries_wiki_text_and_an_issue_without_labels(hooked, receiver) -> None:
    key = hooked.create(labels=["AI"])
    content = [{"type": "text", "text": "ship it", "marks": [{"type": "strong"}]}]
    adf = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": content}]}
    hooked.person.post(f"/issue/{key}/comment", json={"body": adf}).raise_for_status()
    payload = json.loads(receiver.wait(2)[1][1])
    assert payload["webhookEvent"] == "comment_created"
    assert payload["comment"]["body"] == "*ship it*"
    assert "labels" not in payload["issue"]["fields"]
    assert "user" not in payload


def test_an_edit_that_changes_nothing_is_not_announced(hooked, receiver) -> None:
    key = hooked.create(labels=["AI"])
    hooked.person.put(f"/issue/{key}", json={"fields": {"labels": ["AI"]}}).raise_for_status()
    hooked.person.delete(f"/issue/{key}").raise_for_status()
    events = [json.loads(body)["webhookEvent"] for _, body in receiver.wait(2)]
    assert events == ["jira:issue_created", "jira:issue_deleted"]


def test_only_the_events_asked_for_are_delivered(jira, receiver) -> None:
    hook = {"url": f"{receiver.url}/hook", "secret": "s", "events": ["jira:issue_deleted"]}
    jira.admin.put("/webhook", json=hook).raise_for_status()
    key = jira.create()
    jira.person.delete(f"/issue/{key}").raise_for_status()
    assert json.loads(receiver.wait(1)[0][1])["webhookEvent"] == "jira:issue_deleted"


def test_a_failing_receiver_is_tried_again_with_the_same_identifier(hooked, receiver) -> None:
    receiver.answers = [500, 503]
    hooked.create()
    seen = receiver.wait(3)
    assert [headers.get("x-atlassian-webhook-retry") for headers, _ in seen] == [None, "1", "2"]
    assert len({headers["x-atlassian-webhook-identifier"] for headers, _ in seen}) == 1
    assert len({body for _, body in seen}) == 1


def test_after_five_retries_the_delivery_has_failed(hooked, receiver, eventually) -> None:
    receiver.answers = [500] * 6
    hooked.create()
    eventually(lambda: hooked.admin.get("/deliveries").json()[0]["state"] == "failed", "the delivery fails")
    attempts = hooked.admin.get("/deliveries").json()[0]["attempts"]
    assert [attempt["status_code"] for attempt in attempts] == [500] * 6


def test_a_refused_delivery_is_not_retried_but_can_be_redelivered(hooked, receiver, eventually) -> None:
    receiver.answers = [401]
    hooked.create()
    eventually(lambda: hooked.admin.get("/deliveries").json()[0]["state"] == "refused", "refusal")
    delivery = hooked.admin.get("/deliveries").json()[0]
    assert len(receiver.requests) == 1
    hooked.admin.post(f"/deliveries/{delivery['id']}/redeliver").raise_for_status()
    first, second = receiver.wait(2)
    assert first[1] == second[1]
    eventually(lambda: hooked.admin.get("/deliveries").json()[0]["state"] == "delivered", "redelivery")


@pytest.mark.parametrize("wanted", ["unknown", "0"])
def test_an_unknown_delivery_is_a_404(hooked, wanted: str) -> None:
    assert hooked.admin.post(f"/deliveries/{wanted}/redeliver").status_code == 404
