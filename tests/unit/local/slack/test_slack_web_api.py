import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from local.slack.outgoing import signature


def test_the_signature_is_the_one_slack_publishes() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    assert (
        signature(body, timestamp="1531420618", secret="8f742231b10e8888abcd99yyyzzz85a5")
        == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


def error_of(call, *args, **kwargs) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["error"])


def test_the_token_is_checked(slack) -> None:
    assert slack.web.auth_test()["user_id"] == "U0BOT"
    stranger = WebClient("xoxb-other", base_url=f"{slack.url}/api/")
    assert error_of(stranger.auth_test) == "invalid_auth"
    assert error_of(WebClient(base_url=f"{slack.url}/api/").auth_test) == "not_authed"


def test_an_unknown_method_is_refused(slack) -> None:
    assert error_of(slack.web.api_call, "chat.meMessage") == "unknown_method"


def test_a_thread_is_written_and_read(slack) -> None:
    first = slack.web.chat_postMessage(channel="#plans", text="started")
    slack.web.chat_postMessage(channel=slack.channel, text="planned", thread_ts=first["ts"])
    history = slack.web.conversations_history(channel=slack.channel)["messages"]
    assert [(m["text"], m["reply_count"], m["bot_id"]) for m in history] == [("started", 1, "B0LOCAL")]
    thread = slack.web.conversations_replies(channel=slack.channel, ts=first["ts"])["messages"]
    assert [message["text"] for message in thread] == ["started", "planned"]


def test_a_message_is_edited_in_place_and_deleted(slack) -> None:
    ts = slack.card()
    slack.web.chat_update(channel=slack.channel, ts=ts, text="Approved", blocks=[])
    message = slack.web.conversations_history(channel=slack.channel)["messages"][0]
    assert (message["ts"], message["text"], "blocks" in message) == (ts, "Approved", False)
    assert message["edited"]["user"] == "U0BOT"
    slack.web.chat_delete(channel=slack.channel, ts=ts)
    assert slack.web.conversations_history(channel=slack.channel)["messages"] == []


def test_only_the_bots_own_messages_can_be_edited(slack) -> None:
    wanted = {"user": "U1", "channel": "plans", "text": "mine"}
    ts = slack.admin.post("/messages", json=wanted).json()["ts"]
    assert error_of(slack.web.chat_update, channel=slack.channel, ts=ts, text="x") == "cant_update_message"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "nowhere", "text": "x"}, "channel_not_found"),
        ({"channel": "plans", "text": ""}, "no_text"),
        ({"channel": "plans", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "plans", "text": "x", "blocks": [{"type": "carousel"}]}, "invalid_blocks"),
        (
            {
                "channel": "plans",
                "text": "x",
                "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
            },
            "invalid_blocks",
        ),
    ],
)
def test_a_message_slack_would_refuse_is_refused(slack, arguments, code: str) -> None:
    assert error_of(slack.web.api_call, "chat.postMessage", json=arguments) == code


def test_people_and_channels_are_found(slack) -> None:
    assert slack.web.users_lookupByEmail(email="Olive@example.com")["user"]["id"] == "U1"
    assert slack.web.users_info(user="U2")["user"]["name"] == "sam"
    assert error_of(slack.web.users_info, user="U9") == "user_not_found"
    assert [c["name"] for c in slack.web.conversations_list()["channels"]] == ["plans"]
    assert len(slack.web.users_list()["members"]) == 4
    assert slack.web.conversations_info(channel=slack.channel)["channel"]["is_member"]


def test_lists_come_in_pages(slack) -> None:
    pages = slack.web.users_list(limit=3)
    assert [len(page["members"]) for page in pages] == [3, 1]


def test_the_bot_writes_to_a_person(slack) -> None:
    opened = slack.web.conversations_open(users="U1")["channel"]["id"]
    assert slack.web.chat_postMessage(channel="U1", text="hello")["channel"] == opened


def test_reactions_are_added_once(slack) -> None:
    ts = slack.card()
    slack.web.reactions_add(channel=slack.channel, timestamp=ts, name="eyes")
    assert (
        error_of(slack.web.reactions_add, channel=slack.channel, timestamp=ts, name="eyes")
        == "already_reacted"
    )
    message = slack.web.conversations_history(channel=slack.channel)["messages"][0]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]


def test_an_ephemeral_message_is_for_one_persons_eyes(slack) -> None:
    slack.web.chat_postEphemeral(channel=slack.channel, user="U1", text="just you")
    assert slack.web.conversations_history(channel=slack.channel)["messages"] == []
    assert "just you" in slack.page(user="U1")
    assert "just you" not in slack.page(user="U2")


def test_a_permalink_leads_to_the_page(slack) -> None:
    ts = slack.card()
    link = slack.web.chat_getPermalink(channel=slack.channel, message_ts=ts)["permalink"]
    assert link == f"{slack.url}/channels/plans#m{ts}"


def test_everything_survives_a_restart(start_slack) -> None:
    ts = start_slack().card()
    again = start_slack()
    assert again.web.conversations_history(channel=again.channel)["messages"][0]["ts"] == ts
    assert float(again.card()) > float(ts)
