"""What the organisation has written, and the tool by which agents ask it."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Stack
from constructs import Construct

from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs.knowledge_base import KnowledgeBase
from stacks.constructs.python_function import PythonFunction
from stacks.functions import FUNCTIONS
from stacks.packaging.bundles import Bundles

_TOOL_SCHEMA = Path(__file__).resolve().parents[1] / "lambdas" / "knowledge_tool" / "tool_schema.json"


class KnowledgeStack(Stack):
    """`function` is the gateway target `knowledge`, whose tools `tool_schema` describes."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, bundles: Bundles
    ) -> None:
        self.tool_schema = _TOOL_SCHEMA
        super().__init__(scope, construct_id, env={"region": config.region})
        self.base = KnowledgeBase(self, "Knowledge", config=config)
        self.function = PythonFunction(
            self,
            spec=FUNCTIONS["knowledge_tool"],
            config=config,
            code=bundles.functions(),
            settings=Settings(environment=config.name, log_level=config.log_level),
            statements=self.base.search(),
        ).function
