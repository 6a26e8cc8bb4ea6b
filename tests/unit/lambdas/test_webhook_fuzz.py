"""Properties of the way in: whatever the bytes and headers are, there is an answer, and proof comes first."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.http import Response, respond
from scripts.benchmarks.fuzzed_platform import NOW, footprint, fuzzed_platform
from scripts.benchmarks.signing import SECRETS, SIGN
from slipway.domain.intake.delivery import Delivery
from slipway.domain.problem import Problem
from slipway.ports.platform import Platform
from slipway.services.receive_github import receive_github
from slipway.services.receive_jira import receive_jira
from slipway.services.receive_sentry import receive_sentry
from slipway.services.receive_slack import receive_slack_event, receive_slack_form
from slipway.services.reply import Reply

Receive = Callable[[Delivery, Platform], Reply]
STAMP = int(NOW.timestamp())
DOORS: tuple[tuple[str, Receive], ...] = (
    ("github", receive_github),
    ("jira", receive_jira),
    ("sentry", receive_sentry),
    ("slack", receive_slack_event),
    ("slack", receive_slack_form),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KNOWN_NAMES = st.sampled_from(
    [
        "action",
        "issue",
        "comment",
        "webhookEvent",
        "data",
        "event",
        "type",
        "key",
        "body",
        "id",
        "user",
        "text",
    ]
)
KNOWN_WORDS = st.sampled_from(
    ["jira:issue_created", "comment_created", "created", "completed", "event_callback", "SHOP-1", "triggered"]
)
PAYLOADS = st.dictionaries(KNOWN_NAMES, KNOWN_WORDS | JSON, max_size=6)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-github-event", "sentry-hook-resource", "x-github-delivery"]),
    st.text()
    | st.sampled_from(["application/json", "application/x-www-form-urlencoded", "issue", "check_run"]),
)


def ask(receive: Receive, body: bytes, headers: dict[str, str], platform: Platform) -> Response:
    event = {"headers": headers, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return respond(event, receive, lambda: platform)


@pytest.mark.parametrize(("source", "receive"), DOORS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(payload=PAYLOADS, headers=HEADERS)
def test_every_signed_object_is_answered_and_never_with_a_failure(
    source: str, receive: Receive, payload: dict[str, object], headers: dict[str, str]
) -> None:
    body = json.dumps(payload).encode()
    signed = headers | SIGN[source](body, SECRETS[source][1], STAMP)
    answer = ask(receive, body, signed, fuzzed_platform())
    assert answer["statusCode"] < 500
    assert answer["statusCode"] != 401


@pytest.mark.parametrize(("source", "receive"), DOORS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(body=st.binary(max_size=400), headers=HEADERS, secret=st.text(max_size=20))
def test_no_bytes_without_the_secret_have_an_effect(
    source: str, receive: Receive, body: bytes, headers: dict[str, str], secret: str
) -> None:
    platform = fuzzed_platform()
    before = footprint(platform)
    forged = headers | SIGN[source](body, secret, STAMP)
    answer = ask(receive, body, forged, platform)
    assert Problem.model_validate_json(answer["body"]).status == answer["statusCode"] == 401
    assert footprint(platform) == before
