"""Ways in which a delivery goes wrong: payload, bytes, signature, headers and envelope."""

from __future__ import annotations

import base64
import copy
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from pydantic import JsonValue

from scripts.benchmarks.deliveries import Sent
from scripts.benchmarks.signing import SECRETS, SIGN
from slipway.domain.intake.delivery import BODY_LIMIT, JsonObject

Event = dict[str, object]
_NASTY = (
    "",
    " ",
    "\x00",
    "\ud83d",
    "\u202egnp.exe\u202c",
    "a\u200bb",
    "e\u0301" * 300,
    "'; DROP TABLE tasks; --",
    "{{7*7}}${jndi:ldap://x}",
    "<!-- slipway:task=shop-1-00000001 -->",
    "../../etc/passwd",
    "@slipway approve\n@slipway reject no",
    "> @slipway approve",
    "```\n/agent stop\n```",
    "x" * 70_000,
    "SHOP-99999999999999999999",
    "-1",
    "1e999",
    "NaN",
)
_VALUES: tuple[JsonValue, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1.5,
    [],
    {},
    [None],
    [[[]]],
    {"": {"": ""}},
    *_NASTY,
)
_HEADERS = ("content-type", "x-github-event", "sentry-hook-resource", "x-github-delivery", "request-id")
_TYPES = ("", "text/plain", "application/json; charset=utf-16", "multipart/form-data", "application/xml")


@dataclass(frozen=True)
class Mutated:
    """An event as API Gateway would hand it over, and what was done to it."""

    source: str
    handler: str
    event: Event
    kind: str


def mutate(sent: Sent, chance: Random, *, now: int) -> Mutated:
    """One delivery; most are signed after they were spoilt, so that they get past the door."""
    payload = copy.deepcopy(sent.payload)
    done: list[str] = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        _spoil_payload(payload, chance)
        done.append("payload")
    body = sent.body(payload)
    if chance.random() < 0.15:
        body = chance.choice(_BYTES)(body, chance)
        done.append("bytes")
    signature = SIGN[sent.source](body, chance.choice(SECRETS[sent.source]), now)
    if chance.random() < 0.35:
        signature, body = chance.choice(_SIGNATURES)(signature, body, sent, chance, now)
        done.append("signature")
    headers = {"content-type": sent.content_type, "x-github-delivery": str(chance.getrandbits(64))}
    headers |= {**sent.headers, **signature}
    if chance.random() < 0.15:
        _spoil_headers(headers, chance)
        done.append("headers")
    event = _envelope(body, headers, sent.path, chance)
    if chance.random() < 0.05:
        _spoil_envelope(event, chance)
        done.append("envelope")
    return Mutated(
        source=sent.source, handler=sent.handler, event=event, kind="+".join(sorted(set(done))) or "none"
    )


def _spoil_payload(payload: JsonObject, chance: Random) -> None:
    """Remove, replace, rename or double one field anywhere."""
    places = list(_places(payload))
    if not places:
        return
    holder, name = chance.choice(places)
    match chance.randrange(5):
        case 0:
            del holder[name]
        case 1:
            holder[name + chance.choice(("", " ", "\x00", "s"))] = holder.pop(name)
        case 2:
            nested: JsonValue = holder[name]
            for _ in range(chance.choice((3, 50, 300))):
                nested = [nested] if chance.random() < 0.5 else {name: nested}
            holder[name] = nested
        case 3 if isinstance(text := holder[name], str):
            cut = chance.randint(0, len(text))
            holder[name] = text[:cut] + chance.choice(_NASTY) + text[cut:]
        case _:
            holder[name] = copy.deepcopy(chance.choice(_VALUES))


def _places(value: JsonValue) -> Sequence[tuple[JsonObject, str]]:
    found: list[tuple[JsonObject, str]] = []
    left: list[JsonValue] = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            found += [(one, name) for name in one]
            left += one.values()
        elif isinstance(one, list):
            left += one
    return found


def _flip(body: bytes, chance: Random) -> bytes:
    changed = bytearray(body or b"\0")
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _nested(_body: bytes, chance: Random) -> bytes:
    depth = chance.choice((500, 5_000, 100_000))
    return b'{"a":' * depth + b"1" + b"}" * depth


_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _nested,
    lambda body, chance: body[: chance.randint(0, len(body))],
    lambda body, chance: body + chance.randbytes(chance.randint(1, 64)),
    lambda body, _: b"\xef\xbb\xbf" + body,
    lambda body, _: gzip.compress(body, mtime=0),
    lambda body, _: body.decode(errors="replace").encode("utf-16"),
    lambda body, _: body + b" " * BODY_LIMIT,
    lambda body, _: b"[" + body + b"]",
    lambda body, _: body.replace(b":", b":NaN,", 1),
    lambda body, _: body.replace(b'"', b'"\\ud800', 2),
    lambda _body, chance: json.dumps(chance.choice(_VALUES)).encode(),
    lambda _body, _: b"&".join(b"a%d=%%ff" % number for number in range(150)),
    lambda _body, _: b"payload=%7B%7D&command=x",
    lambda _body, _: b"",
)

Signature = dict[str, str]
_Forgery = Callable[[Signature, bytes, Sent, Random, int], tuple[Signature, bytes]]


def _each(change: Callable[[str, Random], str]) -> _Forgery:
    def forge(
        signature: Signature, body: bytes, _sent: Sent, chance: Random, _now: int
    ) -> tuple[Signature, bytes]:
        return {name: change(value, chance) for name, value in signature.items()}, body

    return forge


def _foreign(
    _signature: Signature, body: bytes, sent: Sent, chance: Random, now: int
) -> tuple[Signature, bytes]:
    """Signed with the secret of another source, or with one that nobody gave."""
    secrets = [secret for source, both in SECRETS.items() if source != sent.source for secret in both]
    return SIGN[sent.source](body, chance.choice([*secrets, "", "guess"]), now), body


def _late(signature: Signature, body: bytes, sent: Sent, chance: Random, now: int) -> tuple[Signature, bytes]:
    """A replay, or from the future; only Slack signs the time."""
    del signature
    moment = now + chance.choice((-301, -86_400, 302, 10**9))
    return SIGN[sent.source](body, SECRETS[sent.source][0], moment), body


def _tampered(
    signature: Signature, body: bytes, _sent: Sent, chance: Random, _now: int
) -> tuple[Signature, bytes]:
    return signature, _flip(body, chance)


_SIGNATURES: tuple[_Forgery, ...] = (
    _foreign,
    _late,
    _tampered,
    _tampered,
    lambda _signature, body, _sent, _random, _now: ({}, body),
    _each(lambda value, chance: value[: chance.randint(0, len(value))]),
    _each(lambda value, _: value.upper()),
    _each(lambda value, _: f"sha1={value.partition('=')[2]}"),
    _each(lambda value, _: f" {value} "),
    _each(lambda value, _: f"{value},{value}"),
    _each(lambda value, _: value.replace("a", "\u0430")),
    _each(lambda value, chance: value.partition("=")[0] + f"={chance.getrandbits(256):064x}"),
    _each(lambda _value, _: "\ud800"),
)


def _spoil_headers(headers: dict[str, str], chance: Random) -> None:
    name = chance.choice([*headers, *_HEADERS])
    match chance.randrange(4):
        case 0:
            headers.pop(name, None)
        case 1 if name in headers:
            headers[name.title()] = headers.pop(name)
        case 2:
            headers["content-type"] = chance.choice(_TYPES)
        case _:
            headers[chance.choice(_HEADERS)] = chance.choice(_NASTY)


def _envelope(body: bytes, headers: dict[str, str], path: str, chance: Random) -> Event:
    """Payload format 2.0; API Gateway encodes what is not text."""
    event: Event = {"version": "2.0", "rawPath": path, "routeKey": f"POST {path}", "headers": headers}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    if chance.random() < 0.2 or (body and not text):
        return event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event | {"body": text, "isBase64Encoded": False}


def _spoil_envelope(event: Event, chance: Random) -> None:
    match chance.randrange(6):
        case 0:
            event.pop("body", None)
        case 1:
            event["isBase64Encoded"] = not event["isBase64Encoded"]
        case 2:
            event["headers"] = None
        case 3:
            event["rawPath"] = chance.choice((None, "", "/slack/events", "/slack/commands/../events"))
        case 4:
            event["body"] = chance.choice((None, 7, {"a": 1}, "\ud800", "%%%"))
        case _:
            event["headers"] = {"content-type": None, "x-hub-signature": ["a"], "": ""}
