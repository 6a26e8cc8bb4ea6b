"""Runtimes that take runs and keep them for whoever plays the agents."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.domain.run import RunInvocation


@dataclass(frozen=True)
class MemoryRuntimes:
    """Each session accepts once and then says that it is running."""

    sessions: dict[str, tuple[str, RunInvocation]] = field(default_factory=dict)
    stopped: list[tuple[str, str]] = field(default_factory=list)

    def invoke(self, agent: str, invocation: RunInvocation, *, session_id: str) -> str:
        """Hand over a run."""
        status = "running" if session_id in self.sessions else "accepted"
        self.sessions[session_id] = (agent, invocation)
        return status

    def stop(self, agent: str, *, session_id: str) -> bool:
        """Remember which session was ended."""
        self.stopped.append((agent, session_id))
        return session_id in self.sessions
