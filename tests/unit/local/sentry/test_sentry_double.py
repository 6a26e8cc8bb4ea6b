"""The Sentry double: errors become issues, the integration is told, tools can resolve and assign."""

from __future__ import annotations

import hashlib
import hmac
import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from local import double
from local.sentry.app import build
from local.sentry.errors import Unreadable, exception_of
from slipway.domain.intake.decisions import Ingest, IssueChange, SentryDecision
from slipway.domain.intake.delivery import Delivery, read_object
from slipway.domain.intake.sentry import decide

SECRET = "client-secret"
ISSUES = "/api/0/organizations/acme/issues/"
TRACEBACK = """\
The nightly job died:
Traceback (most recent call last):
  File "shop/web.py", line 12, in serve
    return total(basket)
           ^^^^^^^^^^^^^
  File "shop/basket.py", line 7, in total
    return sum(prices) / len(prices)
ZeroDivisionError: division by zero
"""


@dataclass
class Sentry:
    """A started double and the integration that it tells."""

    http: httpx.Client
    received: queue.Queue[Delivery] = field(default_factory=queue.Queue)

    def report(self, traceback: str = TRACEBACK) -> dict[str, str]:
        answer = self.http.post("/_admin/alerts", json={"project": "shop", "traceback": traceback})
        issue: dict[str, str] = answer.raise_for_status().json()
        return issue

    def told(self) -> SentryDecision:
        """The next webhook, as the platform decides on it; its signature is checked first."""
        delivery = self.received.get(timeout=30)
        digest = hmac.new(SECRET.encode(), delivery.body, hashlib.sha256).hexdigest()
        assert delivery.header("sentry-hook-signature") == digest
        return decide(delivery, read_object(delivery.body))


@pytest.fixture
def sentry(tmp_path: Path) -> Iterator[Sentry]:
    received: queue.Queue[Delivery] = queue.Queue()

    async def hook(request: Request) -> PlainTextResponse:
        received.put(Delivery(headers=dict(request.headers), body=await request.body()))
        return PlainTextResponse("seen")

    def receiver(_url: str) -> Starlette:
        return Starlette(routes=[Route("/hook", hook, methods=["POST"])])

    with (
        double.serving(receiver) as hook_url,
        double.serving(lambda url: build(tmp_path, url=url)) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer t1"}) as http,
    ):
        integration = {"url": f"{hook_url}/hook", "secret": SECRET, "token": "t1"}
        http.put("/_admin/integration", json=integration).raise_for_status()
        yield Sentry(http=http, received=received)


def test_a_new_error_is_told_as_an_issue_and_as_an_alert_with_its_trace(sentry: Sentry) -> None:
    issue = sentry.report()
    created, alert = sentry.told(), sentry.told()
    assert isinstance(created, Ingest)
    assert isinstance(alert, Ingest)
    assert created.alert.subject == alert.alert.subject == f"sentry:{issue['id']}"
    assert 'File "shop/basket.py", line 7, in total' in alert.alert.description
    assert alert.alert.project == "shop"


def test_the_same_error_at_the_same_place_is_the_same_issue(sentry: Sentry) -> None:
    first, second = sentry.report(), sentry.report()
    assert (first["id"], second["count"]) == (second["id"], "2")
    other = sentry.report(TRACEBACK.replace("in total", "in average"))
    assert other["id"] != first["id"]


def test_resolving_and_assigning_are_told(sentry: Sentry) -> None:
    issue = sentry.report()
    for _ in range(2):
        sentry.told()
    changed = sentry.http.put(f"{ISSUES}{issue['id']}/", json={"status": "resolved", "assignedTo": "dana"})
    assert (changed.json()["status"], changed.json()["assignedTo"]["name"]) == ("resolved", "dana")
    resolved, assigned = sentry.told(), sentry.told()
    assert isinstance(resolved, IssueChange)
    assert isinstance(assigned, IssueChange)
    assert (resolved.status, assigned.status) == ("resolved", None)


def test_issues_are_found_and_read_with_the_token_only(sentry: Sentry) -> None:
    issue = sentry.report()
    assert [one["id"] for one in sentry.http.get(ISSUES).json()] == [issue["id"]]
    assert sentry.http.get(ISSUES, params={"query": "is:resolved"}).json() == []
    assert [one["id"] for one in sentry.http.get(ISSUES, params={"query": "is:unresolved basket"}).json()]
    assert sentry.http.get(f"{ISSUES}{issue['shortId']}/").json()["id"] == issue["id"]
    latest = sentry.http.get(f"{ISSUES}{issue['id']}/events/latest/").json()
    assert latest["exception"]["values"][0]["type"] == "ZeroDivisionError"
    assert sentry.http.get(ISSUES, headers={"Authorization": "Bearer guess"}).status_code == 401
    assert sentry.http.get(f"{ISSUES}1/").status_code == 404


def test_what_applications_write_is_shown_as_text(sentry: Sentry) -> None:
    sentry.report(TRACEBACK.replace("division by zero", "<script>alert(1)</script>"))
    page = sentry.http.get("/").text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_last_traceback_of_a_text_is_the_error() -> None:
    exception = exception_of(
        TRACEBACK.replace("ZeroDivisionError", "shop.errors.Broken") + "\nAnd then it stopped."
    )
    assert (exception["type"], exception["value"]) == ("Broken", "division by zero")


@pytest.mark.parametrize("text", ["", "it broke", "Traceback (most recent call last):\nValueError: x"])
def test_a_text_without_a_traceback_is_not_an_error(text: str, sentry: Sentry) -> None:
    with pytest.raises(Unreadable):
        exception_of(text)
    answer = sentry.http.post("/_admin/alerts", json={"project": "shop", "traceback": text or " "})
    assert answer.status_code == 400
