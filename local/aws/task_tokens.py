"""Completion of workflow tasks: who may complete, fail or keep alive a task, and until when."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from local.aws.execution_control import ExecutionControl, monotonic_deadline

REMEMBERED = 10_000
Ending = Literal["succeeded", "failed", "timed_out", "heartbeat_timed_out", "ended"]


@dataclass
class Completion:
    """One attempt of a task that waits to be completed once."""

    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    result: object = None
    error: str = ""
    cause: str = ""
    _ending: Ending | None = None
    _changed: threading.Event = field(default_factory=threading.Event)
    _last_beat: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def succeed(self, result: object) -> bool:
        """Complete the task; False when it already ended."""
        with self._lock:
            if self._ending is not None:
                return False
            self._ending, self.result = "succeeded", result
        self._changed.set()
        return True

    def fail(self, error: str, cause: str) -> bool:
        """Fail the task; False when it already ended."""
        with self._lock:
            if self._ending is not None:
                return False
            self._ending, self.error, self.cause = "failed", error, cause
        self._changed.set()
        return True

    def beat(self) -> bool:
        """Note a sign of life; False when the task already ended."""
        with self._lock:
            if self._ending is not None:
                return False
            self._last_beat = time.monotonic()
        return True

    def wait(
        self,
        *,
        timeout_seconds: float | None,
        heartbeat_seconds: float | None,
        control: ExecutionControl | None,
    ) -> Ending:
        """Wait until the task ends in one of its ways; that way is then final."""
        deadline = monotonic_deadline(timeout_seconds)
        if control is None:
            return self._wait_until(deadline, heartbeat_seconds)
        with control.waking(self._changed):
            return self._wait_until(deadline, heartbeat_seconds, control)

    def _wait_until(
        self, deadline: float, heartbeat_seconds: float | None, control: ExecutionControl | None = None
    ) -> Ending:
        while True:
            with self._lock:
                limit = deadline
                if heartbeat_seconds is not None:
                    limit = min(limit, self._last_beat + heartbeat_seconds)
                now = time.monotonic()
                if self._ending is None and control is not None and control.has_ended:
                    self._ending = "ended"
                if self._ending is None and now >= limit:
                    self._ending = "timed_out" if now >= deadline else "heartbeat_timed_out"
                if self._ending is not None:
                    return self._ending
            self._changed.wait(None if limit == float("inf") else limit - now)


class TaskTokens:
    """The tokens that were given out: open ones, and the last closed ones."""

    def __init__(self) -> None:
        self._open: dict[str, Completion] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def issue(self) -> Completion:
        """A new task attempt with a token of its own."""
        completion = Completion()
        with self._lock:
            self._open[completion.token] = completion
        return completion

    def find(self, token: str) -> Completion | None:
        """The attempt behind an open token."""
        with self._lock:
            return self._open.get(token)

    def close(self, completion: Completion) -> None:
        """Nobody waits for this attempt any more."""
        with self._lock:
            self._open.pop(completion.token, None)
            self._closed[completion.token] = None
            while len(self._closed) > REMEMBERED:
                self._closed.popitem(last=False)

    def is_closed(self, token: str) -> bool:
        """Whether a token was given out and has ended."""
        with self._lock:
            return token in self._closed
