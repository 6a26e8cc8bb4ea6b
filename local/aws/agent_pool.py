"""The agents that run now: one process per runtime version, started on first use, stopped when idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from local.aws import child_processes
from local.aws.agent_process import AgentLaunch, AgentProcess, LineSink
from local.aws.child_processes import Lifeline

Key = tuple[str, str]
REAP_SECONDS = 2.0


class AgentPool:
    """Starts, finds and ends agent processes."""

    def __init__(self, *, lifeline: Lifeline, on_end: Callable[[AgentLaunch], None]) -> None:
        self._lifeline = lifeline
        self._on_end = on_end
        self._agents: dict[Key, AgentProcess] = {}
        self._starting: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def acquire(
        self,
        key: Key,
        session: str,
        *,
        describe: Callable[[], AgentLaunch],
        on_line: LineSink,
    ) -> AgentProcess:
        """The running agent of a runtime version with a request of `session` begun on it."""
        # One start at a time per version; other versions do not wait for it.
        with self._lock:
            starting = self._starting.setdefault(key, threading.Lock())
        with starting:
            with self._lock:
                agent = self._agents.get(key)
                if agent is not None and agent.is_alive:
                    agent.begin(session)
                    return agent
            if agent is not None:
                self._discard(key, agent)
            launch = describe()
            try:
                agent = AgentProcess.start(launch, lifeline=self._lifeline, on_line=on_line)
            except Exception:
                self._on_end(launch)
                raise
            with self._lock:
                closed = self._closed.is_set()
                if not closed:
                    self._agents[key] = agent
                    agent.begin(session)
            if closed:
                child_processes.kill(agent.process)
                raise RuntimeError(f"agent {launch.name} was not started: the emulator is stopping")
            return agent

    def running(self) -> list[AgentProcess]:
        """Every agent whose process is alive."""
        with self._lock:
            agents = dict(self._agents)
        for key, agent in agents.items():
            if not agent.is_alive:
                self._discard(key, agent)
        return [agent for agent in agents.values() if agent.is_alive]

    def kill(self, name: str) -> list[int]:
        """Kill the processes of an agent without warning; return their ids."""
        victims = [agent for agent in self.running() if agent.launch.name == name]
        for agent in victims:
            child_processes.kill(agent.process)
        self.running()
        return [agent.process.pid for agent in victims]

    def stop_runtime(self, runtime_id: str) -> None:
        """Stop every version of a runtime that was deleted."""
        self._stop([(key, agent) for key, agent in self._snapshot() if key[0] == runtime_id])

    def stop_session(self, runtime_id: str, session: str) -> bool:
        """End a session; the process ends with its last one. Tell whether the session was known."""
        known = [(k, a) for k, a in self._snapshot() if k[0] == runtime_id and session in a.sessions]
        self._stop([(key, agent) for key, agent in known if agent.forget(session)])
        return bool(known)

    def stop_idle(self) -> None:
        """Stop the agents that nothing has used for their idle timeout."""
        now = time.monotonic()
        self._stop([(key, agent) for key, agent in self._snapshot() if agent.is_idle(now)])

    def watch(self) -> None:
        """Stop idle agents from time to time until the pool closes."""
        while not self._closed.wait(REAP_SECONDS):
            self.running()
            self.stop_idle()

    def close(self) -> None:
        """Stop every agent and start none any more."""
        with self._lock:
            self._closed.set()
        self._stop(self._snapshot())

    def _snapshot(self) -> list[tuple[Key, AgentProcess]]:
        with self._lock:
            return list(self._agents.items())

    def _stop(self, agents: list[tuple[Key, AgentProcess]]) -> None:
        with self._lock:
            for key, agent in agents:
                if self._agents.get(key) is agent:
                    del self._agents[key]
        child_processes.stop(agent.process for _, agent in agents)
        for _, agent in agents:
            self._on_end(agent.launch)

    def _discard(self, key: Key, agent: AgentProcess) -> None:
        with self._lock:
            if self._agents.get(key) is not agent:
                return
            del self._agents[key]
        # Its own children may have outlived it.
        child_processes.kill(agent.process)
        self._on_end(agent.launch)
