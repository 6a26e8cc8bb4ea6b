import httpx
from slack_sdk.webhook import WebhookClient


def dialog() -> dict[str, object]:
    plain = {"type": "plain_text", "text": "Why?"}
    element = {"type": "plain_text_input", "action_id": "text", "multiline": True}
    return {
        "type": "modal",
        "callback_id": "reject",
        "private_metadata": "plan-1",
        "title": plain,
        "submit": plain,
        "blocks": [{"type": "input", "block_id": "reason", "label": plain, "element": element}],
    }


def test_a_pressed_button_reaches_the_app_as_slack_sends_it(slack, app) -> None:
    ts = slack.card()
    assert slack.press(ts).json() == {"ok": True, "status_code": 200, "response": "", "error": ""}
    payload = app.last("interactivity")
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "U1", "username": "olive", "name": "olive", "team_id": "T0LOCAL"}
    assert payload["container"]["message_ts"] == ts
    assert payload["channel"]["name"] == "plans"
    assert payload["message"]["blocks"][0]["type"] == "header"
    action = payload["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("approve", "plan-1", "button")
    assert action["block_id"]
    assert action["action_ts"]


def test_only_a_button_that_is_there_can_be_pressed(slack, app) -> None:
    ts = slack.card()
    assert slack.press(ts, value="another-plan").status_code == 409
    assert slack.press(ts, action_id="merge").status_code == 409
    assert slack.press("1.000001").status_code == 409
    assert slack.press(ts, user="U9").status_code == 404
    assert not [kind for kind, _ in app.received if kind == "interactivity"]


def test_the_app_replaces_the_card_by_its_response_url(slack, app) -> None:
    ts = slack.card()
    slack.press(ts)
    answer = WebhookClient(str(app.last("interactivity")["response_url"]))
    assert answer.send(text="Approved by olive", replace_original=True).status_code == 200
    message = slack.web.conversations_history(channel=slack.channel)["messages"][0]
    assert (message["ts"], message["text"]) == (ts, "Approved by olive")
    assert 'class="primary">Approve' not in slack.page()


def test_a_response_url_takes_five_answers(slack, app) -> None:
    slack.press(slack.card())
    answer = WebhookClient(str(app.last("interactivity")["response_url"]))
    assert [answer.send(text="again").status_code for _ in range(6)] == [200] * 5 + [404]


def test_a_failing_app_is_shown_to_the_person_who_pressed(slack, app) -> None:
    app.statuses = [500]
    answer = slack.press(slack.card()).json()
    assert (answer["ok"], answer["status_code"]) == (False, 500)
    assert "the app answered 500" in slack.page(user="U1")
    assert "the app answered 500" not in slack.page(user="U2")


def test_a_command_reaches_the_app_and_its_answer_is_for_the_giver(slack, app) -> None:
    app.answers["commands"] = {"text": "Nothing is running", "response_type": "ephemeral"}
    given = {"user": "U1", "channel": "plans", "command": "/agent", "text": "tasks list"}
    assert slack.admin.post("/commands", json=given).json()["ok"]
    form = app.last("commands")
    assert (form["command"], form["text"], form["user_id"]) == ("/agent", "tasks list", "U1")
    assert form["response_url"].startswith(slack.url)
    assert "Nothing is running" in slack.page(user="U1")
    assert "Nothing is running" not in slack.page(user="U2")


def test_a_commands_answer_in_the_channel_is_for_everybody(slack, app) -> None:
    app.answers["commands"] = {"text": "Two tasks", "response_type": "in_channel"}
    given = {"user": "U1", "channel": "plans", "command": "/agent"}
    slack.admin.post("/commands", json=given).raise_for_status()
    assert "Two tasks" in slack.page(user="U2")


def test_a_dialog_is_opened_filled_in_and_closed(slack, app) -> None:
    slack.press(slack.card())
    trigger = str(app.last("interactivity")["trigger_id"])
    slack.web.views_open(trigger_id=trigger, view=dialog())
    assert "Why?" in slack.page(user="U1")
    assert "Why?" not in slack.page(user="U2")
    filled = {"user": "U1", "values": {"reason": {"text": "too risky"}}}
    assert slack.admin.post("/views", json=filled).json()["ok"]
    payload = app.last("interactivity")
    assert payload["type"] == "view_submission"
    assert payload["view"]["callback_id"] == "reject"
    assert payload["view"]["private_metadata"] == "plan-1"
    assert payload["view"]["state"]["values"]["reason"]["text"]["value"] == "too risky"
    assert slack.admin.get("/views").json() == []


def test_a_dialog_refused_by_the_app_stays_open_with_the_error(slack, app) -> None:
    slack.press(slack.card())
    slack.web.views_open(trigger_id=str(app.last("interactivity")["trigger_id"]), view=dialog())
    app.answers["interactivity"] = {"response_action": "errors", "errors": {"reason": "say more"}}
    slack.admin.post("/views", json={"user": "U1", "values": {"reason": {"text": "no"}}}).raise_for_status()
    assert "say more" in slack.page(user="U1")


def test_a_trigger_opens_one_dialog_only(slack, app) -> None:
    slack.press(slack.card())
    trigger = str(app.last("interactivity")["trigger_id"])
    slack.web.views_open(trigger_id=trigger, view=dialog())
    answer = httpx.post(
        f"{slack.url}/api/views.open",
        json={"trigger_id": trigger, "view": dialog()},
        headers={"Authorization": "Bearer xoxb-test"},
    )
    assert answer.json()["error"] == "invalid_trigger_id"


def test_the_events_address_is_proved(slack, app) -> None:
    assert app.received[0][1]["type"] == "url_verification"


def test_a_mention_reaches_the_app_and_plain_talk_does_not(slack, app, eventually) -> None:
    for text in ("good morning", "<@U0BOT> status"):
        slack.admin.post(
            "/messages", json={"user": "U1", "channel": "plans", "text": text}
        ).raise_for_status()
    eventually(lambda: len(app.received) == 2, "the mention arrives")
    event = app.last("events")["event"]
    assert (event["type"], event["text"], event["user"]) == ("app_mention", "<@U0BOT> status", "U1")


def test_an_event_that_fails_is_sent_again(slack, app, eventually) -> None:
    app.statuses = [503]
    wanted = {"user": "U1", "channel": "plans", "text": "<@U0BOT> hi"}
    slack.admin.post("/messages", json=wanted).raise_for_status()
    eventually(lambda: len(app.received) == 3, "the retry arrives")
    assert app.headers[2]["x-slack-retry-num"] == "1"
    assert app.received[1] == app.received[2]
