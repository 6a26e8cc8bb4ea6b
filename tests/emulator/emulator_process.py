"""Starts the real launcher for tests and stops it again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "000000000000"
REGION = "eu-west-1"


class Emulator:
    """One running emulator and the clients of it."""

    def __init__(self, state: Path, **settings: str) -> None:
        self.state = state
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = settings
        self.log = state / "emulator.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "AWS_REGION": REGION,
            "SLIPWAY_EMULATOR_PORT": str(self.port),
            "SLIPWAY_STATE_DIR": str(self.state),
            "SLIPWAY_GATEWAY_URL": "http://127.0.0.1:9999",
            "SLIPWAY_ALARM_SECONDS": "0.2",
            "SLIPWAY_SNAPSHOT_SECONDS": "0.5",
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.aws"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        eventually(self.is_ready, within_seconds=120, what=f"emulator ready; see {self.log}")

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/ready", timeout=2) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Stop it and tell how many seconds that took."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        return time.monotonic() - started

    def client(self, service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service of the tests
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",
            config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}, read_timeout=60),
        )

    def ask(self, path: str, *, method: str = "GET") -> tuple[int, Any]:
        """Ask the emulator's own API."""
        request = urllib.request.Request(f"{self.url}/_slipway/{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def deploy(self, stack: str, template: Mapping[str, Any]) -> dict[str, str]:
        """Create or update a stack, wait for it, and return its outputs."""
        cloudformation = self.client("cloudformation")
        body = json.dumps(template)
        try:
            cloudformation.update_stack(StackName=stack, TemplateBody=body)
        except cloudformation.exceptions.ClientError as error:
            if "No updates" in str(error):
                return self.outputs(stack)
            cloudformation.create_stack(StackName=stack, TemplateBody=body)

        def settled() -> bool:
            status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
            return not status.endswith("IN_PROGRESS")

        eventually(settled, within_seconds=30, what=f"stack {stack} settled")
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        failures = [
            event.get("ResourceStatusReason") for event in events if "FAILED" in event["ResourceStatus"]
        ]
        assert found["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), failures
        return self.outputs(stack)

    def outputs(self, stack: str) -> dict[str, str]:
        """The outputs of a stack."""
        [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], object], *, within_seconds: float, what: str) -> None:
    """Wait until a condition holds; a deadline, never a fixed sleep, ends the wait."""
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_seconds} s: {what}")
        time.sleep(0.05)
