"""One Lambda execution environment: a child process that answers one event at a time."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from local.aws import child_processes
from local.aws.child_processes import Lifeline
from local.aws.lambda_bootstrap import END_OF_LOG

BOOTSTRAP = Path(__file__).with_name("lambda_bootstrap.py")
INIT_SECONDS = 30.0
LOG_SECONDS = 1.0
ErrorDocument = dict[str, object]


@dataclass(frozen=True)
class Launch:
    """What a worker process is started with."""

    function_name: str
    python: Path
    code: Path
    bytecode: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What one invocation gave: a result or an error under its real name, and its log."""

    result: object = None
    error: ErrorDocument | None = None
    log: str = ""
    is_worker_alive: bool = True


@dataclass
class WorkerProcess:
    """A started worker; `invoke` may be called from one thread at a time."""

    process: subprocess.Popen[bytes]
    _answers: queue.Queue[str | None] = field(default_factory=queue.Queue)
    _log: queue.Queue[str | None] = field(default_factory=queue.Queue)

    @classmethod
    def start(cls, launch: Launch, *, lifeline: Lifeline) -> tuple[WorkerProcess, Outcome]:
        """Start the process and import its handler; the outcome carries the init failure, if any."""
        process = lifeline.start(
            child_processes.interpreter_command(launch.python, BOOTSTRAP, bytecode=launch.bytecode),
            environment=launch.environment,
            folder=launch.code,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        worker = cls(process)
        _follow(process.stdout, worker._answers)
        _follow(process.stderr, worker._log)
        outcome = worker._await_answer(INIT_SECONDS, limit_name="Runtime.InitTimeout")
        if outcome.error is not None:
            worker.kill()
            return worker, Outcome(error=outcome.error, log=outcome.log, is_worker_alive=False)
        return worker, outcome

    @property
    def is_alive(self) -> bool:
        """Whether the process can take another event."""
        return self.process.poll() is None

    def invoke(self, request: Mapping[str, object], *, timeout_seconds: float) -> Outcome:
        """Hand one event over and wait for its answer; an overdue or dead process is killed."""
        request_id = str(request["request_id"])
        pipe = self.process.stdin
        try:
            if pipe is None:
                raise BrokenPipeError("worker has no standard input")
            pipe.write((json.dumps({**request, "timeout_seconds": timeout_seconds}) + "\n").encode())
            pipe.flush()
        except OSError:
            return self._ended(request_id)
        outcome = self._await_answer(timeout_seconds, limit_name="Sandbox.Timedout")
        if outcome.error is None or outcome.is_worker_alive:
            return outcome
        if outcome.error["errorType"] == "Sandbox.Timedout":
            self.kill()
            message = f"RequestId: {request_id} Error: Task timed out after {timeout_seconds:.2f} seconds"
            return Outcome(
                error={"errorType": "Sandbox.Timedout", "errorMessage": message},
                log=self._drain(0.05) + "\n" + message,
                is_worker_alive=False,
            )
        return self._ended(request_id, log=outcome.log)

    def kill(self) -> None:
        """End the process with everything that it started."""
        child_processes.kill(self.process)

    def _await_answer(self, seconds: float, *, limit_name: str) -> Outcome:
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            return Outcome(error={"errorType": limit_name}, is_worker_alive=False)
        if line is None:
            return Outcome(
                error={"errorType": "Runtime.ExitError"}, log=self._drain(0.2), is_worker_alive=False
            )
        document = json.loads(line)
        log = self._drain(LOG_SECONDS)
        if document["status"] in {"ok", "ready"}:
            return Outcome(result=document.get("result"), log=log)
        return Outcome(error=document["error"], log=log)

    def _ended(self, request_id: str, *, log: str = "") -> Outcome:
        self.kill()
        status = self.process.returncode
        how = f"signal: {-status}" if status < 0 else f"exit status {status}"
        return Outcome(
            error={
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: {how}",
            },
            log=log or self._drain(0.2),
            is_worker_alive=False,
        )

    def _drain(self, seconds: float) -> str:
        """The log lines up to the end mark; without a mark, what comes within `seconds` of silence."""
        lines: list[str] = []
        while True:
            try:
                line = self._log.get(timeout=seconds)
            except queue.Empty:
                break
            if line is None or line == END_OF_LOG:
                break
            lines.append(line)
        # The mark is written on a line of its own, so one empty line before it is not the handler's.
        if lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines)


def _follow(stream: IO[bytes] | None, lines: queue.Queue[str | None]) -> None:
    if stream is None:
        raise ValueError("worker started without a pipe")

    def read() -> None:
        with stream:
            for line in stream:
                lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True, name="lambda-worker-output").start()
