"""The queue of runs: one at a time per repository and branch, a few at once overall."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.actions.progress import (
    assignment_for,
    begin_attempt,
    end_attempt,
    interrupt_attempt,
)
from local.forge.actions.runner import Runner, RunResult
from local.forge.clock import now

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import WorkflowRun

logger = logging.getLogger(__name__)

WORKERS = 2


class Scheduler:
    """Takes queued runs oldest first, runs them, and writes down how they went."""

    def __init__(self, forge: Forge, runner: Runner, *, workers: int = WORKERS) -> None:
        self._forge = forge
        self._runner = runner
        # The store's own lock: requests hold it when they enqueue, so a second lock could only deadlock.
        self._changed = threading.Condition(forge.store.lock)
        self._is_stopping = False
        self._busy: set[tuple[int, str]] = set()
        self._threads = [
            threading.Thread(target=self._work, name=f"runner-{number}", daemon=True)
            for number in range(workers)
        ]

    def start(self) -> None:
        """Queue again what an earlier process left unfinished, and begin."""
        for run in self._forge.store.runs.where(lambda found: found.status == "in_progress"):
            interrupt_attempt(self._forge, run)
        for thread in self._threads:
            thread.start()

    def enqueue(self, run: WorkflowRun) -> None:  # noqa: ARG002 - the store already holds it
        """Look at the queue again."""
        with self._changed:
            self._changed.notify_all()

    def stop(self) -> None:
        """Take no further run; one that is under way is queued again by the next process."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                run = self._next()
                while run is None and not self._is_stopping:
                    self._changed.wait()
                    run = self._next()
                if self._is_stopping or run is None:
                    return
                slot = (run.repository_id, run.head_branch)
                self._busy.add(slot)
            try:
                self._run(run)
            except Exception:
                logger.exception("run_id=<%s> | the runner broke down", run.id)
                self._give_up(run)
            finally:
                with self._changed:
                    self._busy.discard(slot)
                    self._changed.notify_all()

    def _next(self) -> WorkflowRun | None:
        return self._forge.store.runs.first(
            lambda run: run.status == "queued" and (run.repository_id, run.head_branch) not in self._busy
        )

    def _run(self, run: WorkflowRun) -> None:
        started = begin_attempt(self._forge, run)
        if started is None:
            return
        assignment = assignment_for(self._forge, started)
        folder = Path(tempfile.mkdtemp(prefix=f"run-{run.id}-", dir=self._forge.settings.work))
        try:
            result = self._runner(assignment, folder / "files")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        with self._changed:
            if self._is_stopping:
                return
        end_attempt(self._forge, started, result)

    def _give_up(self, run: WorkflowRun) -> None:
        current = self._forge.store.runs.get(run.id)
        if current is None or current.status == "completed":
            return
        complaint = "The runner broke down; see the forge's log."
        end_attempt(self._forge, replace(current, updated_at=now()), RunResult("failure", (), complaint))
