"""Writes the emulator's state to disk while it runs, so that a killed emulator loses seconds, not all."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

ATTEMPTS = 5
GetState = Callable[[], object]


class Snapshots:
    """Saves the services whose state differs from what was saved last."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._saved: dict[str, str] = {}
        self._lock = threading.Lock()

    def save(self, services: Mapping[str, GetState], *, encode: Callable[[str, object], str]) -> list[str]:
        """Write each changed service's file whole; return the names that were written."""
        with self._lock:
            return [name for name, get_state in services.items() if self._save_one(name, get_state, encode)]

    def _save_one(self, name: str, get_state: GetState, encode: Callable[[str, object], str]) -> bool:
        text = consistent(lambda: encode(name, get_state()), what=name)
        if text is None:
            return False
        digest = hashlib.sha256(text.encode()).hexdigest()
        if self._saved.get(name) == digest:
            return False
        write_whole(self._directory / f"{name}.json", text)
        self._saved[name] = digest
        return True


def consistent(read: Callable[[], str], *, what: str) -> str | None:
    """Read state that other threads change; None when it kept changing during every attempt."""
    for _ in range(ATTEMPTS):
        try:
            return read()
        except RuntimeError as error:
            # "dictionary changed size during iteration": take it again.
            logger.debug("service=<%s> | state changed while it was read: %s", what, error)
    logger.warning("service=<%s> | state changed too fast to be saved; the next snapshot tries again", what)
    return None


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def ministack_services() -> dict[str, GetState]:
    """The services that ministack would save when it stops and that hold anything."""
    import ministack.app

    services: dict[str, GetState] = ministack.app._build_persistence_save_dict()
    return services


def ministack_encoding(service: str, state: object) -> str:
    """A service's file in the form that ministack loads."""
    from ministack.core import persistence

    if state is None:
        raise ValueError(f"service {service} could not be imported and has no state")
    document = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    return json.dumps(document, default=persistence._json_default)


def save_periodically(
    snapshots: Snapshots, *, interval_seconds: float, changes: Callable[[], int]
) -> Callable[[], None]:
    """Save in the background when something may have changed; return how to stop that."""
    stopped = threading.Event()

    def loop() -> None:
        seen = -1
        while not stopped.wait(interval_seconds):
            now = changes()
            if now == seen:
                continue
            started = time.monotonic()
            try:
                written = snapshots.save(ministack_services(), encode=ministack_encoding)
                seen = now
                logger.debug("services=<%s> | saved in %.3f s", written, time.monotonic() - started)
            except Exception:
                # One failed snapshot must not end all later ones.
                logger.exception("state not saved; trying again in %s s", interval_seconds)

    thread = threading.Thread(target=loop, daemon=True, name="snapshots")
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop
