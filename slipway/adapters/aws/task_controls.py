"""Places, switches and orders as rows of the tasks table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.adapters.aws.transactions import write_together
from slipway.domain.controls import Controls
from slipway.domain.task import TERMINAL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

ENDED: dict[str, JsonValue] = {f":{state}": str(state) for state in sorted(TERMINAL)}
"""The terminal states as values of a condition."""


@dataclass(frozen=True, kw_only=True)
class DynamoTaskControls:
    """One row each; a repository's row holds the set of tasks that have a place in it."""

    clients: Clients
    table: str

    def take_places(self, task_id: str, repositories: Sequence[str], *, places: int) -> bool:
        """All in one transaction, for an open task."""
        if not repositories:
            return True
        full = write_together(
            self.clients,
            [
                # An update where a condition check would do, which is a permission of its own.
                {
                    "Update": {
                        "TableName": self.table,
                        "Key": rows.task_key(task_id),
                        "UpdateExpression": "ADD version :one",
                        "ConditionExpression": f"attribute_exists(pk) AND NOT #state IN ({', '.join(ENDED)})",
                        "ExpressionAttributeNames": {"#state": "state"},
                        "ExpressionAttributeValues": rows.attributes({**ENDED, ":one": 1}),
                    }
                },
                *(self._place(name, task_id, places=places) for name in _distinct(repositories)),
            ],
            doing=f"taking places for task {task_id}",
        )
        return not full

    def holders(self, repository: str) -> frozenset[str]:
        """Ids that have a place."""
        held = self._read(_places_key(repository)).get("tasks")
        return frozenset(str(task) for task in held) if isinstance(held, list) else frozenset()

    def switch_agents(self, repository: str, number: int, *, off_by: str | None) -> None:
        """A row while agents are kept off."""
        key = _switch_key(repository, number)
        with mapped(f"switching agents for {repository}#{number}"):
            if off_by is None:
                self.clients.dynamodb.delete_item(TableName=self.table, Key=key)
            else:
                self.clients.dynamodb.put_item(
                    TableName=self.table, Item=key | rows.attributes({"actor": off_by})
                )

    def agents_off(self, repository: str, number: int) -> str | None:
        """Who keeps agents off."""
        actor = self._read(_switch_key(repository, number)).get("actor")
        return None if actor is None else str(actor)

    def controls(self) -> Controls:
        """The order in force."""
        return Controls.model_validate(self._read(_CONTROLS))

    def order(self, controls: Controls) -> None:
        """Replace the order in force."""
        with mapped("writing the order of the people on call"):
            self.clients.dynamodb.put_item(TableName=self.table, Item=_CONTROLS | rows.of(controls))

    def _place(self, repository: str, task_id: str, *, places: int) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self.table,
                "Key": _places_key(repository),
                "UpdateExpression": "ADD tasks :one",
                "ConditionExpression": "attribute_not_exists(tasks) OR size(tasks) < :places "
                "OR contains(tasks, :task)",
                "ExpressionAttributeValues": {
                    ":one": {"SS": [task_id]},
                    ":places": {"N": str(places)},
                    ":task": {"S": task_id},
                },
            }
        }

    def _places_freed(self, task_id: str, repositories: Sequence[str]) -> list[TransactWriteItemTypeDef]:
        return [
            {
                "Update": {
                    "TableName": self.table,
                    "Key": _places_key(name),
                    "UpdateExpression": "DELETE tasks :one",
                    "ExpressionAttributeValues": {":one": {"SS": [task_id]}},
                }
            }
            for name in _distinct(repositories)
        ]

    def _read(self, key: rows.Item) -> dict[str, JsonValue]:
        with mapped("reading the tasks table"):
            answer = self.clients.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return rows.plain(answer.get("Item", {}))


def _distinct(repositories: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.lower() for name in repositories))


def _places_key(repository: str) -> rows.Item:
    return rows.attributes({"pk": f"PLACES#{repository.lower()}", "sk": "PLACES"})


def _switch_key(repository: str, number: int) -> rows.Item:
    return rows.attributes({"pk": f"PR#{repository.lower()}#{number}", "sk": "OFF"})


_CONTROLS: rows.Item = {"pk": {"S": "CONTROLS"}, "sk": {"S": "CONTROLS"}}
