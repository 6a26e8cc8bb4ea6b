"""Dead letters go to their function again as what they were, and only those that were taken are removed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from slipway.domain.dead_letter import DeadLetter, Origin
from slipway.domain.errors import NotFound
from slipway.services.redrive import peek, redrive


def letter(number: int, body: object = "{}", **attributes: str) -> DeadLetter:
    return DeadLetter(
        id=f"m{number}",
        receipt=f"r{number}",
        body=body if isinstance(body, str) else json.dumps(body),
        attributes=attributes,
        sent_at=datetime(2026, 11, 20, 17, number, tzinfo=UTC),
    )


class Queues:
    """One queue; a letter that was read is hidden until it is released."""

    def __init__(self, *letters: DeadLetter, refused: Sequence[str] = ()) -> None:
        self.letters = list(letters)
        self.hidden: set[str] = set()
        self.given: list[str] = []
        self._refused = refused

    def waiting(self, folder: str) -> int:
        return len(self.letters)

    def read(self, folder: str, *, limit: int, hidden_seconds: int) -> Sequence[DeadLetter]:
        found = [each for each in self.letters if each.id not in self.hidden][: min(limit, 3)]
        self.hidden |= {each.id for each in found}
        return found

    def give_back(self, folder: str, letter: DeadLetter) -> None:
        if letter.id in self._refused:
            raise NotFound(f"dead letter {letter.id}: its records are forgotten")
        self.given.append(letter.id)

    def release(self, folder: str, letter: DeadLetter) -> None:
        self.hidden.discard(letter.id)

    def remove(self, folder: str, letter: DeadLetter) -> None:
        self.letters = [each for each in self.letters if each.id != letter.id]


def test_every_letter_is_given_back_once_and_removed() -> None:
    queues = Queues(*map(letter, range(7)))
    done = redrive("reconcile", queues, limit=100)
    assert (done.taken, done.kept, queues.letters) == (7, {}, [])
    assert queues.given == [f"m{number}" for number in range(7)]


def test_a_letter_that_cannot_be_given_back_stays_and_holds_up_nobody() -> None:
    queues = Queues(*map(letter, range(3)), refused=["m1"])
    done = redrive("publish_task_changes", queues, limit=100)
    assert (done.taken, list(done.kept)) == (2, ["m1"])
    assert [each.id for each in queues.letters] == ["m1"]
    assert not queues.hidden & {"m1"}


def test_no_more_are_given_back_than_asked_for() -> None:
    queues = Queues(*map(letter, range(7)))
    assert redrive("reconcile", queues, limit=4).taken == 4
    assert len(queues.letters) == 3


def test_looking_at_letters_leaves_them_where_they_are() -> None:
    queues = Queues(*map(letter, range(2)))
    assert [each.id for each in peek("reconcile", queues, limit=10)] == ["m0", "m1"]
    assert (len(queues.letters), queues.hidden) == (2, set())


NOTIFICATION = {"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:1:alerts", "Message": "{}"}
BATCH = {
    "requestContext": {"condition": "RetryAttemptsExhausted"},
    "responseContext": {"functionError": "Unhandled"},
    "DDBStreamBatchInfo": {
        "shardId": "shardId-1",
        "startSequenceNumber": "10",
        "endSequenceNumber": "12",
        "streamArn": "arn:aws:dynamodb:eu-west-1:1:table/t/stream/s",
    },
}


@pytest.mark.parametrize(
    ("given", "origin", "error"),
    [
        (letter(0, {"a": 1}, ErrorMessage="no such table"), Origin.CALL, "no such table"),
        (letter(0, {}, RULE_ARN="arn:r", ERROR_MESSAGE="throttled"), Origin.RULE, "throttled"),
        (letter(0, NOTIFICATION), Origin.TOPIC, "not reported"),
        (letter(0, BATCH), Origin.STREAM, "Unhandled: RetryAttemptsExhausted"),
        (letter(0, "not JSON"), Origin.CALL, "not reported"),
    ],
)
def test_where_a_letter_comes_from_is_told_by_its_form(given: DeadLetter, origin: Origin, error: str) -> None:
    assert (given.origin, given.error) == (origin, error)


def test_a_call_is_made_again_with_what_it_was_made_with() -> None:
    assert letter(0, '{"a": 1}', ErrorMessage="x").event == '{"a": 1}'


def test_a_notification_is_wrapped_as_its_topic_sends_it() -> None:
    (record,) = json.loads(letter(0, NOTIFICATION).event)["Records"]
    assert (record["EventSource"], record["Sns"]) == ("aws:sns", NOTIFICATION)


def test_a_batch_says_where_its_records_are() -> None:
    position = letter(0, BATCH).position
    assert (position.shard_id, position.first, position.last) == ("shardId-1", "10", "12")
