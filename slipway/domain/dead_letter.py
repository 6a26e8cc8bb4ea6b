"""An event that a function could not handle, as its queue keeps it, and the call that it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, JsonValue


class Origin(StrEnum):
    """What put it into the queue; each writes it in a form of its own."""

    CALL = "call"
    RULE = "rule"
    TOPIC = "topic"
    STREAM = "stream"


class StreamPosition(BaseModel, frozen=True):
    """Where in a table's stream the records are: a dead letter of a stream does not hold them."""

    stream_arn: str
    shard_id: str
    first: str
    last: str


class DeadLetter(BaseModel, frozen=True):
    """One message. `receipt` lets it be removed for a while after it was read."""

    id: str
    receipt: str
    body: str
    attributes: dict[str, str]
    sent_at: datetime

    @property
    def origin(self) -> Origin:
        """Told by what only that origin writes."""
        if "DDBStreamBatchInfo" in self._document:
            return Origin.STREAM
        if self._document.get("Type") == "Notification":
            return Origin.TOPIC
        return Origin.RULE if "RULE_ARN" in self.attributes else Origin.CALL

    @property
    def error(self) -> str:
        """What was reported when it was given up; a topic reports nothing."""
        context = self._document.get("responseContext")
        condition = self._document.get("requestContext")
        found = (
            self.attributes.get("ErrorMessage") or self.attributes.get("ERROR_MESSAGE"),
            str(context.get("functionError") or "") if isinstance(context, dict) else "",
            str(condition.get("condition") or "") if isinstance(condition, dict) else "",
        )
        return ": ".join(part for part in found if part) or "not reported"

    @property
    def position(self) -> StreamPosition:
        """Where the records of a stream are."""
        info = self._document["DDBStreamBatchInfo"]
        if not isinstance(info, dict):
            raise TypeError(f"DDBStreamBatchInfo of dead letter {self.id} is not an object")
        return StreamPosition(
            stream_arn=str(info["streamArn"]),
            shard_id=str(info["shardId"]),
            first=str(info["startSequenceNumber"]),
            last=str(info["endSequenceNumber"]),
        )

    @property
    def event(self) -> str:
        """What its function was called with, as JSON; not for a stream."""
        if self.origin is Origin.TOPIC:
            records = [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": self._document}]
            return json.dumps({"Records": records})
        return self.body

    @property
    def _document(self) -> Mapping[str, JsonValue]:
        try:
            document = json.loads(self.body)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}
