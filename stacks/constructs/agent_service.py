"""Everything one agent needs in AWS, derived from its spec."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.metrics import NAMESPACE, Dimension, Metric
from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs.agent_endpoints import ENDPOINTS, add_endpoints
from stacks.constructs.agent_grants import AgentGrants
from stacks.constructs.agent_telemetry import AgentTelemetry
from stacks.constructs.alarm import ABOVE, BELOW, FIVE_MINUTES, Watch, add_alarm
from stacks.constructs.assets import code_asset
from stacks.constructs.permissions import allow
from stacks.constructs.retention import log_group
from stacks.packaging.bundles import Bundle

_LONGEST_SESSION = Duration.hours(8)


class AgentService(Construct):
    """Runtime, endpoints, role with only the grants of its spec, log groups and alarms."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: AgentSpec,
        config: EnvironmentConfig,
        code: Bundle,
        settings: Settings,
        grants: AgentGrants,
        telemetry: AgentTelemetry,
    ) -> None:
        super().__init__(scope, construct_id)
        self.spec = spec
        self._environment = config.name
        asset = code_asset(self, "Code", bundle=code)
        runtime_name = names.runtime(config.name, spec.name)
        self.role = self._role(runtime_name, asset, grants.statements(spec))
        self.runtime = agentcore.Runtime(
            self,
            "Runtime",
            runtime_name=runtime_name,
            description=spec.purpose,
            agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_s3(
                s3.Location(bucket_name=asset.s3_bucket_name, object_key=asset.s3_object_key),
                agentcore.AgentCoreRuntime.PYTHON_3_13,
                [*(("opentelemetry-instrument",) if config.telemetry else ()), "main.py"],
            ),
            execution_role=self.role.without_policy_updates(),
            lifecycle_configuration=agentcore.LifecycleConfiguration(
                idle_runtime_session_timeout=Duration.minutes(spec.idle_timeout_minutes),
                max_lifetime=_session_lifetime(spec),
            ),
            environment_variables={
                **settings.model_copy(update={"agent": spec.name, **grants.settings(spec)}).to_env(),
                "SLIPWAY_AGENT_VERSION": code.digest[:12],
            },
        )
        self.endpoint = add_endpoints(self.runtime, config=config)
        telemetry.observe(self, spec.name, self.runtime.agent_runtime_arn, usage=True)
        for endpoint in ENDPOINTS:
            log_group(
                self,
                f"Logs{endpoint.capitalize()}",
                name=f"/aws/bedrock-agentcore/runtimes/{self.runtime.agent_runtime_id}-{endpoint}",
                config=config,
            )
        self._alarms()

    def _role(
        self, runtime_name: str, asset: s3_assets.Asset, granted: Sequence[iam.PolicyStatement]
    ) -> iam.Role:
        runtimes = Stack.of(self).format_arn(
            service="bedrock-agentcore", resource="runtime", resource_name=f"{runtime_name}-*"
        )
        logs = Stack.of(self).format_arn(
            service="logs", resource=f"log-group:/aws/bedrock-agentcore/runtimes/{runtime_name}-*"
        )
        own = (
            allow(("s3:GetObject",), (asset.bucket.arn_for_objects(asset.s3_object_key),)),
            allow(
                (
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "logs:DescribeLogStreams",
                ),
                (logs,),
            ),
        )
        return iam.Role(
            self,
            "Role",
            description=f"What the {self.spec.name} agent may do",
            assumed_by=iam.ServicePrincipal(
                "bedrock-agentcore.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": runtimes},
                },
            ),
            inline_policies={"Spec": iam.PolicyDocument(statements=[*own, *granted])},
        )

    def _alarms(self) -> None:
        limits, name = self.spec.alarms, self.spec.name
        failed, succeeded = self._metric(Metric.RUNS_FAILED), self._metric(Metric.RUNS_SUCCEEDED)
        self._alarm(
            "errors",
            f"More than {limits.error_rate_percent:g} % of the runs of agent {name} fail.",
            cloudwatch.MathExpression(
                expression="100 * failed / (failed + succeeded)",
                using_metrics={"failed": failed, "succeeded": succeeded},
                label="failed runs (%)",
                period=FIVE_MINUTES,
            ),
            threshold=limits.error_rate_percent,
            periods=3,
        )
        self._alarm(
            "latency",
            f"One run of agent {name} in twenty takes longer than {limits.p95_latency_seconds} s.",
            self._metric(Metric.RUN_SECONDS, statistic="p95"),
            threshold=limits.p95_latency_seconds,
            periods=3,
        )
        self._alarm(
            "cost",
            f"Agent {name} spent more than {limits.daily_cost_usd:g} USD in a day.",
            self._metric(Metric.RUN_COST_USD, period=Duration.days(1)),
            threshold=limits.daily_cost_usd,
        )
        if hours := limits.no_invocations_hours:
            add_alarm(
                self,
                "SilenceAlarm",
                Watch(
                    name=self._alarm_name("silence"),
                    says=f"Agent {name} was not asked to do anything for {hours} hours.",
                    runbook="agent-silence",
                    metric=self._metric(Metric.RUNS_STARTED, period=Duration.hours(1)),
                    when=BELOW,
                    periods=hours,
                    missing=cloudwatch.TreatMissingData.BREACHING,
                ),
            )

    def _alarm(
        self, symptom: str, says: str, metric: cloudwatch.IMetric, *, threshold: float, periods: int = 1
    ) -> None:
        """Two of three periods must breach where there are three: one slow or failed run is no trouble."""
        add_alarm(
            self,
            f"{symptom.capitalize()}Alarm",
            Watch(
                name=self._alarm_name(symptom),
                says=says,
                runbook=f"agent-{symptom}",
                metric=metric,
                threshold=threshold,
                when=ABOVE,
                periods=periods,
                of=2 if periods > 1 else None,
            ),
        )

    def _alarm_name(self, symptom: str) -> str:
        return f"slipway-{self._environment}-{self.spec.name}-{symptom}"

    def _metric(
        self, metric: Metric, *, statistic: str = "Sum", period: Duration = FIVE_MINUTES
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions_map={Dimension.ENVIRONMENT: self._environment, Dimension.AGENT: self.spec.name},
            statistic=statistic,
            period=period,
        )


def _session_lifetime(spec: AgentSpec) -> Duration:
    """A run and the idle time after it; a session never outlives AgentCore's eight hours."""
    wanted = spec.timeout_minutes + spec.idle_timeout_minutes
    return Duration.minutes(min(wanted, int(_LONGEST_SESSION.to_minutes())))
