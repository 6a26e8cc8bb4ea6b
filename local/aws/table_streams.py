"""DynamoDB streams reach their functions: each mapping on a thread of its own, failures by the rules."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Sequence
from typing import Any

from local.aws import patching
from local.aws.context import Context
from local.aws.stream_batches import Delivery, GivenUp, Interrupted, Policy, Record, deliver

logger = logging.getLogger(__name__)

# An event source mapping is a document of the Lambda API.
Mapping = dict[str, Any]
DEFAULT_BATCH = 100


def install(context: Context) -> None:
    """Replace stock's single poller, which blocks at a failing batch and drops the failure settings."""
    from ministack.services import lambda_svc

    stopping = threading.Event()
    context.on_stop(stopping.set)
    busy = Busy()
    stock_poll_queues = lambda_svc._poll_sqs

    def poll_streams() -> bool:
        for account, region, mapping in lambda_svc._iter_all_esms():
            if reads_a_table(mapping) and is_on(mapping):
                busy.run(
                    str(mapping["UUID"]), lambda a=account, r=region, m=mapping: drain(a, r, m, stopping)
                )
        return False  # nothing more to do on this thread

    def poll_queues() -> bool:
        busy.run("queues", lambda: drain_queues(stopping))
        return False

    def drain_queues(stop: threading.Event) -> None:
        while not stop.is_set() and stock_poll_queues():
            continue

    patching.replace([lambda_svc], "_poll_dynamodb_streams", poll_streams)
    patching.replace([lambda_svc], "_poll_sqs", poll_queues)


class Busy:
    """Runs at most one piece of work per name at a time."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def run(self, name: str, work: Any) -> None:
        """Start the work on a thread unless it runs already."""
        with self._lock:
            if name in self._names:
                return
            self._names.add(name)

        def guarded() -> None:
            try:
                work()
            except Exception:
                logger.exception("source=<%s> | delivery failed", name)
            finally:
                with self._lock:
                    self._names.discard(name)

        threading.Thread(target=guarded, daemon=True, name=f"event-source-{name[:8]}").start()


def reads_a_table(mapping: Mapping) -> bool:
    """Whether a mapping's source is a table's stream."""
    source = str(mapping.get("EventSourceArn", ""))
    return ":dynamodb:" in source and "/stream/" in source


def is_on(mapping: Mapping) -> bool:
    """Whether a mapping is switched on."""
    return bool(mapping.get("Enabled", True))


def table_of(mapping: Mapping) -> str:
    """The name of the table whose stream a mapping reads."""
    return str(mapping["EventSourceArn"]).partition(":table/")[2].partition("/stream/")[0]


def drain(account: str, region: str, mapping: Mapping, stopping: threading.Event) -> None:
    """Deliver what a stream holds for one mapping until there is nothing more."""
    from ministack.core.responses import request_scope

    with request_scope(account, region):
        while not stopping.is_set() and still_exists(mapping) and deliver_next(mapping, stopping):
            continue


def deliver_next(mapping: Mapping, stopping: threading.Event) -> bool:
    """Deliver one batch and move on; False when there is none."""
    from ministack.services import dynamodb, lambda_svc

    source = str(mapping["EventSourceArn"])
    table_name = table_of(mapping)
    table = dynamodb._tables.get(table_name)
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or not table or table.get("LatestStreamArn") != source:
        return False
    position = position_of(mapping, table_name)
    batch = dynamodb.stream_records_since(
        table_name, position, int(mapping.get("BatchSize") or DEFAULT_BATCH)
    )
    if not batch:
        return False
    wanted = lambda_svc._apply_filter_criteria(batch, mapping)
    if wanted:
        try:
            deliver_batch(mapping, function, wanted, source, stopping)
        except Interrupted:
            return False
    with lambda_svc._dynamodb_stream_positions_lock:
        lambda_svc._dynamodb_stream_positions[mapping["UUID"]] = position + len(batch)
    return True


def position_of(mapping: Mapping, table_name: str) -> int:
    """Where a mapping stands in its stream."""
    from ministack.services import dynamodb, lambda_svc

    horizon = int(dynamodb.stream_start_position(table_name))
    is_from_start = mapping.get("StartingPosition", "LATEST") == "TRIM_HORIZON"
    start = horizon if is_from_start else int(dynamodb.stream_end_position(table_name))
    with lambda_svc._dynamodb_stream_positions_lock:
        return max(horizon, int(lambda_svc._dynamodb_stream_positions.setdefault(mapping["UUID"], start)))


def deliver_batch(
    mapping: Mapping, function: Record, records: Sequence[Record], source: str, stopping: threading.Event
) -> None:
    """Deliver one batch by the mapping's rules."""
    from ministack.services import lambda_svc

    def invoke(piece: Sequence[Record]) -> Delivery:
        result = lambda_svc._execute_function(function, {"Records": list(piece)})
        failed = bool(result.get("error"))
        mapping["LastProcessingResult"] = "FAILED" if failed else f"OK - {len(piece)} records"
        if failed:
            logger.warning(
                "function=<%s> | stream batch failed: %s", mapping["FunctionName"], result.get("body")
            )
        return Delivery(answer=result.get("body"), error=result if failed else None)

    def give_up(piece: Sequence[Record], delivery: Delivery, condition: GivenUp) -> None:
        lambda_svc._send_ddb_stream_failure_record(
            mapping, function, list(piece), source, delivery.error or {}, condition
        )

    deliver(
        records,
        policy=policy_of(mapping),
        invoke=invoke,
        give_up=give_up,
        pause=lambda seconds: not stopping.wait(seconds) and still_exists(mapping),
        now=time.time,
    )


def still_exists(mapping: Mapping) -> bool:
    """Whether a mapping was neither deleted nor switched off meanwhile."""
    from ministack.services import lambda_svc

    return is_on(mapping) and mapping["UUID"] in lambda_svc._esms


def policy_of(mapping: Mapping) -> Policy:
    """The failure settings of a mapping; -1 means without limit, as in AWS."""

    def limit(name: str) -> float:
        value = mapping.get(name)
        return math.inf if value is None or int(value) < 0 else float(value)

    return Policy(
        maximum_retries=limit("MaximumRetryAttempts"),
        maximum_age_seconds=limit("MaximumRecordAgeInSeconds"),
        bisects=str(mapping.get("BisectBatchOnFunctionError", False)).lower() == "true",
        reports_item_failures="ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or []),
    )
