"""The last look at a tool call before it leaves an agent: no credential, default branch or workflow file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue
from strands.types.tools import ToolSpec

from slipway.agentkit.gateway import READ_ONLY, Gateway, Reply
from slipway.domain.errors import PolicyRefused
from slipway.domain.repository_config import RepositoryConfig
from slipway.domain.secret_scan import scan_values

_SNAPSHOT = "repositories___snapshot"
_USUAL_DEFAULTS = frozenset({"main", "master", "trunk"})
_RULES = RepositoryConfig()


@dataclass
class GuardedGateway:
    """A gateway whose writing calls are checked by code, whatever a model or a tool of ours asks of it.

    The toolboxes keep these rules by what they offer; this holds when one of them has a fault.
    """

    inner: Gateway
    run_id: str
    _defaults: dict[str, str] = field(default_factory=dict)

    def described(self) -> Mapping[str, ToolSpec]:
        """As the gateway says."""
        return self.inner.described()

    def call(self, name: str, arguments: Mapping[str, JsonValue]) -> Reply:
        """Call, unless a rule refuses it."""
        self._refuse_credentials(name, arguments)
        if not name.partition("___")[2].startswith(READ_ONLY):
            self._refuse_default_branch(name, arguments)
            self._refuse_protected(name, arguments)
        reply = self.inner.call(name, arguments)
        if name == _SNAPSHOT:
            self._learn(str(arguments.get("repository", "")), reply)
        return reply

    def close(self) -> None:
        """End the session."""
        self.inner.close()

    def _refuse_credentials(self, name: str, arguments: Mapping[str, JsonValue]) -> None:
        found = [f"{path}: {finding}" for path, finding in scan_values(dict(arguments))]
        if found:
            raise PolicyRefused(
                f"run {self.run_id}: the call of {name} holds a credential and was not sent "
                f"({'; '.join(found[:3])}); take it out"
            )

    def _refuse_default_branch(self, name: str, arguments: Mapping[str, JsonValue]) -> None:
        branch = str(arguments.get("branch", "")).removeprefix("refs/heads/")
        repository = f"{arguments.get('owner', '')}/{arguments.get('repo', '')}".lower()
        if branch and branch in {*_USUAL_DEFAULTS, self._defaults.get(repository, "")}:
            raise PolicyRefused(
                f"run {self.run_id}: {name} would write to {branch} of {repository}, its default branch; "
                "agents write to the branches of their plan only"
            )

    def _refuse_protected(self, name: str, arguments: Mapping[str, JsonValue]) -> None:
        if refused := sorted(path for path in _paths(arguments) if _RULES.protects(path.lstrip("/"))):
            raise PolicyRefused(
                f"run {self.run_id}: {name} would change {refused[0]}, which is protected; "
                "only people change workflows and the platform's settings"
            )

    def _learn(self, repository: str, reply: Reply) -> None:
        try:
            stored = json.loads(reply.text)
        except ValueError:
            return
        if isinstance(stored, dict) and isinstance(stored.get("default_branch"), str):
            self._defaults[repository.lower()] = stored["default_branch"]


def _paths(arguments: Mapping[str, JsonValue]) -> Iterator[str]:
    if isinstance(path := arguments.get("path"), str):
        yield path
    files = arguments.get("files")
    for each in files if isinstance(files, list) else ():
        if isinstance(each, dict) and isinstance(each.get("path"), str):
            yield str(each["path"])
