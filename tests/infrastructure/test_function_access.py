"""A function's role covers every port that the code it reaches may touch.

The emulator does not enforce roles, so a missing permission would first show in AWS.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from stacks.functions import FUNCTIONS, Access

ROOT = Path(__file__).resolve().parents[2]
_PORT = re.compile(r"\b(?:platform|ports)\.(secrets\.\w+|[a-z_]+)")
_NEEDS = {
    "tasks": {Access.TASKS},
    "approvals": {Access.TASKS},
    "ci_waits": {Access.TASKS},
    "event_log": {Access.TASKS},
    "artifacts": {Access.ARTIFACTS, Access.SNAPSHOTS},
    "forge": {Access.GITHUB},
    "secrets.github": {Access.GITHUB},
    "tracker": {Access.JIRA},
    "secrets.jira": {Access.JIRA},
    "chat": {Access.SLACK},
    "secrets.slack": {Access.SLACK},
    "workflow": {Access.START_TASKS, Access.STEER_TASKS},
    "step_tokens": {Access.COMPLETE_STEPS},
    "runtimes": {Access.RUN_AGENTS},
}
"""Port to the accesses of which a function that reaches it holds at least one."""


def reached(start: Path) -> set[Path]:
    """The modules of lambdas and services that a handler imports, directly or not."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module in found or not module.exists():
            continue
        found.add(module)
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                waiting += [
                    ROOT / f"{name.replace('.', '/')}.py"
                    for name in names
                    if name.startswith(("slipway.services.", "lambdas."))
                ]
    return found


@pytest.mark.parametrize("folder", sorted(FUNCTIONS))
def test_a_role_covers_every_port_its_function_reaches(folder: str) -> None:
    used = {
        port
        for module in reached(ROOT / "lambdas" / folder / "handler.py")
        for port in _PORT.findall(module.read_text())
    }
    access = FUNCTIONS[folder].access
    assert not [port for port in sorted(used & set(_NEEDS)) if not _NEEDS[port] & access]
