"""Tasks and their events in memory, under one lock: the same promises as the table's transactions."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from slipway.adapters.memory.task_controls import MemoryTaskControls
from slipway.domain.errors import NotFound
from slipway.domain.event import EventKind, TaskEvent, new_event
from slipway.domain.task import Task, TaskPatch, TaskState, check_transition
from slipway.ports.clock import Clock, utc_now
from slipway.ports.tasks import Acceptance


@dataclass(frozen=True, kw_only=True)
class MemoryTasks(MemoryTaskControls):
    """`log` receives the first event of an accepted task, as one table would."""

    log: MemoryEventLog
    clock: Clock = utc_now
    deliveries: dict[tuple[str, str], str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    pull_requests: dict[tuple[str, int], str] = field(default_factory=dict)
    slots: set[str] = field(default_factory=set)

    @property
    def _rows(self) -> dict[str, Task]:
        return self.log.tasks

    @property
    def _lock(self) -> threading.RLock:
        return self.log.lock

    def accept(self, task: Task, *, delivery_id: str, event: TaskEvent) -> Acceptance:
        """All or none."""
        with self._lock:
            delivery = (task.source, delivery_id)
            if delivery in self.deliveries or task.id in self._rows:
                known = self.deliveries.get(delivery, task.id)
                return Acceptance(task_id=known, outcome="duplicate_delivery")
            holder = next((self.subjects[one] for one in task.subjects if one in self.subjects), None)
            if holder is not None:
                return Acceptance(task_id=holder, outcome="already_open")
            self.deliveries[delivery] = task.id
            self.subjects.update(dict.fromkeys(task.subjects, task.id))
            self._rows[task.id] = task
            self.log.history.append(event)
            return Acceptance(task_id=task.id, outcome="accepted")

    def remember_delivery(self, source: str, delivery_id: str, *, task_id: str | None = None) -> bool:
        """True the first time."""
        with self._lock:
            if (source, delivery_id) in self.deliveries:
                return False
            self.deliveries[source, delivery_id] = task_id or ""
            return True

    def forget_delivery(self, source: str, delivery_id: str) -> None:
        """Let the sender's retry do it again."""
        with self._lock:
            self.deliveries.pop((source, delivery_id), None)

    def get(self, task_id: str) -> Task:
        """The task; raises NotFound."""
        with self._lock:
            if task_id not in self._rows:
                raise NotFound(f"task {task_id} does not exist; see `slipway tasks list`")
            return self._rows[task_id]

    def in_state(self, state: TaskState) -> Sequence[Task]:
        """Higher priority first, then older first."""
        with self._lock:
            found = [task for task in self._rows.values() if task.state is state]
        return sorted(found, key=lambda task: (task.priority.rank, task.created_at, task.id))

    def open_for_subject(self, subject: str) -> str | None:
        """The subject's open task."""
        return self.subjects.get(subject)

    def for_pull_request(self, repository: str, number: int) -> str | None:
        """The task that opened this pull request."""
        return self.pull_requests.get((repository.lower(), number))

    def claim(self, task_id: str, *, slots: int) -> bool:
        """Queued to starting while there is a slot."""
        with self._lock:
            if len(self.slots) >= slots or self.get(task_id).state is not TaskState.QUEUED:
                return False
            self.slots.add(task_id)
            self._write(task_id, {"state": TaskState.STARTING, "started_at": self.clock()})
            return True

    def unclaim(self, task_id: str) -> None:
        """Back into the queue."""
        with self._lock:
            if self.get(task_id).state is TaskState.STARTING:
                self.slots.discard(task_id)
                self._write(task_id, {"state": TaskState.QUEUED})

    def move(self, task_id: str, target: TaskState, *, patch: TaskPatch | None = None) -> Task:
        """To another open state."""
        with self._lock:
            check_transition(task_id, self.get(task_id).state, target)
            return self._write(task_id, {**_changes(patch), "state": target})

    def patch(self, task_id: str, patch: TaskPatch) -> Task:
        """Change fields, not the state."""
        with self._lock:
            for pull_request in patch.pull_requests:
                self.pull_requests[pull_request.repository.lower(), pull_request.number] = task_id
            return self._write(task_id, _changes(patch))

    def end(self, task_id: str, state: TaskState, *, reason: str) -> bool:
        """End it once."""
        with self._lock:
            task = self.get(task_id)
            if task.state.is_terminal:
                return False
            self.slots.discard(task_id)
            for subject in task.subjects:
                if self.subjects.get(subject) == task_id:
                    del self.subjects[subject]
            self._free_places(task_id)
            changes = {"state": state, "reason": reason, "ended_at": self.clock(), "current_agent": None}
            self._write(task_id, changes)
            return True

    def running(self) -> frozenset[str]:
        """Ids that hold a slot."""
        return frozenset(self.slots)

    def take_places(self, task_id: str, repositories: Sequence[str], *, places: int) -> bool:
        """Only an open task takes places."""
        with self._lock:
            if self.get(task_id).state.is_terminal:
                return False
            return super().take_places(task_id, repositories, places=places)

    def free_slot(self, task_id: str) -> None:
        """Take back the slot."""
        with self._lock:
            self.slots.discard(task_id)

    def _write(self, task_id: str, changes: Mapping[str, object]) -> Task:
        task = self.get(task_id)
        self._rows[task_id] = task.model_copy(
            update={**changes, "updated_at": self.clock(), "version": task.version + 1}
        )
        return self._rows[task_id]


def _changes(patch: TaskPatch | None) -> dict[str, object]:
    return {} if patch is None else {name: getattr(patch, name) for name in patch.model_fields_set}


@dataclass(frozen=True, kw_only=True)
class MemoryEventLog:
    """The history, and the rows whose cost it counts."""

    clock: Clock = utc_now
    history: list[TaskEvent] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def append(
        self,
        task_id: str,
        kind: EventKind,
        message: str,
        *,
        actor: str = "platform",
        detail: Mapping[str, JsonValue] | None = None,
    ) -> TaskEvent:
        """Append one fact and return it."""
        event = new_event(task_id, kind, message, at=self.clock(), actor=actor, detail=detail)
        with self.lock:
            self.history.append(event)
        return event

    def events(self, task_id: str) -> Sequence[TaskEvent]:
        """Oldest first."""
        with self.lock:
            return [event for event in self.history if event.task_id == task_id]

    def add_cost(self, task_id: str, usd: float) -> float:
        """Add and return the new total."""
        with self.lock:
            if task_id not in self.tasks:
                raise NotFound(f"task {task_id} does not exist; its cost of {usd} USD has no row")
            task = self.tasks[task_id]
            self.tasks[task_id] = task.model_copy(update={"cost_usd": round(task.cost_usd + usd, 9)})
            return self.tasks[task_id].cost_usd
