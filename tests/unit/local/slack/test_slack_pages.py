import re

import httpx
import pytest

from local.slack.mrkdwn import blocks_html, html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and _it_", "<strong>bold</strong> and <em>it</em>"),
        ("snake_case_name", "snake_case_name"),
        ("`a *b* <c>`", "<code>a *b* &lt;c&gt;</code>"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        (
            "<https://example.com/a_b_c|the PR>",
            '<a href="https://example.com/a_b_c" rel="noreferrer">the PR</a>',
        ),
        ("<javascript:alert(1)|x>", "x"),
        ("<@U1>", '<span class="mention">@olive</span>'),
        ("one\ntwo", "one<br>two"),
        ("```\nx < y\n```", "<pre>x &lt; y</pre>"),
        ('<script>"', "script&quot;"),
    ],
)
def test_markup_is_shown_escaped(text: str, shown: str) -> None:
    assert html(text, names={"U1": "olive"}) == shown


def test_rich_text_is_shown() -> None:
    item = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "<a>", "style": {"bold": True}}],
    }
    block = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [item]}],
    }
    assert "<ul><li><strong>&lt;a&gt;</strong></li></ul>" in blocks_html([block], names={})


def test_a_person_presses_the_button_on_the_page(slack, app) -> None:
    slack.card()
    page = slack.page(user="U1")
    form = re.search(r'<form method="post" action="(/channels/plans/actions)">(.*?)</form>', page)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    answer = httpx.post(f"{slack.url}{form[1]}", data=fields)
    assert answer.status_code == 303
    assert app.last("interactivity")["actions"][0]["value"] == "plan-1"


def test_a_reply_that_the_channel_sees_too_has_its_buttons_once(slack) -> None:
    first = slack.web.chat_postMessage(channel="plans", text="Working on *ENG-1*")
    card = slack.card(thread_ts=first["ts"], reply_broadcast=True)
    page = slack.page(user="U1")
    assert page.count('action="/channels/plans/actions"') == 1
    assert page.count(f'id="m{card}"') == 1
    assert f'<a href="#m{card}">Plan</a>' in page
    assert "replied to “Working on <strong>ENG-1</strong>”" in page


def test_another_sites_page_cannot_press_it(slack, app) -> None:
    ts = slack.card()
    other = {"Sec-Fetch-Site": "cross-site"}
    fields = {"user": "U1", "ts": ts, "action_id": "approve", "value": "plan-1"}
    answer = httpx.post(f"{slack.url}/channels/plans/actions", data=fields, headers=other)
    assert answer.status_code == 403
    wanted = {**fields, "channel": "plans"}
    assert slack.admin.post("/actions", json=wanted, headers=other).status_code == 403
    assert len(app.received) == 1


def test_a_person_writes_and_gives_commands_on_the_page(slack, app) -> None:
    app.answers["commands"] = "Nothing is running"
    address = f"{slack.url}/channels/plans/messages"
    httpx.post(address, data={"user": "U2", "text": "<b>hello</b>"})
    httpx.post(address, data={"user": "U2", "text": "/agent tasks list"})
    page = slack.page(user="U2")
    assert "Nothing is running" in page
    assert app.last("commands")["text"] == "tasks list"
    assert "<b>hello" not in page


def test_a_dialog_is_filled_in_on_the_page(slack, app) -> None:
    slack.press(slack.card())
    plain = {"type": "plain_text", "text": "Why?"}
    element = {"type": "plain_text_input", "action_id": "text"}
    blocks = [{"type": "input", "block_id": "reason", "label": plain, "element": element}]
    view = {"type": "modal", "title": plain, "submit": plain, "blocks": blocks}
    slack.web.views_open(trigger_id=str(app.last("interactivity")["trigger_id"]), view=view)
    action = re.search(r'action="(/channels/plans/views/\w+)"', slack.page(user="U1"))
    assert action is not None
    httpx.post(f"{slack.url}{action[1]}", data={"reason/text": "too risky", "close": ""})
    values = app.last("interactivity")["view"]["state"]["values"]
    assert values["reason"]["text"]["value"] == "too risky"
    assert "Why?" not in slack.page(user="U1")


def test_the_pages_list_channels_and_refuse_unknown_ones(slack) -> None:
    assert "#plans" in httpx.get(slack.url).text
    assert httpx.get(f"{slack.url}/channels/nowhere").status_code == 404
