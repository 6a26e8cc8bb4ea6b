"""Dead letters in SQS; Lambda takes them again, DynamoDB streams are asked for their records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Protocol, TypedDict

from pydantic import JsonValue

from slipway.adapters.aws.clients import QUICK
from slipway.adapters.aws.failures import mapped
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.domain import names
from slipway.domain.dead_letter import DeadLetter, Origin, StreamPosition
from slipway.domain.errors import NotFound

StreamRecord = Mapping[str, JsonValue]


class _Message(TypedDict, total=False):
    MessageId: str
    ReceiptHandle: str
    Body: str
    Attributes: Mapping[str, str]
    MessageAttributes: Mapping[str, Mapping[str, str]]


class _Messages(TypedDict, total=False):
    Messages: Sequence[_Message]


class _QueueAttributes(TypedDict):
    Attributes: Mapping[str, str]


class _Records(TypedDict, total=False):
    Records: Sequence[StreamRecord]
    NextShardIterator: str


class _Queues(Protocol):
    """SQS, whose stubs are not among the development packages."""

    def get_queue_url(self, *, QueueName: str) -> Mapping[str, str]: ...
    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Sequence[str]) -> _QueueAttributes: ...
    def receive_message(
        self,
        *,
        QueueUrl: str,
        MaxNumberOfMessages: int,
        VisibilityTimeout: int,
        AttributeNames: Sequence[str],
        MessageAttributeNames: Sequence[str],
    ) -> _Messages: ...
    def change_message_visibility(
        self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int
    ) -> object: ...
    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> object: ...


class _Streams(Protocol):
    """DynamoDB streams."""

    def get_shard_iterator(
        self, *, StreamArn: str, ShardId: str, ShardIteratorType: str, SequenceNumber: str
    ) -> Mapping[str, str]: ...
    def get_records(self, *, ShardIterator: str) -> _Records: ...


@dataclass(frozen=True, kw_only=True)
class SqsDeadLetters:
    """The queues of one environment."""

    operator: OperatorClients
    environment: str

    def waiting(self, folder: str) -> int:
        """Visible, and read by somebody at the moment."""
        wanted = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        url = self._url(folder)
        with mapped(f"counting the dead letters of {folder}"):
            counted = self._queues.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        return sum(int(counted[name]) for name in wanted)

    def read(self, folder: str, *, limit: int, hidden_seconds: int) -> Sequence[DeadLetter]:
        """At most ten; SQS may give fewer than there are."""
        url = self._url(folder)
        with mapped(f"reading the dead letters of {folder}"):
            found = self._queues.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(limit, 10),
                VisibilityTimeout=hidden_seconds,
                AttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
            )
        return [_letter(message) for message in found.get("Messages", ())]

    def give_back(self, folder: str, letter: DeadLetter) -> None:
        """As an asynchronous call: Lambda tries it, and tries again, and keeps what fails."""
        event = self._records(letter) if letter.origin is Origin.STREAM else letter.event
        name = names.function(self.environment, folder)
        with mapped(f"calling {name} with dead letter {letter.id}"):
            self.operator.functions.invoke(FunctionName=name, InvocationType="Event", Payload=event.encode())

    def release(self, folder: str, letter: DeadLetter) -> None:
        """Visible at once."""
        with mapped(f"releasing dead letter {letter.id}"):
            self._queues.change_message_visibility(
                QueueUrl=self._url(folder), ReceiptHandle=letter.receipt, VisibilityTimeout=0
            )

    def remove(self, folder: str, letter: DeadLetter) -> None:
        """Delete it."""
        with mapped(f"removing dead letter {letter.id}"):
            self._queues.delete_message(QueueUrl=self._url(folder), ReceiptHandle=letter.receipt)

    @cached_property
    def _queues(self) -> _Queues:
        clients = self.operator.clients
        queues: _Queues = clients.session.client("sqs", config=QUICK, endpoint_url=clients.endpoint_url)
        return queues

    @cached_property
    def _streams(self) -> _Streams:
        clients = self.operator.clients
        streams: _Streams = clients.session.client(
            "dynamodbstreams", config=QUICK, endpoint_url=clients.endpoint_url
        )
        return streams

    def _url(self, folder: str) -> str:
        name = names.dead_letters(self.environment, folder)
        with mapped(f"finding queue {name}"):
            return self._queues.get_queue_url(QueueName=name)["QueueUrl"]

    def _records(self, letter: DeadLetter) -> str:
        """The records that a batch was made of, as a table's stream sends them to a function."""
        position = letter.position
        records = list(self._between(position))
        if not records:
            raise NotFound(f"dead letter {letter.id}: stream {position.stream_arn} has forgotten its records")
        source = {"eventSource": "aws:dynamodb", "eventSourceARN": position.stream_arn}
        return json.dumps({"Records": [{**record, **source} for record in records]}, default=_seconds)

    def _between(self, position: StreamPosition) -> Iterator[StreamRecord]:
        with mapped(f"reading shard {position.shard_id} of {position.stream_arn}"):
            found = self._streams.get_shard_iterator(
                StreamArn=position.stream_arn,
                ShardId=position.shard_id,
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=position.first,
            )
        iterator: str | None = found["ShardIterator"]
        while iterator:
            with mapped(f"reading shard {position.shard_id} of {position.stream_arn}"):
                page = self._streams.get_records(ShardIterator=iterator)
            for record in page.get("Records", ()):
                if _number(record) > int(position.last):
                    return
                yield record
                if _number(record) == int(position.last):
                    return
            iterator = page.get("NextShardIterator") if page.get("Records") else None


def _letter(message: _Message) -> DeadLetter:
    sent = int(message["Attributes"]["SentTimestamp"]) / 1000
    return DeadLetter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        attributes={
            name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()
        },
        sent_at=datetime.fromtimestamp(sent, tz=UTC),
    )


def _number(record: StreamRecord) -> int:
    change = record["dynamodb"]
    if not isinstance(change, dict):
        raise TypeError("a record of a stream has no `dynamodb`")
    return int(str(change["SequenceNumber"]))


def _seconds(value: object) -> float:
    """Times, which a function is sent as seconds."""
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} in a record of a stream")
