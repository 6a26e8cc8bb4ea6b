"""Where deliveries from outside arrive."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_apigatewayv2 import HttpMethod
from constructs import Construct

from stacks.agents import AgentsStack
from stacks.config import EnvironmentConfig
from stacks.constructs import function_access
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.webhook_api import WebhookApi
from stacks.data import DataStack
from stacks.functions import functions_of
from stacks.packaging.bundles import Bundles
from stacks.settings import with_runtimes

ROUTES = (
    (HttpMethod.POST, "/webhooks/jira", "jira_webhook"),
    (HttpMethod.POST, "/webhooks/github", "github_webhook"),
    (HttpMethod.POST, "/slack/commands", "slack_webhook"),
    (HttpMethod.POST, "/slack/interactivity", "slack_webhook"),
    (HttpMethod.POST, "/slack/events", "slack_webhook"),
    (HttpMethod.GET, "/health", "health"),
)


class IntakeStack(Stack):
    """The HTTP API and a function for each source."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        agents: AgentsStack,
        bundles: Bundles,
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        permissions = data.permissions(self)
        settings = with_runtimes(agents.settings, self, agents.runtime_arns)
        functions = {
            spec.folder: PythonFunction(
                self,
                spec=spec,
                config=config,
                code=bundles.functions(),
                settings=settings,
                statements=function_access.statements(
                    spec.access, permissions=permissions, runtime_arns=tuple(agents.runtime_arns.values())
                ),
            )
            for spec in functions_of("intake")
        }
        api = WebhookApi(self, "Http", config=config)
        for method, path, folder in ROUTES:
            api.route(method, path, functions[folder])
        CfnOutput(self, "ApiUrl", value=api.api.api_endpoint)
        CfnOutput(self, "ApiId", value=api.api.api_id)
