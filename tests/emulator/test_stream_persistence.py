"""A restarted emulator delivers what is written next, and what was written but not yet delivered."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.emulator_process import Emulator, eventually
from tests.emulator.functions import ensure_function
from tests.emulator.test_services import RECORDER, events_seen

pytestmark = pytest.mark.emulator
SCHEMA = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path / "state")
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.stop()


def deploy_reader(emulator: Emulator) -> str:
    """A table whose stream a function records; return the mapping's id."""
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(TableName="seen", **SCHEMA)
    ensure_function(emulator, "reader", source=RECORDER)
    stream = dynamodb.create_table(
        TableName="streamed",
        **SCHEMA,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    mapping = emulator.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName="reader", StartingPosition="TRIM_HORIZON", BatchSize=1
    )
    return str(mapping["UUID"])


def write(emulator: Emulator, *keys: str) -> None:
    for key in keys:
        emulator.client("dynamodb").put_item(TableName="streamed", Item={"id": {"S": key}})


def read(emulator: Emulator) -> list[str]:
    records = [record for event in events_seen(emulator, "reader") for record in event["Records"]]
    return sorted(record["dynamodb"]["Keys"]["id"]["S"] for record in records)


def test_what_is_written_after_a_restart_reaches_the_function(restarted: Emulator) -> None:
    deploy_reader(restarted)
    write(restarted, "a", "b", "c")
    eventually(lambda: read(restarted) == ["a", "b", "c"], within_seconds=15, what="three records delivered")
    restarted.stop()
    restarted.start()
    write(restarted, "d")
    eventually(lambda: read(restarted) == ["a", "b", "c", "d"], within_seconds=15, what="the fourth as well")


def test_what_was_not_delivered_before_the_stop_is_delivered_after_it(restarted: Emulator) -> None:
    mapping = deploy_reader(restarted)
    write(restarted, "a")
    eventually(lambda: read(restarted) == ["a"], within_seconds=15, what="the first record delivered")
    restarted.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)
    write(restarted, "b")
    restarted.stop()
    restarted.start()
    restarted.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    eventually(lambda: read(restarted) == ["a", "b"], within_seconds=15, what="the held record delivered")


def test_a_killed_emulator_still_delivers_what_is_written_next(restarted: Emulator) -> None:
    deploy_reader(restarted)
    write(restarted, "a", "b")
    eventually(lambda: read(restarted) == ["a", "b"], within_seconds=15, what="both records delivered")
    saved = restarted.state / "services"
    eventually(
        lambda: (
            all((saved / f"{name}.json").exists() for name in ("dynamodb", "lambda"))
            and '"streamed"' in (saved / "dynamodb.json").read_text()
        ),
        within_seconds=10,
        what="a snapshot holds the table",
    )
    restarted.stop(signal.SIGKILL)
    restarted.start()
    write(restarted, "z")
    eventually(lambda: "z" in read(restarted), within_seconds=15, what="the new record delivered")
