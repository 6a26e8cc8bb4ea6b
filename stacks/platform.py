"""The stacks of one environment, each handed the objects it needs from the ones before it."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aspects, Tags
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from stacks.agents import AgentsStack
from stacks.config import EnvironmentConfig
from stacks.constructs.alarm import AlarmActions
from stacks.dashboard import DashboardStack
from stacks.data import DataStack
from stacks.edge import EdgeStack
from stacks.intake import IntakeStack
from stacks.knowledge import KnowledgeStack
from stacks.operations import OperationsStack
from stacks.packaging.bundles import Bundles
from stacks.region_policy import RegionPolicy
from stacks.workflow import WorkflowStack


def build_platform(
    app: Construct, *, config: EnvironmentConfig, bundles: Bundles, agents: Mapping[str, AgentSpec]
) -> None:
    """Everything that AWS must hold for one environment."""
    data = DataStack(
        app,
        names.stack(config.name, "Data"),
        config=config,
        classes={spec.data_class for spec in agents.values()},
    )
    operations = OperationsStack(
        app, names.stack(config.name, "Operations"), config=config, data=data, bundles=bundles
    )
    Aspects.of(app).add(AlarmActions(operations.topic))
    knowledge = KnowledgeStack(app, names.stack(config.name, "Knowledge"), config=config, bundles=bundles)
    agent_stack = AgentsStack(
        app,
        names.stack(config.name, "Agents"),
        config=config,
        data=data,
        knowledge=knowledge,
        bundles=bundles,
        agents=agents,
    )
    Aspects.of(agent_stack).add(RegionPolicy(agents))
    WorkflowStack(
        app,
        names.stack(config.name, "Workflow"),
        config=config,
        data=data,
        agents=agent_stack,
        bundles=bundles,
        specs=agents,
    )
    edge = EdgeStack(app, names.stack(config.name, "Edge"), config=config) if config.web_acl else None
    intake = IntakeStack(
        app,
        names.stack(config.name, "Intake"),
        config=config,
        data=data,
        agents=agent_stack,
        bundles=bundles,
        edge=edge,
    )
    DashboardStack(
        app, names.stack(config.name, "Dashboard"), config=config, specs=agents, api_id=intake.api_id
    )
    Tags.of(app).add("product", names.PRODUCT)
    Tags.of(app).add("environment", config.name)
