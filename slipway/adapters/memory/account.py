"""An account that exists in memory only, for tests of the programs that deploy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slipway.domain.errors import NeedsHuman, NotFound
from slipway.ports.account import Caller, HeldResource, HeldStack, SecretState


@dataclass(kw_only=True)
class MemoryAccount:
    """What a test put into it. `templates` and `resources` are by stack, `taken` holds types and names."""

    region: str = "eu-west-1"
    logged_in: bool = True
    bootstrap: int | None = 30
    concurrency: float = 1000.0
    stacks: dict[str, HeldStack] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    resources: dict[str, list[HeldResource]] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    secrets: dict[str, str] = field(default_factory=dict)
    lacking_models: dict[str, str] = field(default_factory=dict)
    broken_agents: dict[tuple[str, str], str] = field(default_factory=dict)
    inactive_workflows: dict[str, str] = field(default_factory=dict)

    def caller(self) -> Caller:
        """The documentation's account."""
        if not self.logged_in:
            raise NeedsHuman("no usable AWS credentials")
        return Caller(account="111122223333", arn="arn:aws:iam::111122223333:role/deployer")

    def bootstrap_version(self) -> int | None:
        """As set."""
        return self.bootstrap

    def quota(self, service: str, code: str) -> float:
        """The one that is asked for."""
        if (service, code) != ("lambda", "L-B99A9384"):
            raise NotFound(f"quota {code} of {service} is not known here")
        return self.concurrency

    def model_access(self, profile_id: str) -> str:
        """Everything can be used that does not lack something."""
        return self.lacking_models.get(profile_id, "")

    def stack(self, name: str) -> HeldStack | None:
        """None when it was never deployed."""
        return self.stacks.get(name)

    def template(self, stack: str) -> str:
        """JSON text."""
        return self.templates[stack]

    def stack_resources(self, stack: str) -> Sequence[HeldResource]:
        """Nothing unless set."""
        return self.resources.get(stack, [])

    def is_taken(self, kind: str, name: str) -> bool:
        """By type and name."""
        return (kind, name) in self.taken

    def secret_state(self, name: str) -> SecretState:
        """`{}` is what a deploy leaves."""
        if name not in self.secrets:
            return "missing"
        return "empty" if self.secrets[name] == "{}" else "filled"

    def store_secret(self, name: str, text: str) -> None:
        """Only what a deploy made can be filled."""
        if name not in self.secrets:
            raise NotFound(f"secret {name} does not exist")
        self.secrets[name] = text

    def state_machine_status(self, arn: str) -> str:
        """Active unless set otherwise."""
        return self.inactive_workflows.get(arn, "ACTIVE")

    def wake_agent(self, runtime_arn: str, endpoint: str) -> str:
        """What is wrong with it, by runtime and endpoint."""
        return self.broken_agents.get((runtime_arn, endpoint), "")
