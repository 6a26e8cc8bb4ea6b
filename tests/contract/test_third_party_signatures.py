"""Octokit and slack_sdk, who sign and verify for everybody else, agree with our door in both directions."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from local.supervisor.node import node
from scripts.benchmarks.signing import SIGN
from slipway.domain.intake.delivery import Delivery
from slipway.domain.intake.signatures import check_body_signature, check_slack_signature
from slipway.domain.problem import Refused

SCRIPT = Path(__file__).with_name("octokit.mjs")
SECRET = "It's a Secret to Everybody"
NOW = 1777885200
Case = tuple[str, str, str]
"""Secret, body and the signature that was sent."""


def bodies() -> Iterable[str]:
    chosen = random.Random(20260504)
    yield from (
        "{}",
        "Hello, World!",
        '{"name": "Zo\u00eb \U0001f6f3"}',
        "a" * 100_000,
        "\n",
        '{"a":"\\u0000"}',
    )
    for _ in range(60):
        yield "".join(
            chr(chosen.choice((chosen.randrange(32, 127), chosen.randrange(0xA0, 0xD7FF)))) for _ in range(80)
        )


def spoilt(signature: str) -> Iterable[str]:
    """Ways in which a signature is not the right one."""
    scheme, _, digest = signature.partition("=")
    last = "0" if digest[-1] != "0" else "1"
    yield from (digest, f"{scheme}=", f"{scheme}={digest[:-1]}", f"{scheme}={digest[:-1]}{last}")
    yield from (f"{scheme}={digest}0", f"sha1={digest}", f"{scheme}={digest[::-1]}", "nonsense")


def cases(source: str) -> list[Case]:
    found: list[Case] = []
    for body in bodies():
        (signature, *_) = SIGN[source](body.encode(), SECRET, NOW).values()
        other = SIGN[source](body.encode(), "another secret", NOW)
        found += [
            (SECRET, body, signature),
            (SECRET, body, next(iter(other.values()))),
            (SECRET, body + " ", signature),
        ]
        found += [(SECRET, body, wrong) for wrong in spoilt(signature)]
    return found


def octokit(asked: list[Case]) -> list[tuple[str, bool]]:
    sent = json.dumps([dict(zip(("secret", "payload", "signature"), case, strict=True)) for case in asked])
    done = subprocess.run(
        [str(node()), str(SCRIPT)], input=sent, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return [(one["signed"], one["verified"]) for one in json.loads(done.stdout)]


def github_takes(secret: str, body: str, signature: str) -> bool:
    try:
        check_body_signature(
            Delivery(headers={"x-hub-signature-256": signature}, body=body.encode()),
            [secret],
            header="X-Hub-Signature-256",
        )
    except Refused:
        return False
    return True


def slack_takes(secret: str, body: str, signature: str, *, timestamp: str = str(NOW)) -> bool:
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": timestamp}
    try:
        check_slack_signature(Delivery(headers=headers, body=body.encode()), [secret], now=NOW)
    except Refused:
        return False
    return True


class Stopped(Clock):
    def now(self) -> float:
        return float(NOW)


def test_octokit_and_we_take_and_refuse_the_same_signatures() -> None:
    asked = cases("github")
    answers = octokit(asked)
    ours = [github_takes(*case) for case in asked]
    assert ours == [verified for _, verified in answers]
    assert sum(ours) == len([*bodies()])


def test_we_take_what_octokit_signs() -> None:
    asked = [(SECRET, body, "") for body in bodies()]
    assert all(
        github_takes(SECRET, body, signed)
        for (_, body, _), (signed, _) in zip(asked, octokit(asked), strict=True)
    )


def test_slack_sdk_and_we_take_and_refuse_the_same_signatures() -> None:
    verifier = SignatureVerifier(SECRET, clock=Stopped())
    asked = cases("slack")
    ours = [slack_takes(*case) for case in asked]
    assert ours == [verifier.is_valid(body, str(NOW), signature) for _, body, signature in asked]
    assert sum(ours) == len([*bodies()])


@pytest.mark.parametrize("seconds", [-86_400, -301, -300, -299, 0, 299, 300, 301, 86_400])
def test_slack_sdk_and_we_take_and_refuse_the_same_moments(seconds: int) -> None:
    stamp = str(NOW + seconds)
    verifier = SignatureVerifier(SECRET, clock=Stopped())
    signature = verifier.generate_signature(timestamp=stamp, body="{}")
    assert signature is not None
    assert slack_takes(SECRET, "{}", signature, timestamp=stamp) is verifier.is_valid("{}", stamp, signature)
