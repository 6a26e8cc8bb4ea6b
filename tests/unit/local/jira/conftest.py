"""A started Jira double, a person who uses it, and a receiver of its webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from local import double
from local.jira.app import build

SECRET = "It's a Secret to Everybody"


@dataclass
class Receiver:
    """Records what arrives and answers with the next status of `answers`, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def app(self, url: str) -> Starlette:
        self.url = url

        async def hook(request: Request) -> PlainTextResponse:
            self.requests.append((dict(request.headers), await request.body()))
            return PlainTextResponse("seen", status_code=self.answers.pop(0) if self.answers else 200)

        return Starlette(routes=[Route("/hook", hook, methods=["POST"])])

    def wait(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        eventually(lambda: len(self.requests) >= count, f"{count} deliveries")
        return self.requests


@dataclass
class Jira:
    """A started double with its administrator's and a person's clients."""

    url: str
    admin: httpx.Client
    person: httpx.Client
    bot: httpx.Client

    def create(self, **fields: object) -> str:
        wanted = {"project": {"key": "SHOP"}, "summary": "A ticket", **fields}
        answer = self.person.post("/issue", json={"fields": wanted})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])


def eventually(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, f"did not happen in time: {what}"
        time.sleep(0.01)


@pytest.fixture(name="eventually")
def eventually_fixture() -> Callable[[Callable[[], bool], str], None]:
    return eventually


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    with double.serving(found.app):
        yield found


@pytest.fixture
def start_jira(tmp_path: Path) -> Iterator[Callable[[], Jira]]:
    """Start doubles over one state directory; a second one stops the first."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def start() -> Jira:
            stack.close()
            url = stack.enter_context(
                double.serving(lambda url: build(tmp_path, url=url, retry_seconds=[0.0] * 5))
            )
            admin = stack.enter_context(httpx.Client(verify=False, base_url=f"{url}/_admin"))
            for email, name, bot in (
                ("ada@example.com", "Ada <b>Lovelace</b>", False),
                ("bot@example.com", "Slipway", True),
            ):
                admin.post(
                    "/users", json={"email": email, "display_name": name, "token": "t0", "bot": bot}
                ).raise_for_status()
            admin.post("/projects", json={"key": "SHOP", "name": "Shop"}).raise_for_status()
            person, robot = (
                stack.enter_context(
                    httpx.Client(verify=False, base_url=f"{url}/rest/api/3", auth=(email, "t0"))
                )
                for email in ("ada@example.com", "bot@example.com")
            )
            return Jira(url=url, admin=admin, person=person, bot=robot)

        yield start


@pytest.fixture
def jira(start_jira: Callable[[], Jira]) -> Jira:
    return start_jira()


@pytest.fixture
def hooked(jira: Jira, receiver: Receiver) -> Jira:
    """A double whose webhook is the receiver."""
    jira.admin.put("/webhook", json={"url": f"{receiver.url}/hook", "secret": SECRET}).raise_for_status()
    return jira
