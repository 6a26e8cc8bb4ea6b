"""Lets a running workflow execution be ended from outside, whatever it is waiting for."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

current: contextvars.ContextVar[ExecutionControl | None] = contextvars.ContextVar("execution", default=None)
"""The execution that this thread works for."""


class ExecutionControl:
    """One running execution: whether it has ended, and who must be woken when it does."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._waiters: set[threading.Event] = set()
        self._lock = threading.Lock()

    @property
    def has_ended(self) -> bool:
        """Whether the execution was stopped or timed out."""
        return self._ended.is_set()

    def end(self) -> None:
        """End it and wake everything that waits."""
        with self._lock:
            self._ended.set()
            for waiter in self._waiters:
                waiter.set()

    def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end."""
        self._ended.wait(seconds)

    @contextmanager
    def waking(self, event: threading.Event) -> Iterator[None]:
        """Set `event` if the execution ends inside this block."""
        with self._lock:
            self._waiters.add(event)
            if self._ended.is_set():
                event.set()
        try:
            yield
        finally:
            with self._lock:
                self._waiters.discard(event)


class Controls:
    """The controls of the executions that run now, by ARN."""

    def __init__(self) -> None:
        self._by_arn: dict[str, ExecutionControl] = {}
        self._lock = threading.Lock()

    def open(self, arn: str) -> ExecutionControl:
        """The control of an execution that starts, or that was ended before its thread began."""
        with self._lock:
            return self._by_arn.setdefault(arn, ExecutionControl())

    def end(self, arn: str) -> None:
        """End an execution."""
        self.open(arn).end()

    def close(self, arn: str) -> None:
        """Forget an execution whose thread is done."""
        with self._lock:
            self._by_arn.pop(arn, None)


def monotonic_deadline(seconds: float | None) -> float:
    """When something that may take `seconds` is overdue; never, without a limit."""
    return time.monotonic() + seconds if seconds is not None else float("inf")
