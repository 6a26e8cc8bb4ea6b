"""Everything around an agent in memory, and a sandbox that really runs commands in a folder of the test."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel

from slipway.adapters.memory.artifacts import MemoryArtifacts
from slipway.adapters.memory.metrics import MemoryMetrics
from slipway.adapters.memory.tasks import MemoryEventLog
from slipway.agentkit.configuration import AgentConfiguration, ModelChoice
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.models.choice import ModelSource, model_source
from slipway.agentkit.runner import Runner, RunPorts
from slipway.domain import artifact_keys
from slipway.domain.run import RunInvocation, RunRecord
from slipway.domain.ticket import Ticket
from slipway.ports.sandbox import CommandResult
from tests.unit.agents.forge_in_memory import GatewayInMemory

PRICE = '"""Prices."""\n\n\ndef mean(prices: list[int]) -> float:\n    return sum(prices) / len(prices)\n'
TEST_PRICE = "from shop.price import mean\n\n\ndef test_mean() -> None:\n    assert mean([1, 3]) == 2\n"
SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/price.py": PRICE,
    "tests/test_price.py": TEST_PRICE,
    "README.md": "# shop\n",
    ".slipway.yml": (
        "version: 1\ntest: pytest -q\nlint: ruff check .\nformat: ruff format --check .\nsource: src\n"
    ),
    ".github/workflows/ci.yml": "name: CI\non: push\n",
}
CRASH = Ticket(
    key="SHOP-7",
    url="http://jira.test/browse/SHOP-7",
    summary="Checkout crashes on an empty cart",
    description=(
        "The mean price of an empty cart should be 0.\n\n```\nTraceback (most recent call last):\n"
        '  File "/app/src/shop/price.py", line 5, in mean\n    return sum(prices) / len(prices)\n'
        "ZeroDivisionError: division by zero\n```\n"
    ),
)
TASK_ID = "shop-7-0a1b2c3d"


@dataclass
class FolderSandbox:
    """Runs commands with this interpreter's tools; trusted test code only."""

    folder: Path

    def upload(self, files: Mapping[str, bytes]) -> None:
        for path, body in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            (self.folder / path).unlink()

    def run(self, command: Sequence[str] | str, *, timeout_seconds: int) -> CommandResult:
        started = time.monotonic()
        line = command if isinstance(command, str) else " ".join(command)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            # A plugin of our own tests, which a repository's tests know nothing of.
            "PYTEST_ADDOPTS": "-p no:asyncio",
        }
        ended = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
        )
        seconds = time.monotonic() - started
        return CommandResult(line, ended.returncode, ended.stdout, ended.stderr, seconds)

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        return {path: (self.folder / path).read_bytes() for path in paths}

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


@dataclass
class FolderSandboxes:
    """Opens folders."""

    root: Path
    opened: int = 0

    def open(self, *, name: str, timeout_seconds: int) -> FolderSandbox:
        self.opened += 1
        folder = self.root / f"sandbox-{self.opened}"
        folder.mkdir(parents=True)
        return FolderSandbox(folder)


@dataclass
class World:
    """One task's surroundings."""

    root: Path
    artifacts: MemoryArtifacts = field(default_factory=MemoryArtifacts)
    event_log: MemoryEventLog = field(default_factory=MemoryEventLog)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    gateway: GatewayInMemory = field(init=False)
    sandboxes: FolderSandboxes = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = GatewayInMemory(self.artifacts)
        self.sandboxes = FolderSandboxes(self.root)

    def runner(
        self, definition: AgentDefinition[Any, Any, Any, Any], *, models: ModelSource | None = None
    ) -> Runner[Any, Any, Any, Any]:
        return Runner(
            definition=definition,
            configuration=AgentConfiguration(heartbeat_seconds=0.02),
            ports=RunPorts(
                artifacts=self.artifacts,
                event_log=self.event_log,
                metrics=self.metrics,
                sandboxes=self.sandboxes,
                open_gateway=lambda: self.gateway,
            ),
            model_source=models or model_source(ModelChoice(provider="deterministic")),
        )

    def invocation(
        self, step: str, request: BaseModel, *, attempt: int = 1, token: str | None = None
    ) -> RunInvocation:
        key = artifact_keys.run_request(TASK_ID, step, attempt)
        self.artifacts.put(key, request.model_dump_json(by_alias=True).encode())
        return RunInvocation(task_id=TASK_ID, step=step, attempt=attempt, request_key=key, task_token=token)

    async def run(
        self,
        definition: AgentDefinition[Any, Any, Any, Any],
        step: str,
        request: BaseModel,
        *,
        attempt: int = 1,
        models: ModelSource | None = None,
    ) -> RunRecord:
        return await self.runner(definition, models=models).run(
            self.invocation(step, request, attempt=attempt), cancel=threading.Event()
        )

    def transcript(self, step: str, attempt: int = 1) -> str:
        return self.artifacts.get(artifact_keys.run_transcript(TASK_ID, step, attempt)).decode()

    def messages(self) -> list[str]:
        return [event.message for event in self.event_log.events(TASK_ID)]
