"""Delivering webhooks: signed, in order per hook, tried again three times, and remembered."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx

from local.forge.clock import now
from local.forge.records import Delivery, Hook

if TYPE_CHECKING:
    from local.forge.store import Store

logger = logging.getLogger(__name__)

PAUSES_SECONDS = (0.5, 1.0, 2.0)
TIMEOUT_SECONDS = 10.0
STOP_SECONDS = 1.0
KEPT_DELIVERIES = 2000


def signature(secret: str, body: bytes) -> str:
    """Sign a body as `X-Hub-Signature-256` carries it."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Courier:
    """One worker thread per hook, so that a slow receiver holds up nobody else."""

    def __init__(self, store: Store, *, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS) -> None:
        self._store = store
        self._pauses = pauses_seconds
        self._stopping = threading.Event()
        self._wake = threading.Condition()
        self._queues: dict[int, deque[int]] = {}
        self._threads: list[threading.Thread] = []
        self._busy = 0

    def resume(self) -> None:
        """Queue what an earlier process left undelivered."""
        for delivery in self._store.deliveries.where(lambda candidate: candidate.status == "pending"):
            self.send(delivery)

    def send(self, delivery: Delivery) -> None:
        """Queue a stored delivery behind the earlier ones of its hook."""
        with self._wake:
            if self._stopping.is_set():
                return
            if delivery.hook_id not in self._queues:
                self._queues[delivery.hook_id] = deque()
                thread = threading.Thread(
                    target=self._work, args=(delivery.hook_id,), name=f"hook-{delivery.hook_id}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._queues[delivery.hook_id].append(delivery.id)
            self._wake.notify_all()

    def is_idle(self) -> bool:
        """Say whether every delivery so far has been sent or given up."""
        with self._wake:
            return self._busy == 0 and not any(self._queues.values())

    def stop(self) -> None:
        """End the workers; what was not sent stays pending in the store."""
        self._stopping.set()
        with self._wake:
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)

    def _work(self, hook_id: int) -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
            while True:
                with self._wake:
                    self._wake.wait_for(lambda: self._stopping.is_set() or bool(self._queues[hook_id]))
                    if self._stopping.is_set():
                        return
                    delivery_id = self._queues[hook_id].popleft()
                    self._busy += 1
                try:
                    self._deliver(client, delivery_id)
                finally:
                    with self._wake:
                        self._busy -= 1

    def _deliver(self, client: httpx.Client, delivery_id: int) -> None:
        delivery = self._store.deliveries.get(delivery_id)
        hook = self._store.hooks.get(delivery.hook_id) if delivery is not None else None
        if delivery is None or hook is None:
            return
        for pause in (*self._pauses, None):
            delivery = self._store.deliveries.put(_attempt(client, hook, delivery))
            if 200 <= delivery.status_code < 300 or pause is None:
                break
            if self._stopping.wait(pause):
                self._store.deliveries.put(replace(delivery, status="pending"))
                return
        if not 200 <= delivery.status_code < 300:
            logger.warning(
                "delivery_id=<%s>, url=<%s>, status=<%s> | webhook not accepted, giving up",
                delivery.guid,
                hook.url,
                delivery.status,
            )
        self._prune()

    def _prune(self) -> None:
        stored = self._store.deliveries.all()
        for delivery in stored[: max(0, len(stored) - KEPT_DELIVERIES)]:
            if delivery.status != "pending":
                self._store.deliveries.delete(delivery.id)


def request_headers(hook: Hook, delivery: Delivery) -> dict[str, str]:
    """Give the headers that GitHub sends with a delivery."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "User-Agent": "GitHub-Hookshot/forge",
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Hook-ID": str(hook.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration"
        if hook.repository_id is None
        else "repository",
        "X-GitHub-Hook-Installation-Target-ID": str(hook.repository_id or hook.id),
    }
    if hook.secret:
        headers["X-Hub-Signature-256"] = signature(hook.secret, delivery.body.encode())
    return headers


def _attempt(client: httpx.Client, hook: Hook, delivery: Delivery) -> Delivery:
    started = time.monotonic()
    try:
        answer = client.post(
            hook.url, content=delivery.body.encode(), headers=request_headers(hook, delivery)
        )
    except httpx.TimeoutException:
        code, status, text = 0, "timed out", ""
    except httpx.HTTPError as error:
        code, status, text = 0, "failed to connect to host", str(error)
    else:
        code, text = answer.status_code, answer.text[:2000]
        status = "OK" if answer.is_success else f"Invalid HTTP Response: {code}"
    return replace(
        delivery,
        attempts=delivery.attempts + 1,
        delivered_at=now(),
        status_code=code,
        status=status,
        response_body=text,
        duration_seconds=round(time.monotonic() - started, 3),
    )
