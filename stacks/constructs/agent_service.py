"""Everything one agent needs in AWS, derived from its spec."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Annotations, Aws, Duration, Stack
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
from stacks.constructs.assets import code_asset
from stacks.constructs.permissions import allow
from stacks.constructs.retention import log_group
from stacks.packaging.bundles import Bundle

_LONGEST_SESSION = Duration.hours(8)


class AgentService(Construct):
    """Runtime, endpoints, role with only the grants of its spec, log groups, alarms and a dashboard row."""

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
        self._refuse_region(config.region)
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

    def dashboard_row(self) -> Sequence[cloudwatch.IWidget]:
        """Runs, how long they take and what they cost."""
        title = self.spec.name
        runs = [self._metric(each) for each in (Metric.RUNS_SUCCEEDED, Metric.RUNS_FAILED)]
        return (
            cloudwatch.GraphWidget(title=f"{title}: runs", left=runs, width=8),
            cloudwatch.GraphWidget(
                title=f"{title}: seconds", left=[self._metric(Metric.RUN_SECONDS, statistic="p95")], width=8
            ),
            cloudwatch.GraphWidget(title=f"{title}: USD", left=[self._metric(Metric.RUN_COST_USD)], width=8),
        )

    def _refuse_region(self, region: str) -> None:
        if self.spec.regions and region not in self.spec.regions:
            Annotations.of(self).add_error(
                f"agent {self.spec.name} may run in {', '.join(self.spec.regions)} only; "
                f"this environment is in {region} (stacks/config.py)"
            )

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
        limits = self.spec.alarms
        failed, succeeded = self._metric(Metric.RUNS_FAILED), self._metric(Metric.RUNS_SUCCEEDED)
        self._alarm(
            "errors",
            cloudwatch.MathExpression(
                expression="100 * failed / (failed + succeeded)",
                using_metrics={"failed": failed, "succeeded": succeeded},
                label="failed runs (%)",
                period=Duration.minutes(5),
            ),
            threshold=limits.error_rate_percent,
            advice="read `slipway tasks list`, then `slipway tasks explain` of a failed one",
        )
        self._alarm(
            "latency",
            self._metric(Metric.RUN_SECONDS, statistic="p95"),
            threshold=limits.p95_latency_seconds,
            advice="look for throttled model calls or a repository whose tests became slow",
        )

    def _alarm(self, symptom: str, metric: cloudwatch.IMetric, *, threshold: float, advice: str) -> None:
        cloudwatch.Alarm(
            self,
            f"{symptom.capitalize()}Alarm",
            alarm_name=f"slipway-{self._environment}-{self.spec.name}-{symptom}",
            alarm_description=f"Agent {self.spec.name}: {symptom} above {threshold:g}; {advice}.",
            metric=metric,
            threshold=threshold,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _metric(self, metric: Metric, *, statistic: str = "Sum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions_map={Dimension.ENVIRONMENT: self._environment, Dimension.AGENT: self.spec.name},
            statistic=statistic,
            period=Duration.minutes(5),
        )


def _session_lifetime(spec: AgentSpec) -> Duration:
    """A run and the idle time after it; a session never outlives AgentCore's eight hours."""
    wanted = spec.timeout_minutes + spec.idle_timeout_minutes
    return Duration.minutes(min(wanted, int(_LONGEST_SESSION.to_minutes())))
