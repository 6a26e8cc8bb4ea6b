"""Reports of the error tracker as one row for each issue in the table of errors."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.adapters.aws.transactions import write_together
from slipway.domain.alert import Alert, AlertRecord, AlertState, IssueStatus, absorb
from slipway.domain.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

DELIVERY_DAYS = 30
RECORD_DAYS = 365
_ATTEMPTS = 5
_SOURCE = "sentry"


@dataclass(frozen=True, kw_only=True)
class DynamoAlerts:
    """A record is replaced whole under a condition on its version, together with its delivery."""

    clients: Clients
    table: str

    def record(
        self, alert: Alert, *, delivery_id: str, at: datetime, starts_work: bool
    ) -> AlertRecord | None:
        """Count one report."""
        for _ in range(_ATTEMPTS):
            known = self.get(alert.subject)
            record = absorb(known, alert, at=at, starts_work=starts_work)
            failed = write_together(
                self.clients,
                [self._delivery(delivery_id), self._replace(record, known)],
                doing=f"recording {alert.subject}",
            )
            if not failed:
                return record
            if 0 in failed:
                return None
        raise Conflict(f"{alert.subject} is reported faster than it can be recorded; deliver again")

    def get(self, subject: str) -> AlertRecord | None:
        """What is known of an issue."""
        with mapped(f"reading {subject}"):
            answer = self.clients.dynamodb.get_item(
                TableName=self.table, Key=rows.alert_key(subject), ConsistentRead=True
            )
        item = answer.get("Item")
        return AlertRecord.model_validate(rows.plain(item)) if item else None

    def set_status(self, subject: str, status: IssueStatus) -> bool:
        """What became of the issue."""
        return self._update(subject, "#status = :new", {":new": status}, condition="attribute_exists(pk)")

    def set_ticket(self, subject: str, ticket_key: str) -> str:
        """The first one stays."""
        if self._update(
            subject, "ticket_key = :new", {":new": ticket_key}, condition="attribute_not_exists(ticket_key)"
        ):
            return ticket_key
        record = self.get(subject)
        return (record.ticket_key if record else None) or ticket_key

    def filed(self, subject: str, *, episode: int, task_id: str) -> None:
        """This episode has its task."""
        self._update(
            subject,
            "#state = :new, task_id = :task, gsi1pk = :index",
            {
                ":new": AlertState.FILED,
                ":task": task_id,
                ":index": f"STATE#{AlertState.FILED}",
                ":episode": episode,
            },
            condition="episode = :episode",
        )

    def _update(
        self,
        subject: str,
        changes: str,
        values: dict[str, JsonValue],
        *,
        condition: str,
    ) -> bool:
        """False when the condition does not hold."""
        reserved = {"#state": "state", "#status": "status"}
        try:
            with mapped(f"updating {subject}"):
                self.clients.dynamodb.update_item(
                    TableName=self.table,
                    Key=rows.alert_key(subject),
                    UpdateExpression=f"SET {changes}, #version = #version + :one",
                    ConditionExpression=condition,
                    ExpressionAttributeNames={
                        "#version": "version",
                        **{name: word for name, word in reserved.items() if name in changes},
                    },
                    ExpressionAttributeValues=rows.attributes({**values, ":one": 1}),
                )
        except ConditionFailed:
            return False
        return True

    def _delivery(self, delivery_id: str) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self.table,
                "Item": rows.delivery_key(_SOURCE, delivery_id)
                | rows.attributes({"ttl": _in_days(DELIVERY_DAYS)}),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _replace(self, record: AlertRecord, known: AlertRecord | None) -> TransactWriteItemTypeDef:
        index: dict[str, JsonValue] = {
            "gsi1pk": f"STATE#{record.state}",
            "gsi1sk": record.last_seen.isoformat(),
            "ttl": _in_days(RECORD_DAYS),
        }
        item = rows.of(record) | rows.alert_key(record.subject) | rows.attributes(index)
        if known is None:
            return {
                "Put": {
                    "TableName": self.table,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
        return {
            "Put": {
                "TableName": self.table,
                "Item": item,
                "ConditionExpression": "#version = :known",
                "ExpressionAttributeNames": {"#version": "version"},
                "ExpressionAttributeValues": rows.attributes({":known": known.version}),
            }
        }


def _in_days(days: int) -> int:
    return int(time.time()) + days * 86_400
