"""What an operator's program asks of the AWS account that it deploys into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

SecretState = Literal["missing", "empty", "filled", "being deleted"]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose credentials are in use."""

    account: str
    arn: str


@dataclass(frozen=True, kw_only=True)
class HeldStack:
    """A deployed stack."""

    name: str
    status: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HeldResource:
    """A resource that a deployed stack holds."""

    kind: str
    logical_id: str
    physical_id: str


class Account(Protocol):
    """One region of an account; reading, but for `store_secret`."""

    @property
    def region(self) -> str: ...

    def caller(self) -> Caller: ...

    def bootstrap_version(self) -> int | None:
        """What `cdk bootstrap` left here; None when it never ran."""
        ...

    def quota(self, service: str, code: str) -> float: ...

    def model_access(self, profile_id: str) -> str:
        """Why an inference profile cannot be used; empty when it can."""
        ...

    def stack(self, name: str) -> HeldStack | None: ...

    def template(self, stack: str) -> str:
        """The deployed template as it was handed over."""
        ...

    def stack_resources(self, stack: str) -> Sequence[HeldResource]: ...

    def is_taken(self, kind: str, name: str) -> bool:
        """Whether a resource of this type and name exists, whoever made it."""
        ...

    def secret_state(self, name: str) -> SecretState: ...

    def store_secret(self, name: str, text: str) -> None: ...

    def state_machine_status(self, arn: str) -> str: ...

    def wake_agent(self, runtime_arn: str, endpoint: str) -> str:
        """Send what is no work to a new session: what is wrong, or nothing when the agent refused it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """By which names the things of an environment are known."""

    environment: str
    stack_prefix: str
    secret_prefix: str
    key_alias_prefix: str
    log_groups: tuple[str, ...]
    """Prefixes; `log_group_names` are whole names."""
    runtimes: tuple[str, ...]
    identities: tuple[str, ...]
    log_group_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remainder:
    """Something that is still there. `removable`: a service made it on the side, and it holds no data."""

    kind: str
    name: str
    removable: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Teardown(Protocol):
    """Removing what CloudFormation leaves, or cannot remove, in one region."""

    @property
    def region(self) -> str: ...

    def empty_bucket(self, name: str) -> int:
        """Delete every version of every object; how many there were."""
        ...

    def unprotect_table(self, name: str) -> bool:
        """Switch deletion protection off; False when it was."""
        ...

    def delete(self, kind: str, physical_id: str) -> None:
        """Delete a resource that its stack kept, with its data; fine when it is gone."""
        ...

    def remains(self, footprint: Footprint) -> Sequence[Remainder]: ...

    def remove(self, remainder: Remainder) -> None:
        """Delete a removable one."""
        ...
