"""Approvals as one row per task in the tasks table."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.domain.approval import ApprovalDecision, ApprovalRequest


@dataclass(frozen=True, kw_only=True)
class DynamoApprovals:
    """The decision is written next to the request, under a condition on the plan hash."""

    clients: Clients
    table: str

    def put(self, request: ApprovalRequest) -> None:
        """Ask, replacing an earlier request."""
        with mapped(f"storing the approval request of task {request.task_id}"):
            self.clients.dynamodb.put_item(
                TableName=self.table, Item=rows.of(request) | rows.approval_key(request.task_id)
            )

    def get(self, task_id: str) -> ApprovalRequest | None:
        """The current request."""
        with mapped(f"reading the approval request of task {task_id}"):
            answer = self.clients.dynamodb.get_item(
                TableName=self.table, Key=rows.approval_key(task_id), ConsistentRead=True
            )
        item = answer.get("Item")
        return ApprovalRequest.model_validate(rows.plain(item)) if item else None

    def place(self, task_id: str, *, channel: str, ts: str) -> None:
        """Remember where the card is."""
        self._set(
            task_id,
            "slack_channel = :channel, slack_ts = :ts",
            condition="attribute_exists(pk)",
            values=rows.attributes({":channel": channel, ":ts": ts}),
        )

    def decide(self, decision: ApprovalDecision) -> bool:
        """Once per plan hash."""
        return self._set(
            decision.task_id,
            "decision = :value",
            condition="plan_hash = :hash AND attribute_not_exists(decision)",
            values=rows.attributes({":value": decision.model_dump(mode="json"), ":hash": decision.plan_hash}),
        )

    def mark_reminded(self, task_id: str) -> bool:
        """True for one caller."""
        return self._set(
            task_id,
            "reminded = :yes",
            condition="reminded = :no AND attribute_not_exists(decision)",
            values=rows.attributes({":yes": True, ":no": False}),
        )

    def _set(self, task_id: str, change: str, *, condition: str, values: rows.Item) -> bool:
        try:
            with mapped(f"writing the approval of task {task_id}"):
                self.clients.dynamodb.update_item(
                    TableName=self.table,
                    Key=rows.approval_key(task_id),
                    UpdateExpression=f"SET {change}",
                    ConditionExpression=condition,
                    ExpressionAttributeValues=values,
                )
        except ConditionFailed:
            return False
        return True
