"""All ports together: what a service is given besides its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from slipway.domain.limits import Limits
    from slipway.ports.alerts import Alerts
    from slipway.ports.approvals import Approvals
    from slipway.ports.artifacts import Artifacts
    from slipway.ports.chat import Chat
    from slipway.ports.ci_waits import CiWaits
    from slipway.ports.clock import Clock
    from slipway.ports.event_log import EventLog
    from slipway.ports.forge import Forge
    from slipway.ports.knowledge import Embeddings, Knowledge
    from slipway.ports.metrics import Metrics
    from slipway.ports.runtimes import Runtimes
    from slipway.ports.secrets import Secrets
    from slipway.ports.step_tokens import StepTokens
    from slipway.ports.tasks import Tasks
    from slipway.ports.tracker import Tracker
    from slipway.ports.workflow import Workflow


class Platform(Protocol):
    """Ports are made on first use, so a service pays only for those it touches."""

    @property
    def limits(self) -> Limits: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def alerts(self) -> Alerts: ...

    @property
    def approvals(self) -> Approvals: ...

    @property
    def ci_waits(self) -> CiWaits: ...

    @property
    def event_log(self) -> EventLog: ...

    @property
    def artifacts(self) -> Artifacts: ...

    @property
    def workflow(self) -> Workflow: ...

    @property
    def step_tokens(self) -> StepTokens: ...

    @property
    def runtimes(self) -> Runtimes: ...

    @property
    def secrets(self) -> Secrets: ...

    @property
    def forge(self) -> Forge: ...

    @property
    def tracker(self) -> Tracker: ...

    @property
    def chat(self) -> Chat: ...

    @property
    def embeddings(self) -> Embeddings: ...

    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def metrics(self) -> Metrics: ...
