from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from local.aws.stream_batches import Delivery, Interrupted, Policy, Record, deliver, sequence_number


def records(*numbers: int, written_at: float = 1000.0) -> list[Record]:
    return [
        {"dynamodb": {"SequenceNumber": str(number), "ApproximateCreationDateTime": written_at}}
        for number in numbers
    ]


class Function:
    """Fails on batches that hold a poisoned record, as often as told."""

    def __init__(self, *poisoned: int, times: float = float("inf"), reports: bool = False) -> None:
        self.poisoned = {str(number) for number in poisoned}
        self.times = times
        self.reports = reports
        self.batches: list[list[str]] = []
        self.given_up: list[tuple[list[str], str]] = []
        self.pauses = 0

    def invoke(self, batch: Sequence[Record]) -> Delivery:
        numbers = [sequence_number(record) for record in batch]
        self.batches.append(numbers)
        bad = [number for number in numbers if number in self.poisoned]
        if not bad or self.times <= 0:
            return Delivery(answer={"batchItemFailures": []})
        self.times -= 1
        if self.reports:
            return Delivery(answer={"batchItemFailures": [{"itemIdentifier": number} for number in bad]})
        return Delivery(error={"body": {"errorType": "ValueError"}})

    def run(self, batch: list[Record], **policy: Any) -> None:
        def pause(seconds: float) -> bool:
            self.pauses += 1
            return self.pauses < 50

        deliver(
            batch,
            policy=Policy(reports_item_failures=self.reports, **policy),
            invoke=self.invoke,
            give_up=lambda piece, _, why: self.given_up.append(([sequence_number(r) for r in piece], why)),
            pause=pause,
            now=lambda: 1010.0,
        )


def test_a_good_batch_is_delivered_once() -> None:
    function = Function()
    function.run(records(1, 2))
    assert function.batches == [["1", "2"]]


def test_a_failing_batch_is_retried_and_then_given_up() -> None:
    function = Function(1)
    function.run(records(1, 2), maximum_retries=2)
    assert len(function.batches) == 3
    assert function.given_up == [(["1", "2"], "RetryAttemptsExhausted")]


def test_a_batch_that_recovers_is_not_given_up() -> None:
    function = Function(1, times=2)
    function.run(records(1), maximum_retries=5)
    assert len(function.batches) == 3
    assert function.given_up == []


def test_bisection_gives_up_the_poisoned_record_alone() -> None:
    function = Function(3)
    function.run(records(1, 2, 3, 4), maximum_retries=1, bisects=True)
    assert function.given_up == [(["3"], "RetryAttemptsExhausted")]
    assert ["1", "2"] in function.batches
    assert ["4"] in function.batches


def test_reported_failures_keep_what_was_done() -> None:
    function = Function(2, times=1, reports=True)
    function.run(records(1, 2, 3))
    assert function.batches == [["1", "2", "3"], ["2", "3"]]


def test_a_record_that_is_too_old_is_given_up() -> None:
    function = Function(1)
    function.run(records(1), maximum_age_seconds=5)
    assert function.given_up == [(["1"], "MaxRecordAgeExceeded")]


def test_a_batch_that_keeps_failing_can_be_left_for_later() -> None:
    with pytest.raises(Interrupted):
        Function(1).run(records(1))


def test_an_unknown_identifier_makes_the_whole_batch_a_failure() -> None:
    function = Function()
    function.reports = True
    answers = iter([{"batchItemFailures": [{"itemIdentifier": "99"}]}, {}])

    def invoke(batch: Sequence[Record]) -> Delivery:
        function.batches.append([sequence_number(record) for record in batch])
        return Delivery(answer=next(answers))

    function.invoke = invoke  # type: ignore[method-assign]
    function.run(records(1, 2))
    assert function.batches == [["1", "2"], ["1", "2"]]
