"""The HTTP API that the outside world posts to."""

from __future__ import annotations

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from stacks.config import EnvironmentConfig
from stacks.constructs.access_log import AccessLog
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import log_group


class WebhookApi(Construct):
    """One `$default` stage, throttled, with a line in the access log for every request."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        name = f"slipway-{config.name}"
        self.api = apigateway.HttpApi(self, "Api", api_name=name, create_default_stage=False)
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

    def route(self, method: apigateway.HttpMethod, path: str, function: PythonFunction) -> None:
        """Send requests of `path` to `function`."""
        self.api.add_routes(
            path=path,
            methods=[method],
            integration=integrations.HttpLambdaIntegration(function.node.id, function.function),
        )
