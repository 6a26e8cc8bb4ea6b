"""Every port in memory, wired as the deployed ones are."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.adapters.memory.alerts import MemoryAlerts
from slipway.adapters.memory.approvals import MemoryApprovals
from slipway.adapters.memory.artifacts import MemoryArtifacts
from slipway.adapters.memory.chat import MemoryChat
from slipway.adapters.memory.ci_waits import MemoryCiWaits
from slipway.adapters.memory.forge import MemoryForge
from slipway.adapters.memory.knowledge import MemoryEmbeddings, MemoryKnowledge
from slipway.adapters.memory.metrics import MemoryMetrics
from slipway.adapters.memory.runtimes import MemoryRuntimes
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.adapters.memory.tasks import MemoryEventLog, MemoryTasks
from slipway.adapters.memory.tracker import MemoryTracker
from slipway.adapters.memory.workflow import MemoryStepTokens, MemoryWorkflow
from slipway.domain.limits import Limits
from slipway.ports.clock import Clock


@dataclass(frozen=True, kw_only=True)
class MemoryPlatform:
    """Concrete types, so that a test can look inside."""

    clock: Clock
    limits: Limits
    event_log: MemoryEventLog
    tasks: MemoryTasks
    secrets: MemorySecrets
    alerts: MemoryAlerts = field(default_factory=MemoryAlerts)
    approvals: MemoryApprovals = field(default_factory=MemoryApprovals)
    ci_waits: MemoryCiWaits = field(default_factory=MemoryCiWaits)
    artifacts: MemoryArtifacts = field(default_factory=MemoryArtifacts)
    workflow: MemoryWorkflow = field(default_factory=MemoryWorkflow)
    step_tokens: MemoryStepTokens = field(default_factory=MemoryStepTokens)
    runtimes: MemoryRuntimes = field(default_factory=MemoryRuntimes)
    forge: MemoryForge = field(default_factory=MemoryForge)
    tracker: MemoryTracker = field(default_factory=MemoryTracker)
    chat: MemoryChat = field(default_factory=MemoryChat)
    embeddings: MemoryEmbeddings = field(default_factory=MemoryEmbeddings)
    knowledge: MemoryKnowledge = field(default_factory=MemoryKnowledge)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)


def in_memory(
    *, clock: Clock, limits: Limits | None = None, secrets: MemorySecrets | None = None
) -> MemoryPlatform:
    """A fresh platform."""
    log = MemoryEventLog(clock=clock)
    return MemoryPlatform(
        clock=clock,
        limits=limits or Limits(),
        event_log=log,
        tasks=MemoryTasks(log=log, clock=clock),
        secrets=secrets or MemorySecrets(),
    )
