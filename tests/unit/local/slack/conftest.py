"""A started Slack double, the app that is installed in it, and a person."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local import double
from local.slack.app import build

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-test"


@dataclass
class App:
    """Verifies every request as Slack's own library does, and answers with what a test sets."""

    url: str = ""
    received: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)

    def build(self, url: str) -> Starlette:
        self.url = url
        verifier = SignatureVerifier(SECRET)

        async def endpoint(request: Request) -> Response:
            body = (await request.body()).decode()
            if not verifier.is_valid_request(body, dict(request.headers)):
                return PlainTextResponse("bad signature", status_code=401)
            kind = str(request.path_params["kind"])
            self.received.append((kind, _read(kind, body)))
            self.headers.append(dict(request.headers))
            if self.received[-1][1].get("type") == "url_verification":
                return JSONResponse({"challenge": self.received[-1][1]["challenge"]})
            status = self.statuses.pop(0) if self.statuses else 200
            answer = self.answers.get(kind, "")
            if isinstance(answer, str):
                return PlainTextResponse(answer, status_code=status)
            return JSONResponse(answer, status_code=status)

        return Starlette(routes=[Route("/{kind}", endpoint, methods=["POST"])])

    def last(self, kind: str) -> dict[str, object]:
        return next(payload for found, payload in reversed(self.received) if found == kind)


def _read(kind: str, body: str) -> dict[str, object]:
    if kind == "events":
        return json.loads(body)
    form = {name: values[0] for name, values in parse_qs(body).items()}
    return json.loads(form["payload"]) if kind == "interactivity" else form


@dataclass
class Slack:
    """A started double."""

    url: str
    admin: httpx.Client
    web: WebClient
    channel: str

    def page(self, **query: str) -> str:
        return httpx.get(f"{self.url}/channels/plans", params=query).text

    def card(self, *, thread_ts: str | None = None, reply_broadcast: bool = False) -> str:
        """Post a card with an Approve button and return its timestamp."""
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "Approve"},
            "style": "primary",
            "action_id": "approve",
            "value": "plan-1",
        }
        blocks = [
            {"type": "header", "text": {"type": "plain_text", "text": "Plan"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*Two* files"}},
            {"type": "actions", "elements": [button]},
        ]
        posted = self.web.chat_postMessage(
            channel="plans",
            text="Plan",
            blocks=blocks,
            thread_ts=thread_ts,
            reply_broadcast=reply_broadcast,
        )
        return str(posted["ts"])

    def press(self, ts: str, **other: str) -> httpx.Response:
        wanted = {"user": "U1", "channel": "plans", "ts": ts, "action_id": "approve", **other}
        return self.admin.post("/actions", json=wanted)


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool], str], None]:
    def wait(condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, f"did not happen in time: {what}"
            time.sleep(0.01)

    return wait


@pytest.fixture
def app() -> Iterator[App]:
    found = App()
    with double.serving(found.build):
        yield found


@pytest.fixture
def start_slack(tmp_path: Path, app: App) -> Iterator[Callable[[], Slack]]:
    """Start doubles over one state directory; a second one stops the first."""
    with contextlib.ExitStack() as stack:

        def start() -> Slack:
            stack.close()
            url = stack.enter_context(
                double.serving(lambda url: build(tmp_path, url=url, retry_seconds=[0.0] * 3))
            )
            admin = stack.enter_context(httpx.Client(verify=False, base_url=f"{url}/_admin", timeout=20))
            installed = {
                "signing_secret": SECRET,
                "bot_token": TOKEN,
                "commands_url": f"{app.url}/commands",
                "interactivity_url": f"{app.url}/interactivity",
                "events_url": f"{app.url}/events",
            }
            admin.put("/app", json=installed).raise_for_status()
            for user in (
                {"id": "U1", "name": "olive", "email": "olive@example.com"},
                {"id": "U2", "name": "sam"},
            ):
                admin.post("/users", json=user).raise_for_status()
            channel = admin.post("/channels", json={"name": "#plans"}).raise_for_status().json()["id"]
            return Slack(url=url, admin=admin, web=WebClient(TOKEN, base_url=f"{url}/api/"), channel=channel)

        yield start


@pytest.fixture
def slack(start_slack: Callable[[], Slack]) -> Slack:
    return start_slack()
