"""Where the laptop keeps its files, all below `.slipway/` of the checkout."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """Folders of one laptop. `tools` is shared by every laptop of a checkout, `state` belongs to one."""

    root: Path
    tools: Path
    state: Path

    @property
    def emulator_environment(self) -> Path:
        """The emulator's own virtual environment."""
        return self.tools / "emulator"

    @property
    def toolchain(self) -> Path:
        """What a sandbox may run: python, pytest, ruff, mypy."""
        return self.tools / "toolchain"

    @property
    def record(self) -> Path:
        """What is running: pids, ports, addresses."""
        return self.state / "laptop.json"

    @property
    def logs(self) -> Path:
        """One log file for each service."""
        return self.state / "logs"

    @property
    def credentials(self) -> Path:
        """Credentials of the doubles, readable by their owner only."""
        return self.state / "credentials"

    def service_state(self, name: str) -> Path:
        """The folder one service keeps its data in."""
        return self.state / name


def layout(state: Path | None = None) -> Layout:
    """The layout of this checkout; `state` or SLIPWAY_LAPTOP names another laptop's folder."""
    tools = ROOT / ".slipway"
    chosen = state or Path(os.environ.get("SLIPWAY_LAPTOP", tools / "laptop"))
    return Layout(root=ROOT, tools=tools, state=chosen.resolve())
