"""Where agents run."""

from __future__ import annotations

from typing import Protocol

from slipway.domain.run import RunInvocation


class Runtimes(Protocol):
    """A session holds one run; the same session id reaches the same process."""

    def invoke(self, agent: str, invocation: RunInvocation, *, session_id: str) -> str:
        """Hand over a run; returns the runtime's answer: `accepted`, `running` or `completed`."""
        ...

    def stop(self, agent: str, *, session_id: str) -> bool:
        """End a session and whatever runs in it, at once; False when there is none."""
        ...
