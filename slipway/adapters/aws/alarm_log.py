"""What people were told of each alarm, as one row in the table of errors."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import ConditionFailed, mapped
from slipway.domain.alarm import AlarmRecord


@dataclass(frozen=True, kw_only=True)
class DynamoAlarmLog:
    """A row is replaced whole, by a newer one only."""

    clients: Clients
    table: str

    def get(self, name: str) -> AlarmRecord | None:
        """What people were told last."""
        with mapped(f"reading alarm {name}"):
            answer = self.clients.dynamodb.get_item(TableName=self.table, Key=_key(name), ConsistentRead=True)
        item = answer.get("Item")
        return AlarmRecord.model_validate(rows.plain(item)) if item else None

    def put(self, record: AlarmRecord) -> bool:
        """Remember it."""
        try:
            with mapped(f"remembering alarm {record.name}"):
                self.clients.dynamodb.put_item(
                    TableName=self.table,
                    Item=rows.of(record) | _key(record.name),
                    ConditionExpression="attribute_not_exists(pk) OR changed_at < :now",
                    ExpressionAttributeValues=rows.attributes(
                        {":now": record.model_dump(mode="json")["changed_at"]}
                    ),
                )
        except ConditionFailed:
            return False
        return True


def _key(name: str) -> rows.Item:
    return rows.attributes({"pk": f"ALARM#{name}", "sk": "ALARM"})
