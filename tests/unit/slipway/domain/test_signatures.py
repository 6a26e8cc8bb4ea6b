"""Signatures, by the vectors that GitHub, Atlassian and Slack publish."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from slipway.domain.intake.delivery import Delivery
from slipway.domain.intake.signatures import (
    check_body_signature,
    check_sentry_signature,
    check_slack_signature,
)
from slipway.domain.problem import Refused

SECRET = "It's a Secret to Everybody"
GITHUB = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
JIRA = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SLACK_TIME = 1531420618
SLACK = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def status_of(refused: pytest.ExceptionInfo[Refused]) -> int:
    return refused.value.problem.status


def test_githubs_vector_is_accepted() -> None:
    delivery = Delivery(headers={"x-hub-signature-256": GITHUB}, body=b"Hello, World!")
    check_body_signature(delivery, [SECRET], header="X-Hub-Signature-256")


def test_atlassians_vector_is_accepted() -> None:
    delivery = Delivery(headers={"x-hub-signature": JIRA}, body=b"Hello World!")
    check_body_signature(delivery, [SECRET], header="X-Hub-Signature")


def test_the_older_of_two_secrets_is_accepted_while_rotating() -> None:
    delivery = Delivery(headers={"x-hub-signature": JIRA}, body=b"Hello World!")
    check_body_signature(delivery, ["new", SECRET], header="X-Hub-Signature")


@pytest.mark.parametrize(
    ("headers", "body", "secrets"),
    [
        ({"x-hub-signature": JIRA}, b"Hello World?", [SECRET]),
        ({"x-hub-signature": JIRA}, b"Hello World!", ["other"]),
        ({"x-hub-signature": JIRA}, b"Hello World!", []),
        ({"x-hub-signature": JIRA}, b"Hello World!", [""]),
        ({"x-hub-signature": JIRA.replace("sha256", "sha1")}, b"Hello World!", [SECRET]),
        ({"x-hub-signature": JIRA.upper()}, b"Hello World!", [SECRET]),
        ({"x-hub-signature": "sha256=äöü"}, b"Hello World!", [SECRET]),
        ({"x-hub-signature": ""}, b"Hello World!", [SECRET]),
        ({}, b"Hello World!", [SECRET]),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], body: bytes, secrets: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        check_body_signature(Delivery(headers=headers, body=body), secrets, header="X-Hub-Signature")
    assert status_of(refused) == 401


def test_an_empty_secret_never_matches_an_empty_key() -> None:
    digest = hmac.new(b"", b"x", hashlib.sha256).hexdigest()
    with pytest.raises(Refused):
        check_body_signature(
            Delivery(headers={"x-hub-signature": f"sha256={digest}"}, body=b"x"),
            [""],
            header="X-Hub-Signature",
        )


def slack(*, signature: str = SLACK, timestamp: str = str(SLACK_TIME)) -> Delivery:
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": timestamp}
    return Delivery(headers=headers, body=SLACK_BODY)


@pytest.mark.parametrize("now", [SLACK_TIME - 300, SLACK_TIME, SLACK_TIME + 300])
def test_slacks_vector_is_accepted_within_five_minutes(now: float) -> None:
    check_slack_signature(slack(), ["new", SLACK_SECRET], now=now)


@pytest.mark.parametrize(
    ("delivery", "now"),
    [
        (slack(), SLACK_TIME + 301),
        (slack(), SLACK_TIME - 301),
        (slack(signature=SLACK[:-1] + "4"), SLACK_TIME),
        (slack(signature=SLACK.replace("v0", "v1")), SLACK_TIME),
        (slack(timestamp="soon"), SLACK_TIME),
        (slack(timestamp="²"), SLACK_TIME),
        (slack(timestamp=str(SLACK_TIME + 1)), SLACK_TIME),
        (slack(timestamp=""), SLACK_TIME),
    ],
)
def test_a_slack_request_out_of_time_or_altered_is_refused(delivery: Delivery, now: float) -> None:
    with pytest.raises(Refused) as refused:
        check_slack_signature(delivery, [SLACK_SECRET], now=now)
    assert status_of(refused) == 401


class At(Clock):
    """A clock that stands."""

    def now(self) -> float:
        return float(SLACK_TIME)


@given(
    body=st.text(st.characters(codec="utf-8"), max_size=200).map(str.encode),
    signed_with=st.sampled_from([SLACK_SECRET, "older", "guess"]),
    seconds=st.integers(-400, 400),
)
def test_slacks_own_library_accepts_and_rejects_the_same(body: bytes, signed_with: str, seconds: int) -> None:
    timestamp = str(SLACK_TIME + seconds)
    signer = SignatureVerifier(signed_with)
    signature = signer.generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": timestamp}
    theirs = any(
        SignatureVerifier(secret, clock=At()).is_valid(body, timestamp, signature)
        for secret in (SLACK_SECRET, "older")
    )
    try:
        check_slack_signature(
            Delivery(headers=headers, body=body), [SLACK_SECRET, "older"], now=float(SLACK_TIME)
        )
        ours = True
    except Refused:
        ours = False
    assert ours is theirs


def sentry(signature: str) -> Delivery:
    return Delivery(headers={"sentry-hook-signature": signature}, body=b"{}")


def test_sentrys_bare_digest_of_the_body_is_accepted_from_both_secrets() -> None:
    for secret in ("new", "old"):
        digest = hmac.new(secret.encode(), b"{}", hashlib.sha256).hexdigest()
        check_sentry_signature(
            sentry(digest), ["new", "old"], header="Sentry-Hook-Signature", unsigned="Sign it."
        )


@pytest.mark.parametrize("signature", ["", "0" * 64, "sha256=" + "0" * 64, "äöü"])
def test_anything_else_is_not_of_sentry(signature: str) -> None:
    with pytest.raises(Refused) as refused:
        check_sentry_signature(
            sentry(signature), ["new"], header="Sentry-Hook-Signature", unsigned="Sign it."
        )
    assert status_of(refused) == 401
