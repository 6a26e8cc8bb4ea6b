"""Tasks in the single table: one TransactWriteItems where more than one row must agree."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from slipway.adapters.aws import rows
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.adapters.aws.task_controls import ENDED, DynamoTaskControls
from slipway.adapters.aws.transactions import write_together
from slipway.domain.errors import Conflict, NotFound
from slipway.domain.event import TaskEvent
from slipway.domain.task import Task, TaskPatch, TaskState, check_transition
from slipway.ports.clock import Clock, utc_now
from slipway.ports.tasks import Acceptance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

DELIVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class DynamoTasks(DynamoTaskControls):
    """See `rows` for the keys."""

    clock: Clock = utc_now

    def accept(self, task: Task, *, delivery_id: str, event: TaskEvent) -> Acceptance:
        """Delivery, locks of its subjects, task and first event: all or none."""
        new = "attribute_not_exists(pk)"
        delivery = rows.delivery_key(task.source, delivery_id)
        failed = write_together(
            self.clients,
            [
                self._put(delivery | rows.attributes({"task_id": task.id, "ttl": self._expiry()}), new),
                self._put(self._row(task), new),
                self._put(rows.of(event) | rows.event_key(task.id, event.id)),
                *(
                    self._put(rows.subject_key(one) | rows.attributes({"task_id": task.id}), new)
                    for one in task.subjects
                ),
            ],
            doing=f"accepting task {task.id}",
        )
        if not failed:
            return Acceptance(task_id=task.id, outcome="accepted")
        if 0 in failed or 1 in failed:
            known = self._read(delivery).get("task_id", task.id)
            return Acceptance(task_id=str(known), outcome="duplicate_delivery")
        holder = next(filter(None, map(self.open_for_subject, task.subjects)), None)
        if holder is None:
            raise Conflict(f"{task.subject} was released while task {task.id} was accepted; deliver again")
        return Acceptance(task_id=holder, outcome="already_open")

    def remember_delivery(self, source: str, delivery_id: str, *, task_id: str | None = None) -> bool:
        """True the first time."""
        about = {"task_id": task_id} if task_id else {}
        try:
            with mapped(f"remembering delivery {delivery_id}"):
                self.clients.dynamodb.put_item(
                    TableName=self.table,
                    Item=rows.delivery_key(source, delivery_id)
                    | rows.attributes({"ttl": self._expiry(), **about}),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except ConditionFailed:
            return False
        return True

    def forget_delivery(self, source: str, delivery_id: str) -> None:
        """Let the sender's retry do it again."""
        with mapped(f"forgetting delivery {delivery_id}"):
            self.clients.dynamodb.delete_item(
                TableName=self.table, Key=rows.delivery_key(source, delivery_id)
            )

    def get(self, task_id: str) -> Task:
        """The task; raises NotFound."""
        row = self._read(rows.task_key(task_id))
        if not row:
            raise NotFound(f"task {task_id} does not exist; see `slipway tasks list`")
        return Task.model_validate(row)

    def in_state(self, state: TaskState) -> Sequence[Task]:
        """In the order of the index: priority rank, then time."""
        pages = self.clients.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            IndexName=rows.BY_STATE,
            KeyConditionExpression="gsi1pk = :state",
            ExpressionAttributeValues=rows.attributes({":state": f"STATE#{state}"}),
        )
        with mapped(f"listing {state} tasks"):
            tasks = [Task.model_validate(rows.plain(item)) for page in pages for item in page["Items"]]
        # The index lags behind the table; a row that has moved on is not in this state.
        return [task for task in tasks if task.state is state]

    def open_for_subject(self, subject: str) -> str | None:
        """The holder of the subject's lock."""
        holder = self._read(rows.subject_key(subject)).get("task_id")
        return None if holder is None else str(holder)

    def for_pull_request(self, repository: str, number: int) -> str | None:
        """The task that opened this pull request."""
        owner = self._read(rows.pull_request_key(repository, number)).get("task_id")
        return None if owner is None else str(owner)

    def claim(self, task_id: str, *, slots: int) -> bool:
        """Queued to starting, and into the set of running tasks, in one transaction."""
        failed = write_together(
            self.clients,
            [
                {
                    "Update": {
                        "TableName": self.table,
                        "Key": rows.running_key(),
                        "UpdateExpression": "ADD tasks :one",
                        "ConditionExpression": "attribute_not_exists(tasks) OR size(tasks) < :slots",
                        "ExpressionAttributeValues": {
                            ":one": {"SS": [task_id]},
                            ":slots": {"N": str(slots)},
                        },
                    }
                },
                self._state_change(
                    task_id, TaskState.STARTING, expected=TaskState.QUEUED, time_field="started_at"
                ),
            ],
            doing=f"claiming task {task_id}",
        )
        return not failed

    def unclaim(self, task_id: str) -> None:
        """Back into the queue, out of the set."""
        write_together(
            self.clients,
            [
                self._slot_free(task_id),
                self._state_change(task_id, TaskState.QUEUED, expected=TaskState.STARTING),
            ],
            doing=f"queueing task {task_id} again",
        )

    def move(self, task_id: str, target: TaskState, *, patch: TaskPatch | None = None) -> Task:
        """To another open state."""
        values = self._changes(patch) | {
            "state": str(target),
            "gsi1pk": f"STATE#{target}",
            "updated_at": self.clock().isoformat(),
        }
        return self._update(task_id, values, open_only=True, target=target)

    def patch(self, task_id: str, patch: TaskPatch) -> Task:
        """Change fields, not the state."""
        values = self._changes(patch) | {"updated_at": self.clock().isoformat()}
        task = self._update(task_id, values, open_only=False, target=None)
        for pull_request in patch.pull_requests:
            with mapped(f"linking {pull_request.repository}#{pull_request.number} to task {task_id}"):
                self.clients.dynamodb.put_item(
                    TableName=self.table,
                    Item=rows.pull_request_key(pull_request.repository, pull_request.number)
                    | rows.attributes({"task_id": task_id}),
                )
        return task

    def end(self, task_id: str, state: TaskState, *, reason: str) -> bool:
        """State, slot, places and locks in one transaction."""
        task = self.get(task_id)
        now = self.clock().isoformat()
        failed = write_together(
            self.clients,
            [
                {
                    "Update": {
                        "TableName": self.table,
                        "Key": rows.task_key(task_id),
                        "UpdateExpression": "SET #state = :state, gsi1pk = :gsi, reason = :reason, "
                        "ended_at = :now, updated_at = :now ADD version :one REMOVE current_agent",
                        "ConditionExpression": f"NOT #state IN ({', '.join(ENDED)})",
                        "ExpressionAttributeNames": {"#state": "state"},
                        "ExpressionAttributeValues": rows.attributes(
                            {
                                ":state": str(state),
                                ":gsi": f"STATE#{state}",
                                ":reason": reason,
                                ":now": now,
                                ":one": 1,
                                **ENDED,
                            }
                        ),
                    }
                },
                self._slot_free(task_id),
                *self._places_freed(task_id, task.repositories),
                *(self._unlock(subject, task_id) for subject in task.subjects),
            ],
            doing=f"ending task {task_id}",
        )
        return not failed

    def running(self) -> frozenset[str]:
        """Ids that hold a slot."""
        held = self._read(rows.running_key()).get("tasks")
        return frozenset(str(task) for task in held) if isinstance(held, list) else frozenset()

    def free_slot(self, task_id: str) -> None:
        """Take back the slot."""
        write_together(self.clients, [self._slot_free(task_id)], doing=f"freeing the slot of task {task_id}")

    def _update(
        self, task_id: str, values: dict[str, JsonValue], *, open_only: bool, target: TaskState | None
    ) -> Task:
        names = {f"#{name}": name for name in values}
        sets = ", ".join(f"#{name} = :{name}" for name in values)
        condition = "attribute_exists(pk)"
        attributes = rows.attributes({f":{name}": value for name, value in values.items()} | {":step": 1})
        nulls: rows.Item = {f":{name}": {"NULL": True} for name, value in values.items() if value is None}
        if open_only:
            condition += f" AND NOT #state IN ({', '.join(ENDED)})"
            attributes |= rows.attributes(ENDED)
        try:
            with mapped(f"changing task {task_id}"):
                answer = self.clients.dynamodb.update_item(
                    TableName=self.table,
                    Key=rows.task_key(task_id),
                    UpdateExpression=f"SET {sets} ADD version :step",
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=attributes | nulls,
                    ReturnValues="ALL_NEW",
                )
        except ConditionFailed as error:
            current = self.get(task_id).state
            check_transition(task_id, current, target or current)
            raise Conflict(f"task {task_id} changed while it was written; try again") from error
        return Task.model_validate(rows.plain(answer["Attributes"]))

    def _state_change(
        self, task_id: str, target: TaskState, *, expected: TaskState, time_field: str = "updated_at"
    ) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self.table,
                "Key": rows.task_key(task_id),
                "UpdateExpression": "SET #state = :target, gsi1pk = :gsi, "
                + ", ".join(f"{name} = :now" for name in dict.fromkeys(("updated_at", time_field)))
                + " ADD version :one",
                "ConditionExpression": "#state = :expected",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": rows.attributes(
                    {
                        ":target": str(target),
                        ":gsi": f"STATE#{target}",
                        ":now": self.clock().isoformat(),
                        ":expected": str(expected),
                        ":one": 1,
                    }
                ),
            }
        }

    def _slot_free(self, task_id: str) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self.table,
                "Key": rows.running_key(),
                "UpdateExpression": "DELETE tasks :one",
                "ExpressionAttributeValues": {":one": {"SS": [task_id]}},
            }
        }

    def _unlock(self, subject: str, task_id: str) -> TransactWriteItemTypeDef:
        return {
            "Delete": {
                "TableName": self.table,
                "Key": rows.subject_key(subject),
                "ConditionExpression": "attribute_not_exists(pk) OR task_id = :task",
                "ExpressionAttributeValues": rows.attributes({":task": task_id}),
            }
        }

    def _put(self, item: rows.Item, condition: str | None = None) -> TransactWriteItemTypeDef:
        if condition is None:
            return {"Put": {"TableName": self.table, "Item": item}}
        return {"Put": {"TableName": self.table, "Item": item, "ConditionExpression": condition}}

    @staticmethod
    def _row(task: Task) -> rows.Item:
        index: dict[str, JsonValue] = {
            "gsi1pk": f"STATE#{task.state}",
            "gsi1sk": f"{task.priority.rank}#{task.created_at.isoformat()}#{task.id}",
        }
        return rows.of(task) | rows.attributes(index) | rows.task_key(task.id)

    @staticmethod
    def _changes(patch: TaskPatch | None) -> dict[str, JsonValue]:
        return {} if patch is None else patch.model_dump(mode="json", exclude_unset=True)

    @staticmethod
    def _expiry() -> int:
        return int(time.time()) + DELIVERY_DAYS * 86_400
