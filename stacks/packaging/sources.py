"""Which of our files go into which bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from stacks.packaging.archive import Entry

_SUFFIXES = frozenset({".py", ".md", ".json", ".toml", ".yml", ".yaml", ".typed"})
_ONLY_AGENTS_RUN = ("agentkit", "playbooks")
_AGENT_FACTS = ("__init__.py", "spec.py", "contract.py")


def agent_sources(root: Path, agent: str) -> list[Entry]:
    """The library and one agent's folder: another agent's prompt or spec is not part of this asset."""
    return [
        *_package(root, "slipway"),
        Entry("agents/__init__.py", root / "agents" / "__init__.py"),
        Entry("main.py", root / "agents" / "main.py"),
        *_package(root, f"agents/{agent}"),
    ]


def lambda_sources(root: Path) -> list[Entry]:
    """Every function, the library without what only agents run, and what the platform knows of agents."""
    return [
        *(entry for entry in _package(root, "slipway") if entry.path.split("/")[1] not in _ONLY_AGENTS_RUN),
        *_package(root, "lambdas"),
        Entry("agents/__init__.py", root / "agents" / "__init__.py"),
        Entry("agents/registry.py", root / "agents" / "registry.py"),
        *(entry for entry in _package(root, "agents") if _is_agent_fact(entry)),
    ]


def digest(entries: Iterable[Entry]) -> str:
    """SHA-256 over paths and bytes."""
    total = hashlib.sha256()
    for entry in sorted(entries, key=lambda each: each.path):
        content = entry.source.read_bytes()
        total.update(f"{entry.path}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _package(root: Path, folder: str) -> Iterator[Entry]:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in _SUFFIXES and "__pycache__" not in path.parts and path.is_file():
            yield Entry(path.relative_to(root).as_posix(), path)


def _is_agent_fact(entry: Entry) -> bool:
    parts = entry.path.split("/")
    return len(parts) == 3 and parts[2] in _AGENT_FACTS
