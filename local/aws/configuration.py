"""What the emulator host is told by its environment, in one frozen value."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

MINISTACK_VERSION = "1.5.33"
"""The only ministack that the extensions are written against."""

HOST = "127.0.0.1"
Kind = Literal["lambda", "agent"]
Number = TypeVar("Number", int, float)


class InvalidConfiguration(ValueError):
    """A setting of the emulator host is missing or malformed."""


@dataclass(frozen=True)
class Configuration:
    """Settings of one emulator; the variable that sets each field is named in its comment."""

    port: int  # SLIPWAY_EMULATOR_PORT: where the AWS endpoint listens, loopback only
    state_directory: Path  # SLIPWAY_STATE_DIR: persistent state, unpacked assets, logs
    gateway_url: str  # SLIPWAY_GATEWAY_URL: where AgentCore Gateways are served
    agent_python: Path  # SLIPWAY_AGENT_PYTHON: interpreter of agent runtimes (its packages are not used)
    lambda_python: Path  # SLIPWAY_LAMBDA_PYTHON: interpreter of Lambda functions (likewise)
    overlay_file: Path | None  # SLIPWAY_OVERLAY: {"lambda": {...}, "agent": {...}} over deployed variables
    region: str  # AWS_REGION: used where a request does not say its region
    lambda_workers: int  # SLIPWAY_LAMBDA_WORKERS: processes per function; more callers wait
    snapshot_seconds: float  # SLIPWAY_SNAPSHOT_SECONDS: how often changed state is written
    alarm_seconds: float  # SLIPWAY_ALARM_SECONDS: how often alarms are evaluated
    agent_start_seconds: float  # SLIPWAY_AGENT_START_SECONDS: how long an agent may take to answer /ping

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Configuration:
        """Read the settings, with defaults that suit one laptop."""
        overlay = environment.get("SLIPWAY_OVERLAY")
        return cls(
            port=_number(environment, "SLIPWAY_EMULATOR_PORT", 4566, int),
            state_directory=Path(environment.get("SLIPWAY_STATE_DIR", ".slipway/aws")).resolve(),
            gateway_url=environment.get("SLIPWAY_GATEWAY_URL", f"http://{HOST}:8090").rstrip("/"),
            agent_python=Path(environment.get("SLIPWAY_AGENT_PYTHON", sys.executable)),
            lambda_python=Path(environment.get("SLIPWAY_LAMBDA_PYTHON", sys.executable)),
            overlay_file=Path(overlay).resolve() if overlay else None,
            region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
            lambda_workers=_number(environment, "SLIPWAY_LAMBDA_WORKERS", 4, int),
            snapshot_seconds=_number(environment, "SLIPWAY_SNAPSHOT_SECONDS", 15.0, float),
            alarm_seconds=_number(environment, "SLIPWAY_ALARM_SECONDS", 5.0, float),
            agent_start_seconds=_number(environment, "SLIPWAY_AGENT_START_SECONDS", 60.0, float),
        )

    @property
    def endpoint_url(self) -> str:
        """The AWS endpoint that every client on the laptop uses."""
        return f"http://{HOST}:{self.port}"

    def overlay(self, kind: Kind) -> dict[str, str]:
        """Variables laid over the deployed environment of Lambda functions or agents, read afresh."""
        if self.overlay_file is None or not self.overlay_file.exists():
            return {}
        try:
            document = json.loads(self.overlay_file.read_text(encoding="utf-8"))
            return {str(name): str(value) for name, value in document.get(kind, {}).items()}
        except (ValueError, AttributeError) as error:
            raise InvalidConfiguration(
                f"SLIPWAY_OVERLAY file {self.overlay_file} must be JSON like "
                f'{{"lambda": {{"NAME": "value"}}, "agent": {{}}}}: {error}'
            ) from error

    def ministack_environment(self) -> dict[str, str]:
        """The variables that ministack itself reads when it is imported."""
        state = self.state_directory
        return {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "MINISTACK_REGION": self.region,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "objects"),
        }


def without_cloud_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment minus everything that could lead a client away from this machine."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }
    return {**kept, **NO_CLOUD}


NO_CLOUD = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def _number(environment: Mapping[str, str], name: str, default: Number, convert: type[Number]) -> Number:
    text = environment.get(name)
    if not text:
        return default
    try:
        return convert(text)
    except ValueError as error:
        raise InvalidConfiguration(f"{name}={text!r} must be a number") from error
