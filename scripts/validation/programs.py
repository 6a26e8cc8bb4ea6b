"""The validators' own environment: checkov alone pins a hundred packages."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from local.locked_environment import LockedEnvironment
from local.supervisor.layout import ROOT, Layout
from local.supervisor.node import node

LOCK = Path(__file__).with_name("requirements.lock")


class ValidatorFailed(RuntimeError):
    """A validator ended without a verdict."""


@dataclass(frozen=True)
class Programs:
    """Runs validators from the locked environment, and Node scripts with the wheel's Node."""

    environment: LockedEnvironment

    def run(self, name: str, *arguments: str, accepted: Container[int] = (0,)) -> str:
        """What the program printed; an exit code outside `accepted` is a failure, not a finding."""
        return _run(name, [str(self.environment.program(name)), *arguments], accepted)

    def node(self, script: Path, *arguments: str) -> str:
        """What a script of ours printed."""
        return _run(script.name, [str(node()), str(script), *arguments], (0,))


def programs(where: Layout) -> Programs:
    """The programs of this checkout, installed when their lock changed."""
    environment = LockedEnvironment(lock=LOCK, directory=where.tools / "validators")
    environment.ensure()
    return Programs(environment)


def _run(name: str, command: list[str], accepted: Container[int]) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "BC_"))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in accepted:
        said = (done.stderr or done.stdout).strip()
        raise ValidatorFailed(f"{name} ended with {done.returncode} and no verdict: {said[-2000:]}")
    return done.stdout
