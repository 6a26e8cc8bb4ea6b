"""Changes of tasks on an EventBridge bus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import UpstreamUnavailable
from slipway.domain.task_change import DETAIL_TYPE, SOURCE, TaskChange

MOST_ENTRIES = 10
"""What one PutEvents takes."""


@dataclass(frozen=True, kw_only=True)
class EventBridgeBus:
    """Changes that were taken stay published when a later one is refused, so a repeat may tell them again."""

    clients: Clients
    bus: str

    def publish(self, changes: Sequence[TaskChange]) -> None:
        """Ten at a time."""
        for start in range(0, len(changes), MOST_ENTRIES):
            self._put(changes[start : start + MOST_ENTRIES])

    def _put(self, changes: Sequence[TaskChange]) -> None:
        with mapped(f"publishing {len(changes)} changes of tasks"):
            answer = self.clients.events.put_events(
                Entries=[
                    {
                        "EventBusName": self.bus,
                        "Source": SOURCE,
                        "DetailType": DETAIL_TYPE,
                        "Time": change.at,
                        "Detail": change.model_dump_json(),
                    }
                    for change in changes
                ]
            )
        if answer["FailedEntryCount"]:
            refused = [
                f"{change.task_id}: {entry['ErrorCode']}"
                for change, entry in zip(changes, answer["Entries"], strict=True)
                if "ErrorCode" in entry
            ]
            raise UpstreamUnavailable(f"bus {self.bus} did not take {'; '.join(refused)}")
