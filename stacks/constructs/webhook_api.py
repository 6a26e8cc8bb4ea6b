"""The HTTP API: machines prove that they came through the edge, people that they signed in."""

from __future__ import annotations

from aws_cdk import Fn
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from slipway.domain.metrics import NAMESPACE, Dimension, Metric
from stacks.config import EnvironmentConfig
from stacks.constructs.access_log import AccessLog
from stacks.constructs.alarm import FIVE_MINUTES, Watch, add_alarm
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import log_group

REFUSALS = 100
REJECTIONS = 10
"""In five minutes; people mistype, machines repeat, and the internet knocks."""


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

        self._alarms(name, config.name)

    @property
    def host(self) -> str:
        """The API's own host name."""
        return Fn.select(2, Fn.split("/", self.api.api_endpoint))

    def _alarms(self, name: str, environment: str) -> None:
        rejected = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=Metric.EVENTS_REJECTED,
            dimensions_map={Dimension.ENVIRONMENT: environment},
            statistic="Sum",
            period=FIVE_MINUTES,
        )
        for construct_id, watch in {
            "ErrorsAlarm": Watch(
                name=f"{name}-api-errors",
                says="The API answered with a server error: a delivery may have been lost until its sender "
                "repeats it.",
                runbook="api-errors",
                metric=self.api.metric_server_error(period=FIVE_MINUTES, statistic="Sum"),
            ),
            "RefusalsAlarm": Watch(
                name=f"{name}-api-refusals",
                says=f"The API refused {REFUSALS} requests or more in five minutes.",
                runbook="api-refusals",
                metric=self.api.metric_client_error(period=FIVE_MINUTES, statistic="Sum"),
                threshold=REFUSALS,
            ),
            "RejectionsAlarm": Watch(
                name=f"{name}-rejected-deliveries",
                says=f"{REJECTIONS} deliveries or more in five minutes were refused, most often for their "
                "signature.",
                runbook="rejected-deliveries",
                metric=rejected,
                threshold=REJECTIONS,
            ),
        }.items():
            add_alarm(self, construct_id, watch)

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
