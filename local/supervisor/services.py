"""The services of the laptop, in start order: the outside world first, then the cloud."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from local.supervisor.addresses import Addresses, Ports
from local.supervisor.layout import Layout
from local.supervisor.loopback import aws_environment, clean_environment
from local.supervisor.process import Service


def services(layout: Layout, *, ports: Ports, addresses: Addresses) -> tuple[Service, ...]:
    """What to start for this laptop."""
    base = {**clean_environment(), "PYTHONPATH": str(layout.root), "PYTHONUNBUFFERED": "1"}
    sandbox = {
        "SLIPWAY_SANDBOX_TOOLCHAIN": str(layout.toolchain),
        "SLIPWAY_LIBRARIES": str(layout.service_state("libraries")),
        "SLIPWAY_LIBRARIES_PYTHON": sys.executable,
    }
    emulator_env = {
        **aws_environment(addresses.emulator),
        **sandbox,
        "PYTHONPATH": str(layout.root),
        "PYTHONUNBUFFERED": "1",
        "SLIPWAY_EMULATOR_PORT": str(ports.emulator),
        "SLIPWAY_STATE_DIR": str(layout.service_state("aws")),
        "SLIPWAY_GATEWAY_URL": addresses.gateway,
        "SLIPWAY_AGENT_PYTHON": _plain_python(),
        "SLIPWAY_LAMBDA_PYTHON": _plain_python(),
        "SLIPWAY_OVERLAY": str(overlay(layout)),
    }
    gateway_env = {
        **aws_environment(addresses.emulator),
        "PYTHONPATH": str(layout.root),
        "PYTHONUNBUFFERED": "1",
        "SLIPWAY_EMULATOR_URL": addresses.emulator,
        "SLIPWAY_FORGE_URL": addresses.forge,
    }

    def double(name: str, port: int, environment: dict[str, str], *more: str) -> Service:
        return Service(
            name=name,
            argv=[
                *(sys.executable, "-m", f"local.{name}", "--host", "127.0.0.1", "--port", str(port)),
                *("--state", str(layout.service_state(name)), *more),
            ],
            environment=environment,
            health=f"http://127.0.0.1:{port}/health",
            log=layout.logs / f"{name}.log",
            cwd=layout.root,
        )

    return (
        double("forge", ports.forge, {**base, **sandbox}),
        double("jira", ports.jira, base),
        double("slack", ports.slack, base),
        double("sentry", ports.sentry, base),
        double(
            "gateway",
            ports.gateway,
            gateway_env,
            *("--github-credentials", str(layout.credentials / "gateway-github.json")),
            *("--jira-credentials", str(layout.credentials / "gateway-jira.json")),
        ),
        Service(
            name="aws",
            argv=[str(layout.emulator_environment / "bin" / "python"), "-m", "local.aws"],
            environment=emulator_env,
            health=f"{addresses.emulator}/_ministack/ready",
            log=layout.logs / "aws.log",
            cwd=layout.root,
        ),
    )


def overlay(layout: Layout) -> Path:
    """The only settings in which a deployed process differs here: no language model is reached."""
    path = layout.state / "overlay.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        model = {"SLIPWAY_MODEL_PROVIDER": "deterministic"}
        path.write_text(json.dumps({"lambda": model, "agent": model}, indent=2))
    return path


def _plain_python() -> str:
    """The interpreter below the virtual environment: assets carry their own dependencies."""
    return str(Path(sys.executable).resolve())
