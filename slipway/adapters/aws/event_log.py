"""The history of a task as rows of the tasks table, next to the task they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.domain.errors import NotFound
from slipway.domain.event import EventKind, TaskEvent, new_event
from slipway.ports.clock import Clock, utc_now


@dataclass(frozen=True, kw_only=True)
class DynamoEventLog:
    """Append-only: no row is ever changed; only the task's running cost is a counter."""

    clients: Clients
    table: str
    clock: Clock = utc_now

    def append(
        self,
        task_id: str,
        kind: EventKind,
        message: str,
        *,
        actor: str = "platform",
        detail: Mapping[str, JsonValue] | None = None,
    ) -> TaskEvent:
        """Append one fact and return it."""
        event = new_event(task_id, kind, message, at=self.clock(), actor=actor, detail=detail)
        with mapped(f"appending {kind} to task {task_id}"):
            self.clients.dynamodb.put_item(
                TableName=self.table, Item=rows.of(event) | rows.event_key(task_id, event.id)
            )
        return event

    def events(self, task_id: str) -> Sequence[TaskEvent]:
        """The whole history, oldest first."""
        pages = self.clients.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :task AND begins_with(sk, :event)",
            ExpressionAttributeValues=rows.attributes({":task": f"TASK#{task_id}", ":event": "EVENT#"}),
            ConsistentRead=True,
        )
        with mapped(f"reading the events of task {task_id}"):
            return [TaskEvent.model_validate(rows.plain(item)) for page in pages for item in page["Items"]]

    def add_cost(self, task_id: str, usd: float) -> float:
        """Atomically add to the task's cost and return the new total in USD."""
        try:
            with mapped(f"adding cost to task {task_id}"):
                answer = self.clients.dynamodb.update_item(
                    TableName=self.table,
                    Key=rows.task_key(task_id),
                    UpdateExpression="ADD cost_usd :usd",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=rows.attributes({":usd": round(usd, 9)}),
                    ReturnValues="UPDATED_NEW",
                )
        except ConditionFailed as error:
            raise NotFound(f"task {task_id} does not exist; its cost of {usd} USD has no row") from error
        total = rows.plain(answer["Attributes"])["cost_usd"]
        return float(total) if isinstance(total, int | float) else 0.0
