"""Lint and format: the tool that the log names runs in the sandbox and its changes are read back."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Probe, ProbeResult, Tree
from slipway.playbooks.ci.rewriting import run_and_read

_RUFF = ("ruff check --fix --exit-zero", "ruff format")


def fix_style(log: str, tree: Tree) -> Generator[Probe, ProbeResult, Mapping[str, str | None]]:
    """What ruff changes, with the repository's own configuration."""
    if not any(path.endswith(".py") for path in tree):
        raise NeedsHuman("only Python's linters and formatters can be run here")
    return (yield from run_and_read(_RUFF, tree=tree))
