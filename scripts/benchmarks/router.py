"""What the way in costs: a cold start's imports, a warm delivery, deliveries through the deployed API."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from unittest import mock

import httpx
from pydantic import JsonValue

from lambdas.http import Event
from lambdas.jira_webhook import handler as jira_webhook
from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.layout import ROOT
from scripts.benchmarks.deliveries import WELL_FORMED
from scripts.benchmarks.fuzzed_platform import connections
from scripts.benchmarks.signing import SECRETS, SIGN
from slipway.adapters.aws.clients import Clients
from slipway.bootstrap import AwsPlatform
from slipway.settings import Settings

_FLOOR = "import boto3; boto3.client('dynamodb', region_name='eu-west-1')"
_TIMED = "import time\nbegan = time.process_time()\n{}\nprint(time.process_time() - began)"
_TABLE = "slipway-bench"
_SECRET = SECRETS["jira"][0]
_SENDERS = 4
Times = dict[str, list[float]]


def import_seconds(*, runs: int) -> dict[str, float]:
    """Processor time of importing each webhook's handler, and of boto3 with a DynamoDB client: the least."""
    handlers = sorted({sent.handler for sent in WELL_FORMED})
    code = {"boto3's DynamoDB client": _FLOOR} | {name: f"import lambdas.{name}.handler" for name in handlers}
    return {
        name: min(float(_python(_TIMED.format(text))) for _ in range(runs)) for name, text in code.items()
    }


def _python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def warm_seconds(emulator: str, *, deliveries: int) -> Times:
    """New tickets into a table of its own: our handler, and one that only verifies and writes once.

    They take turns, so that a busy machine is equally hard on both.
    """
    clients = Clients(session=emulator_session(), endpoint_url=checked(emulator))
    with _table(clients):
        platform = AwsPlatform(
            settings=Settings(environment="dev", tasks_table=_TABLE, errors_table=_TABLE), clients=clients
        )
        # A cached property: connections are read once per process, so they are no part of a warm delivery.
        vars(platform)["secrets"] = connections()
        times: Times = {"floor": [], "jira_webhook": []}
        # Metrics are lines on stdout, which a Lambda's log takes.
        with (
            mock.patch.object(jira_webhook, "platform", return_value=platform),
            redirect_stdout(io.StringIO()),
        ):
            for number in range(deliveries + 10):
                for name, handle in (("floor", _floor(clients)), ("jira_webhook", _ours)):
                    event = _ticket(f"{name[0].upper()}-{number}")
                    began = time.perf_counter()
                    handle(event)
                    times[name].append(time.perf_counter() - began)
    return {name: sorted(values[10:]) for name, values in times.items()}


def _ours(event: Event) -> None:
    answer = jira_webhook.handler(event, None)
    assert answer["statusCode"] == 202, answer


def _floor(clients: Clients) -> Callable[[Event], None]:
    def handle(event: Event) -> None:
        body, headers = str(event["body"]), event["headers"]
        assert isinstance(headers, dict)
        expected = "sha256=" + hmac.new(_SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
        assert hmac.compare_digest(expected, headers["x-hub-signature"])
        key = json.loads(body)["issue"]["key"]
        clients.dynamodb.put_item(
            TableName=_TABLE,
            Item={"pk": {"S": f"FLOOR#{key}"}, "sk": {"S": "FLOOR"}, "body": {"S": body}},
            ConditionExpression="attribute_not_exists(pk)",
        )

    return handle


def _ticket(key: str) -> Event:
    """A new ticket's delivery, signed."""
    payload = json.loads(json.dumps(WELL_FORMED[0].payload))
    payload["issue"]["key"] = key
    body = json.dumps(payload).encode()
    headers = {"content-type": "application/json", **SIGN["jira"](body, _SECRET, 0)}
    return {"rawPath": "/webhooks/jira", "headers": headers, "body": body.decode(), "isBase64Encoded": False}


@contextmanager
def _table(clients: Clients) -> Iterator[None]:
    """Nothing follows this table, so no work begins."""
    clients.dynamodb.create_table(
        TableName=_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    try:
        yield
    finally:
        clients.dynamodb.delete_table(TableName=_TABLE)


def deliveries_per_second(api_url: str, *, secret: str, requests: int) -> dict[str, float]:
    """Through the deployed API, several at once: a signed webhook that starts nothing, and GET /health."""
    body = json.dumps({"webhookEvent": "jira:issue_deleted", "issue": {"key": "BENCH-1"}}).encode()
    signed = {"content-type": "application/json", **SIGN["jira"](body, secret, 0)}
    with httpx.Client(timeout=60, trust_env=False) as http, ThreadPoolExecutor(_SENDERS) as senders:

        def health(_: int) -> int:
            return http.get(f"{api_url}/health").status_code

        def webhook(_: int) -> int:
            return http.post(f"{api_url}/webhooks/jira", content=body, headers=signed).status_code

        found: dict[str, float] = {}
        for name, send in (("floor: GET /health", health), ("jira_webhook", webhook)):
            assert set(senders.map(send, range(_SENDERS * 3))) == {200}
            began = time.perf_counter()
            statuses = set(senders.map(send, range(requests)))
            found[name] = requests / (time.perf_counter() - began)
            assert statuses == {200}, statuses
    return found


def percentile(values: list[float], share: float) -> float:
    """Of sorted values."""
    return values[min(len(values) - 1, int(len(values) * share))]


def router_document(
    imports: dict[str, float], warm: Times, through: dict[str, float]
) -> dict[str, JsonValue]:
    """Stable keys; ratios are to the floor, the first of each."""
    floor_import, *_ = imports.values()
    floor_through, *_ = through.values()
    floor = warm["floor"]
    return {
        "import_cpu_seconds": {
            name: {"seconds": round(seconds, 3), "ratio": round(seconds / floor_import, 2)}
            for name, seconds in imports.items()
        },
        "warm_milliseconds": {
            name: {
                "p50": round(1000 * statistics.median(values), 2),
                "p99": round(1000 * percentile(values, 0.99), 2),
                "ratio_p50": round(statistics.median(values) / statistics.median(floor), 2),
                "ratio_p99": round(percentile(values, 0.99) / percentile(floor, 0.99), 2),
            }
            for name, values in warm.items()
        },
        "deliveries_per_second": {
            name: {"per_second": round(rate, 1), "ratio": round(rate / floor_through, 2)}
            for name, rate in through.items()
        },
    }
