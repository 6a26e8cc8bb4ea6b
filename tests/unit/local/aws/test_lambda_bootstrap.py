from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.aws.child_processes import Lifeline
from local.aws.lambda_worker import Launch, WorkerProcess

SOURCE = """
import os, sys, threading

def handler(event, context):
    if event == "interrupt":
        raise KeyboardInterrupt
    if event == "lines":
        sys.stdout.write("one\\ntwo\\n")
        os.write(1, b"three\\n")
    return {"id": context.aws_request_id, "left": context.get_remaining_time_in_millis() > 0,
            "memory": context.memory_limit_in_mb}
"""


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    (tmp_path / "index.py").write_text(SOURCE)
    environment = {
        "PATH": os.defpath,
        "_HANDLER": "index.handler",
        "LAMBDA_TASK_ROOT": str(tmp_path),
        "LAMBDA_RUNTIME_DIR": str(tmp_path / "runtime"),
        "AWS_LAMBDA_FUNCTION_NAME": "function",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
        "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    }
    return Launch("function", Path(sys.executable), tmp_path, tmp_path / "bytecode", environment)


@pytest.fixture
def worker(launch: Launch) -> Iterator[WorkerProcess]:
    started, outcome = WorkerProcess.start(launch, lifeline=Lifeline())
    assert outcome.error is None
    yield started
    started.kill()


def request(event: object) -> dict[str, object]:
    return {"request_id": "r-1", "arn": "arn:function", "event": event}


def test_the_context_tells_of_the_invocation(worker: WorkerProcess) -> None:
    outcome = worker.invoke(request({}), timeout_seconds=5)
    assert outcome.result == {"id": "r-1", "left": True, "memory": "128"}


def test_what_is_printed_is_the_log_and_never_the_answer(worker: WorkerProcess) -> None:
    outcome = worker.invoke(request("lines"), timeout_seconds=5)
    assert sorted(outcome.log.split("\n")) == ["one", "three", "two"]
    assert worker.invoke(request({}), timeout_seconds=5).log == ""


def test_a_process_that_ends_is_an_exit_error(worker: WorkerProcess) -> None:
    outcome = worker.invoke(request("interrupt"), timeout_seconds=5)
    assert outcome.error is not None
    assert outcome.error["errorType"] == "Runtime.ExitError"
    assert not outcome.is_worker_alive


def test_a_missing_handler_is_named(launch: Launch) -> None:
    wrong = Launch(
        "f", launch.python, launch.code, launch.bytecode, {**launch.environment, "_HANDLER": "index.nobody"}
    )
    _, outcome = WorkerProcess.start(wrong, lifeline=Lifeline())
    assert outcome.error is not None
    assert outcome.error["errorType"] == "Runtime.HandlerNotFound"
