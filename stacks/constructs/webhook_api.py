"""The HTTP API: machines prove that they came through the edge, people that they signed in."""

from __future__ import annotations

from aws_cdk import Fn
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from stacks.config import EnvironmentConfig
from stacks.constructs.access_log import AccessLog
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import log_group


class WebhookApi(Construct):
    """One `$default` stage, throttled, with a line in the access log for every request."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        machines: apigateway.IHttpRouteAuthorizer | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        name = f"slipway-{config.name}"
        self._machines = machines
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=name,
            create_default_stage=False,
            # Where the API has a name of its own and no CloudFront before it, that name is the only way in.
            disable_execute_api_endpoint=True if config.domain and not config.edge else None,
        )
        self.stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=apigateway.ThrottleSettings(
                rate_limit=config.throttle.per_second, burst_limit=config.throttle.burst
            ),
            access_log_settings=AccessLog(
                log_group(self, "AccessLogs", name=f"/aws/vendedlogs/http/{name}", config=config)
            ),
        )

    @property
    def host(self) -> str:
        """The API's own host name."""
        return Fn.select(2, Fn.split("/", self.api.api_endpoint))

    def route(
        self,
        method: apigateway.HttpMethod,
        path: str,
        function: PythonFunction,
        *,
        people: apigateway.IHttpRouteAuthorizer | None = None,
    ) -> None:
        """Send requests of `path` to `function`; with `people`, only those that it knows."""
        self.api.add_routes(
            path=path,
            methods=[method],
            integration=integrations.HttpLambdaIntegration(function.node.id, function.function),
            authorizer=people or self._machines,
        )
