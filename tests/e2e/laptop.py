"""What an end-to-end test does on the laptop: file tickets, wait, look."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import boto3
import httpx

from local import sample_org
from local.supervisor.addresses import LaptopRecord
from local.supervisor.loopback import ACCOUNT, REGION
from local.supervisor.provision import REPORTER, Identities
from scripts.file_ticket import file_ticket
from scripts.target import Target, resolve
from slipway.bootstrap import AwsPlatform
from slipway.domain.event import EventKind
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform

Found = TypeVar("Found")
PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Laptop:
    """The deployed cloud and the doubles around it."""

    record: LaptopRecord
    target: Target
    identities: Identities

    @classmethod
    def of(cls, record: LaptopRecord, *, state: Path) -> Laptop:
        identities = (state / "credentials" / "identities.json").read_text()
        return cls(record=record, target=resolve(None), identities=Identities.model_validate_json(identities))

    def close(self) -> None:
        """Give the connections back."""
        if isinstance(self.platform, AwsPlatform):
            self.platform.close()

    @property
    def reporter(self) -> tuple[str, str]:
        """Email and token of the person who files tickets."""
        return REPORTER

    @property
    def platform(self) -> Platform:
        return self.target.platform

    def file_sample(self, name: str) -> str:
        """File a sample ticket; returns the id of its task."""
        return self.task_of(self.file(sample_org.load_ticket(sample_org.tickets()[name])))

    def file(self, ticket: sample_org.TicketFile) -> str:
        """File a ticket; returns its key."""
        return file_ticket(self.record.addresses.jira, ticket)

    def task_of(self, key: str) -> str:
        return eventually(lambda: self.platform.tasks.open_for_subject(f"jira:{key}"))

    def wait_for(self, task_id: str, *states: TaskState) -> Task:
        """The task once it is in one of the states; fails when it ends in another."""

        def look() -> Task | None:
            task = self.platform.tasks.get(task_id)
            if task.state.is_terminal and task.state not in states:
                history = [f"{e.at:%H:%M:%S} {e.message}" for e in self.platform.event_log.events(task_id)]
                raise AssertionError(f"ended {task.state}: {task.reason}\n" + "\n".join(history))
            return task if task.state in states else None

        return eventually(look)

    def kinds(self, task_id: str) -> list[EventKind]:
        return [event.kind for event in self.platform.event_log.events(task_id)]

    def tasks_of(self, key: str) -> Sequence[Task]:
        """Every task of a ticket, in any state; one that moves while we look is seen once."""
        found = [t for s in TaskState for t in self.platform.tasks.in_state(s) if t.ticket_key == key]
        return list({task.id: task for task in found}.values())

    def jira_webhook(
        self, payload: object, *, secret: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Post a delivery as Jira does, signed with the real secret unless another is given."""
        body = json.dumps(payload).encode()
        key = self.identities.jira.webhook_secrets[0].get_secret_value() if secret is None else secret
        signature = "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        sent = {"Content-Type": "application/json", "X-Hub-Signature": signature, **(headers or {})}
        return httpx.post(f"{self.record.api_url}/webhooks/jira", content=body, headers=sent, timeout=60)

    @contextmanager
    def setting(self, function: str, **variables: str) -> Iterator[None]:
        """Change a deployed function's environment while the block runs, as an operator would."""
        functions = boto3.client(
            "lambda",
            endpoint_url=self.record.addresses.emulator,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="laptop",
        )
        name = f"slipway-dev-{function}"
        before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**before, **variables}}
        )
        yield
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})
        functions.close()


def eventually(look: Callable[[], Found | None]) -> Found:
    """What `look` finds, asked again until it finds something or patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing found in {PATIENCE_SECONDS} s by {look}")
