from __future__ import annotations

import threading

from local.aws.execution_control import Controls, ExecutionControl
from local.aws.task_tokens import Completion, TaskTokens


def wait(completion: Completion, **more: object) -> str:
    settings = {"timeout_seconds": None, "heartbeat_seconds": None, "control": None, **more}
    return completion.wait(**settings)  # type: ignore[arg-type]  # the settings of each test


def test_a_completed_task_ends_its_wait() -> None:
    completion = Completion()
    threading.Thread(target=lambda: completion.succeed({"a": 1})).start()
    assert wait(completion) == "succeeded"
    assert completion.result == {"a": 1}


def test_only_the_first_ending_counts() -> None:
    completion = Completion()
    assert completion.fail("First", "cause")
    assert not completion.succeed(1)
    assert not completion.beat()
    assert wait(completion) == "failed"
    assert completion.error == "First"


def test_an_overdue_task_takes_no_late_answer() -> None:
    completion = Completion()
    assert wait(completion, timeout_seconds=0) == "timed_out"
    assert not completion.succeed("late")


def test_a_silent_task_misses_its_heartbeat() -> None:
    assert wait(Completion(), heartbeat_seconds=0.01, timeout_seconds=30) == "heartbeat_timed_out"


def test_the_end_of_the_execution_ends_the_wait() -> None:
    completion, control = Completion(), ExecutionControl()
    threading.Thread(target=control.end).start()
    assert wait(completion, control=control) == "ended"
    assert not completion.succeed("late")


def test_an_execution_that_ended_before_the_wait_ends_it_at_once() -> None:
    control = ExecutionControl()
    control.end()
    assert wait(Completion(), control=control) == "ended"
    control.sleep(60)


def test_an_execution_can_be_ended_before_its_thread_begins() -> None:
    controls = Controls()
    controls.end("arn")
    assert controls.open("arn").has_ended


def test_closed_tokens_are_told_from_unknown_ones() -> None:
    tokens = TaskTokens()
    completion = tokens.issue()
    assert tokens.find(completion.token) is completion
    tokens.close(completion)
    assert tokens.find(completion.token) is None
    assert tokens.is_closed(completion.token)
    assert not tokens.is_closed("unknown")
