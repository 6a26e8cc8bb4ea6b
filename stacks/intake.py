"""Where deliveries from outside and people arrive."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2 import HttpMethod
from constructs import Construct

from slipway.settings import Settings
from stacks.agents import AgentsStack
from stacks.config import EnvironmentConfig
from stacks.constructs import function_access
from stacks.constructs.front_door import EdgeProof, FrontDoor
from stacks.constructs.permissions import Permissions
from stacks.constructs.public_name import CLOUDFRONT_ZONE, name_api, point_at
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.sign_in import SignIn
from stacks.constructs.webhook_api import WebhookApi
from stacks.data import DataStack
from stacks.edge import EdgeStack
from stacks.functions import FUNCTIONS, FunctionSpec, functions_of
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
"""What machines call; they sign what they send."""
PEOPLE_ROUTES = (
    (HttpMethod.GET, "/tasks", "tasks_api"),
    (HttpMethod.GET, "/tasks/{id}", "tasks_api"),
    (HttpMethod.GET, "/tasks/{id}/events", "tasks_api"),
    (HttpMethod.POST, "/tasks/{id}/approval", "tasks_api"),
)
"""What people call, with the token of their sign-in."""


class IntakeStack(Stack):
    """The HTTP API with what is before it, and a function for each source."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        agents: AgentsStack,
        bundles: Bundles,
        edge: EdgeStack | None = None,
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        self._config, self._agents, self._bundles = config, agents, bundles
        self._permissions = data.permissions(self)
        self._proof = EdgeProof(self, "EdgeProof", config=config) if config.edge else None
        self._settings = self._people_settings()
        functions = {spec.folder: self._function(spec) for spec in functions_of("intake")}
        self._api = WebhookApi(self, "Http", config=config, machines=self._machines())
        home = f"https://{self._public_host(edge)}/"
        sign_in = SignIn(self, "SignIn", config=config, home=home, secrets=data.secrets)
        for method, path, folder in ROUTES:
            self._api.route(method, path, functions[folder])
        for method, path, folder in PEOPLE_ROUTES:
            self._api.route(method, path, functions[folder], people=sign_in.authorizer)
        CfnOutput(self, "ApiUrl", value=home.removesuffix("/"))
        CfnOutput(self, "ApiId", value=self._api.api.api_id)

    def _people_settings(self) -> Settings:
        people = self._config.people
        shared = with_runtimes(self._agents.settings, self, self._agents.runtime_arns)
        return shared.model_copy(
            update={
                "approvers": ",".join(people.approvers),
                "readers": ",".join(people.readers),
                **({"edge_secret": self._proof.secret.secret_arn} if self._proof else {}),
            }
        )

    def _function(self, spec: FunctionSpec) -> PythonFunction:
        return PythonFunction(
            self,
            spec=spec,
            config=self._config,
            code=self._bundles.functions(),
            settings=self._settings,
            statements=function_access.statements(
                spec.access,
                permissions=self._permissions,
                runtime_arns=tuple(self._agents.runtime_arns.values()),
            ),
        )
