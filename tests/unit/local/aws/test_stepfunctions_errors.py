from __future__ import annotations

import pytest

from local.aws.stepfunctions_agentcore import exception_name
from local.aws.stepfunctions_errors import EXECUTION_ENDED, matches, retry_delay


@pytest.mark.parametrize(
    ("names", "error"),
    [
        (["PoisonError"], "PoisonError"),
        (["States.ALL"], "PoisonError"),
        (["States.TaskFailed"], "PoisonError"),
        (["States.ALL"], "States.Timeout"),
        (["States.Timeout"], "States.HeartbeatTimeout"),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded"),
    ],
)
def test_an_error_is_taken(names: list[str], error: str) -> None:
    assert matches(names, error)


@pytest.mark.parametrize(
    ("names", "error"),
    [
        (["Other"], "PoisonError"),
        (["States.TaskFailed"], "States.Timeout"),
        (["States.ALL"], "States.DataLimitExceeded"),
        (["States.ALL"], "States.Runtime"),
        (["States.ALL"], EXECUTION_ENDED),
        ([EXECUTION_ENDED], EXECUTION_ENDED),
    ],
)
def test_an_error_is_left(names: list[str], error: str) -> None:
    assert not matches(names, error)


def test_delays_grow_to_their_limit() -> None:
    retrier = {"IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10}
    assert [retry_delay(retrier, earlier_retries=count) for count in range(3)] == [2, 6, 10]


def test_full_jitter_stays_within_the_delay() -> None:
    retrier = {"IntervalSeconds": 4, "BackoffRate": 1, "JitterStrategy": "FULL"}
    delays = [retry_delay(retrier, earlier_retries=0) for _ in range(50)]
    assert min(delays) >= 0
    assert max(delays) <= 4
    assert len(set(delays)) > 1


def test_a_service_error_has_the_name_of_its_exception() -> None:
    assert exception_name("RuntimeClientError") == "BedrockAgentCore.RuntimeClientErrorException"
    assert exception_name("com.aws#ThrottlingException:http://x") == "BedrockAgentCore.ThrottlingException"
