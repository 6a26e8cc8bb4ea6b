"""Where deliveries from outside and people arrive."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_apigatewayv2 import HttpMethod, IHttpRouteAuthorizer
from constructs import Construct

from slipway.settings import Settings
from stacks.agents import AgentsStack
from stacks.config import EnvironmentConfig
from stacks.constructs import function_access
from stacks.constructs.front_door import FrontDoor, edge_authorizer
from stacks.constructs.public_name import CLOUDFRONT_ZONE, name_api, point_at
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.sign_in import SignIn
from stacks.constructs.table_follower import follow
from stacks.constructs.webhook_api import WebhookApi
from stacks.data import DataStack
from stacks.edge import EdgeStack
from stacks.functions import FUNCTIONS, FunctionSpec, functions_of
from stacks.packaging.bundles import Bundles
from stacks.routes import PEOPLE_ROUTES, ROUTES
from stacks.settings import with_runtimes


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
        if edge:
            self.add_stack_dependency(edge, "a weak reference orders nothing")
        self._config, self._agents, self._bundles = config, agents, bundles
        self._permissions = data.permissions(self)
        self._settings = self._intake_settings(data)
        functions = {spec.folder: self._function(spec) for spec in functions_of("intake")}
        follow(data.tables["errors"], rows="ALERT", by=functions["file_alerts"])
        self._api = WebhookApi(self, "Http", config=config, machines=self._edge_authorizer())
        url = self._open(data, edge)
        sign_in = SignIn(self, "SignIn", config=config, home=f"{url}/", secrets=data.secrets)
        for method, path, folder in ROUTES:
            self._api.route(HttpMethod[method], path, functions[folder])
        for method, path, folder in PEOPLE_ROUTES:
            self._api.route(HttpMethod[method], path, functions[folder], people=sign_in.authorizer)
        for name, value in {"ApiUrl": url, "ApiId": self._api.api.api_id, **sign_in.outputs}.items():
            CfnOutput(self, name, value=value)

    @property
    def api_id(self) -> str:
        """Under which CloudWatch counts requests."""
        return self._api.api.api_id

    def _intake_settings(self, data: DataStack) -> Settings:
        people = self._config.people
        shared = with_runtimes(self._agents.settings, self, self._agents.runtime_arns)
        return shared.model_copy(
            update={
                "approvers": ",".join(people.approvers),
                "readers": ",".join(people.readers),
                **({"edge_secret": data.edge_secret.secret_arn} if data.edge_secret else {}),
            }
        )

    def _edge_authorizer(self) -> IHttpRouteAuthorizer | None:
        """What machines' routes ask first; without an edge there is nothing to ask."""
        if not self._config.edge:
            return None
        return edge_authorizer(self._function(FUNCTIONS["edge_authorizer"]).function)

    def _open(self, data: DataStack, edge: EdgeStack | None) -> str:
        """Put what the environment chose before the API; returns the address that everybody uses."""
        domain = self._config.domain
        if data.edge_secret:
            door = FrontDoor(
                self,
                "FrontDoor",
                config=self._config,
                api_host=self._api.host,
                secret=data.edge_secret,
                web_acl_arn=edge.web_acl_arn if edge else None,
            )
            host, zone = door.host, CLOUDFRONT_ZONE
        elif domain:
            named = name_api(self, domain=domain, api=self._api.api, stage=self._api.stage)
            host, zone = named.regional_domain_name, named.regional_hosted_zone_id
        else:
            return self._api.api.api_endpoint
        if domain is None:
            return f"https://{host}"
        point_at(self, domain=domain, host=host, zone=zone)
        return f"https://{domain.name}"

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
