"""The forge's memory: records in process, written through to one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter

from local.forge import records

if TYPE_CHECKING:
    from pathlib import Path

RecordT = TypeVar("RecordT", bound=records.Record)


class Journal:
    """The SQLite file: one row per record, and the counter that ids come from."""

    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
        )
        highest: tuple[int | None] = self._connection.execute("SELECT MAX(id) FROM records").fetchone()
        self._last_id = max(highest[0] or 0, 1000)
        self._is_open = True

    def next_id(self) -> int:
        """Give an id that no record of any kind has."""
        with self.lock:
            self._last_id += 1
            return self._last_id

    def load(self, kind: str) -> Iterable[str]:
        """Read the stored bodies of one kind, oldest first."""
        rows: list[tuple[str]] = self._connection.execute(
            "SELECT body FROM records WHERE kind = ? ORDER BY id", (kind,)
        ).fetchall()
        return [body for (body,) in rows]

    def write(self, kind: str, record_id: int, body: str) -> None:
        """Insert or replace one record; a worker that outlives the forge has nothing more to say."""
        if not self._is_open:
            return
        self._connection.execute(
            "INSERT OR REPLACE INTO records (kind, id, body) VALUES (?, ?, ?)", (kind, record_id, body)
        )

    def erase(self, kind: str, record_id: int) -> None:
        """Remove one record."""
        if not self._is_open:
            return
        self._connection.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, record_id))

    def clear(self) -> None:
        """Remove every record."""
        self._connection.execute("DELETE FROM records")

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._is_open = False
            self._connection.close()


class Table(Generic[RecordT]):
    """The records of one kind."""

    def __init__(self, kind: type[RecordT], journal: Journal) -> None:
        self._kind = kind.__name__
        self._journal = journal
        self._adapter = TypeAdapter(kind)
        self._records: dict[int, RecordT] = {}
        for body in journal.load(self._kind):
            record = self._adapter.validate_json(body)
            self._records[record.id] = record

    def get(self, record_id: int | None) -> RecordT | None:
        """Find a record by id."""
        return None if record_id is None else self._records.get(record_id)

    def all(self) -> list[RecordT]:
        """List every record, oldest first."""
        with self._journal.lock:
            return list(self._records.values())

    def where(self, predicate: Callable[[RecordT], bool]) -> list[RecordT]:
        """List the records that match, oldest first."""
        return [record for record in self.all() if predicate(record)]

    def first(self, predicate: Callable[[RecordT], bool]) -> RecordT | None:
        """Find the oldest record that matches."""
        return next((record for record in self.all() if predicate(record)), None)

    def put(self, record: RecordT) -> RecordT:
        """Insert or replace a record and return it."""
        with self._journal.lock:
            self._journal.write(self._kind, record.id, self._adapter.dump_json(record).decode())
            self._records[record.id] = record
        return record

    def delete(self, record_id: int) -> None:
        """Forget a record."""
        with self._journal.lock:
            self._journal.erase(self._kind, record_id)
            self._records.pop(record_id, None)

    def forget_all(self) -> None:
        """Drop the in-process copies after the journal was cleared."""
        self._records.clear()


class Store:
    """Every table of the forge over one journal."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path)
        self.accounts = Table(records.Account, self.journal)
        self.apps = Table(records.App, self.journal)
        self.tokens = Table(records.Token, self.journal)
        self.repositories = Table(records.Repository, self.journal)
        self.issues = Table(records.Issue, self.journal)
        self.pull_requests = Table(records.PullRequest, self.journal)
        self.comments = Table(records.Comment, self.journal)
        self.reviews = Table(records.Review, self.journal)
        self.review_comments = Table(records.ReviewComment, self.journal)
        self.reactions = Table(records.Reaction, self.journal)
        self.labels = Table(records.Label, self.journal)
        self.statuses = Table(records.Status, self.journal)
        self.check_suites = Table(records.CheckSuite, self.journal)
        self.check_runs = Table(records.CheckRun, self.journal)
        self.runs = Table(records.WorkflowRun, self.journal)
        self.jobs = Table(records.Job, self.journal)
        self.hooks = Table(records.Hook, self.journal)
        self.deliveries = Table(records.Delivery, self.journal)

    @property
    def lock(self) -> threading.RLock:
        """The lock that makes a read-then-write one step."""
        return self.journal.lock

    def next_id(self) -> int:
        """Give a fresh id."""
        return self.journal.next_id()

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.journal.clear()
            for table in vars(self).values():
                if isinstance(table, Table):
                    table.forget_all()

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()
