"""The memory that agents share: made when a spec wants one, and open to those specs only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aws_cdk import Duration
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec, Memory, MemoryStrategy
from stacks.config import EnvironmentConfig
from stacks.constructs.permissions import allow

_STRATEGIES: dict[MemoryStrategy, Callable[[], agentcore.ManagedMemoryStrategy]] = {
    "semantic": agentcore.MemoryStrategy.using_built_in_semantic,
    "summary": agentcore.MemoryStrategy.using_built_in_summarization,
    "user_preference": agentcore.MemoryStrategy.using_built_in_user_preference,
}
_CONVERSATIONS = (
    "bedrock-agentcore:CreateEvent",
    "bedrock-agentcore:GetEvent",
    "bedrock-agentcore:ListEvents",
    "bedrock-agentcore:ListSessions",
)
_RECORDS = (
    "bedrock-agentcore:GetMemoryRecord",
    "bedrock-agentcore:ListMemoryRecords",
    "bedrock-agentcore:RetrieveMemoryRecords",
)


class SharedMemory(Construct):
    """One memory of an environment: the longest days and all the strategies that any agent wants."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        wanted: Sequence[Memory],
        config: EnvironmentConfig,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        strategies = {strategy for memory in wanted for strategy in memory.strategies}
        self._memory = agentcore.Memory(
            self,
            "Memory",
            memory_name=names.memory(config.name),
            description="What agents remember of conversations",
            expiration_duration=Duration.days(max(memory.short_term_days or 0 for memory in wanted)),
            memory_strategies=[make() for name, make in _STRATEGIES.items() if name in strategies],
            kms_key=key,
        )

    @property
    def memory_id(self) -> str:
        """What agents are configured with."""
        return self._memory.memory_id

    @property
    def memory_arn(self) -> str:
        """What grants name."""
        return self._memory.memory_arn

    def statements(self, memory: Memory) -> Sequence[iam.PolicyStatement]:
        """Write and read conversations; read what strategies made of them where the spec has any."""
        actions = (*_CONVERSATIONS, *(_RECORDS if memory.strategies else ()))
        opens = (allow(("kms:Decrypt", "kms:GenerateDataKey"), (self._key.key_arn,)),) if self._key else ()
        return (allow(actions, (self.memory_arn,)), *opens)


def shared_memory(
    scope: Construct, specs: Iterable[AgentSpec], *, config: EnvironmentConfig, key: kms.IKey | None
) -> SharedMemory | None:
    """The memory, or None when no agent wants one: a memory without readers would only cost."""
    wanted = [spec.memory for spec in specs if spec.memory.is_kept]
    return SharedMemory(scope, "Memory", wanted=wanted, config=config, key=key) if wanted else None
