"""The fuzz run in small: its promises hold, it repeats itself, and it notices a promise that breaks."""

from __future__ import annotations

import importlib

import pytest

from lambdas.http import Event, Response, respond
from scripts.benchmarks.fuzz import fuzz
from scripts.benchmarks.fuzzed_platform import NOW
from scripts.benchmarks.signing import SECRETS, SIGN, body_of, is_proven
from slipway.domain.intake import signatures
from slipway.domain.intake.delivery import Delivery
from slipway.ports.platform import Platform
from slipway.services.reply import Reply

STAMP = int(NOW.timestamp())


def test_two_thousand_mutated_deliveries_break_nothing() -> None:
    report = fuzz(deliveries=2000, seed=20260504)
    assert report.breaches == []
    assert set(report.tallies) == {"github", "jira", "sentry", "slack"}
    for tally in report.tallies.values():
        assert 0 < tally.effects < tally.proven < tally.deliveries
    assert report.tallies["jira"].tasks > 0


def test_a_seed_makes_the_same_deliveries_again() -> None:
    first, second = (fuzz(deliveries=300, seed=7).document() for _ in range(2))
    assert first["sources"] == second["sources"]


def test_a_door_without_a_lock_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "_matches", lambda *_: True)
    promises = {breach.promise for breach in fuzz(deliveries=400, seed=1).breaches}
    assert "nothing unproven has an effect" in promises


def test_a_handler_that_breaks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_delivery: Delivery, _platform: Platform) -> Reply:
        raise KeyError("issue")

    module = importlib.import_module("lambdas.jira_webhook.handler")

    def handler(event: Event, _context: object) -> Response:
        return respond(event, broken, module.platform)

    monkeypatch.setattr(module, "handler", handler)
    report = fuzz(deliveries=50, seed=1)
    assert {breach.source for breach in report.breaches} == {"jira"}
    assert any(breach.promise.startswith("no 5xx: 500") for breach in report.breaches)


@pytest.mark.parametrize("source", sorted(SIGN))
def test_the_judge_of_signatures_believes_both_secrets_and_no_other(source: str) -> None:
    body = b'{"a": 1}'
    for secret, proven in ((SECRETS[source][0], True), (SECRETS[source][1], True), ("other", False)):
        event: Event = {"headers": SIGN[source](body, secret, STAMP), "body": body.decode()}
        assert body_of(event) == body
        assert is_proven(event, source=source, now=STAMP) is proven
    unsigned: Event = {"headers": None, "body": body.decode()}
    assert not is_proven(unsigned, source=source, now=STAMP)
