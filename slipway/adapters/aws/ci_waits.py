"""CI waits as one row per task in the tasks table."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.domain.ci_wait import CiOutcome, CiWait


@dataclass(frozen=True, kw_only=True)
class DynamoCiWaits:
    """The outcome is written under a condition on the token, so an old signal cannot end a new wait."""

    clients: Clients
    table: str

    def put(self, wait: CiWait) -> None:
        """Register, replacing an earlier wait."""
        with mapped(f"registering the CI wait of task {wait.task_id}"):
            self.clients.dynamodb.put_item(
                TableName=self.table, Item=rows.of(wait) | rows.ci_key(wait.task_id)
            )

    def get(self, task_id: str) -> CiWait | None:
        """The current wait."""
        with mapped(f"reading the CI wait of task {task_id}"):
            answer = self.clients.dynamodb.get_item(
                TableName=self.table, Key=rows.ci_key(task_id), ConsistentRead=True
            )
        item = answer.get("Item")
        return CiWait.model_validate(rows.plain(item)) if item else None

    def conclude(self, task_id: str, *, task_token: str, outcome: CiOutcome) -> bool:
        """Write the outcome once."""
        try:
            with mapped(f"concluding the CI wait of task {task_id}"):
                self.clients.dynamodb.update_item(
                    TableName=self.table,
                    Key=rows.ci_key(task_id),
                    UpdateExpression="SET outcome = :outcome",
                    ConditionExpression="task_token = :token AND attribute_not_exists(outcome)",
                    ExpressionAttributeValues=rows.attributes(
                        {":outcome": outcome.model_dump(mode="json"), ":token": task_token}
                    ),
                )
        except ConditionFailed:
            return False
        return True
