"""What an extension is given: the settings, the process registry, and ways to add routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local.aws.child_processes import Lifeline
from local.aws.configuration import Configuration
from local.aws.identities import Identities

if TYPE_CHECKING:
    from local.aws.runtime_host import RuntimeHost

Query = Mapping[str, Sequence[str]]
Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[[re.Match[str], Mapping[str, str], bytes, Query], Reply]
"""handler(match, headers, body, query) -> (status, headers, body); header names are lower case."""


Question = Callable[[re.Match[str]], Reply]
"""A handler of the emulator's own API: it needs nothing but the path."""


@dataclass(frozen=True)
class Route:
    """One method and path that the extensions answer instead of ministack."""

    method: str
    path: re.Pattern[str]
    handler: Handler


@dataclass
class Context:
    """Shared by all extensions of one emulator."""

    configuration: Configuration
    lifeline: Lifeline = field(default_factory=Lifeline)
    identities: Identities = field(default_factory=Identities)
    data_plane: list[Route] = field(default_factory=list)
    own_api: list[Route] = field(default_factory=list)
    stop_actions: list[Callable[[], object]] = field(default_factory=list)
    runtime_host: RuntimeHost | None = None  # set by the extension that runs agents

    @property
    def home(self) -> Path:
        """The home folder of child processes."""
        home = self.configuration.state_directory / "home"
        home.mkdir(parents=True, exist_ok=True)
        return home

    def route(self, method: str, path_regex: str, handler: Handler) -> None:
        """Answer a request that is signed for bedrock-agentcore and whose whole path matches."""
        self.data_plane.append(Route(method, re.compile(path_regex), handler))

    def own_route(self, method: str, path_regex: str, question: Question) -> None:
        """Answer a request below /_slipway/ whose whole path matches."""

        def handler(match: re.Match[str], headers: Mapping[str, str], body: bytes, query: Query) -> Reply:
            del headers, body, query
            return question(match)

        self.own_api.append(Route(method, re.compile(path_regex), handler))

    def on_stop(self, action: Callable[[], object]) -> None:
        """Run `action` when the emulator stops, before it exits."""
        self.stop_actions.append(action)
