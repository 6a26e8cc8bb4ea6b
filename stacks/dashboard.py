"""One dashboard for an environment, a row for each area, derived from the agents and functions there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.metrics import NAMESPACE, Dimension, Metric
from stacks.config import EnvironmentConfig
from stacks.functions import FUNCTIONS, FunctionSpec

_PERIOD = Duration.minutes(5)
_WHOLE = 24
"""CloudWatch's grid is this wide."""


class DashboardStack(Stack):
    """Everything is named, nothing referenced: a dashboard must not keep another stack from changing."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        specs: Mapping[str, AgentSpec],
        api_id: str,
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        self._environment = config.name
        functions = [each for each in FUNCTIONS.values() if config.edge or each.stack != "edge"]
        dashboard = cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=names.dashboard(config.name), default_interval=Duration.hours(6)
        )
        rows: list[tuple[str, Sequence[cloudwatch.IWidget]]] = [
            ("Tasks", self._tasks()),
            ("Requests", self._requests(api_id)),
            ("Ticket workflow", self._workflow()),
            *((f"Agent {name}", self._agent(name)) for name in specs),
            ("Dead letters", self._dead_letters(functions)),
            *(
                (f"Functions: {stack}", self._functions(held))
                for stack, held in groupby(sorted(functions, key=_stack), key=_stack)
            ),
        ]
        for title, widgets in rows:
            dashboard.add_widgets(
                cloudwatch.TextWidget(markdown=f"## {title}", width=_WHOLE, height=1), *widgets
            )

    def _tasks(self) -> list[cloudwatch.IWidget]:
        moved = (Metric.TASKS_ACCEPTED, Metric.TASKS_ENDED, Metric.TASKS_REPAIRED)
        trouble = (Metric.EVENTS_REJECTED, Metric.NOTIFICATIONS_FAILED, Metric.CREDENTIALS_BLOCKED)
        return [
            _graph("accepted, ended, repaired", [self._own(each) for each in moved]),
            _graph("seconds until the end", [self._own(Metric.TASK_SECONDS, statistic="p50")]),
            _graph("refused and failed", [self._own(each) for each in trouble]),
        ]

    def _requests(self, api_id: str) -> list[cloudwatch.IWidget]:
        def of(name: str, statistic: str = "Sum") -> cloudwatch.Metric:
            return _metric("AWS/ApiGateway", name, {"ApiId": api_id}, statistic=statistic)

        return [
            _graph("requests", [of("Count"), of("4xx"), of("5xx")], width=12),
            _graph("milliseconds, p95", [of("Latency", "p95"), of("IntegrationLatency", "p95")], width=12),
        ]

    def _workflow(self) -> list[cloudwatch.IWidget]:
        machine = {
            "StateMachineArn": self.format_arn(
                service="states",
                resource="stateMachine",
                resource_name=names.state_machine(self._environment),
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
        }
        shown = (
            "ExecutionsStarted",
            "ExecutionsSucceeded",
            "ExecutionsFailed",
            "ExecutionsTimedOut",
            "ExecutionThrottled",
        )
        return [_graph("executions", [_metric("AWS/States", name, machine) for name in shown], width=_WHOLE)]

    def _agent(self, name: str) -> list[cloudwatch.IWidget]:
        def of(metric: Metric, statistic: str = "Sum") -> cloudwatch.Metric:
            return self._own(metric, statistic=statistic, agent=name)

        return [
            _graph("runs", [of(Metric.RUNS_SUCCEEDED), of(Metric.RUNS_FAILED)]),
            _graph("seconds, p95", [of(Metric.RUN_SECONDS, "p95")]),
            _graph("USD", [of(Metric.RUN_COST_USD)]),
        ]

    def _dead_letters(self, functions: Iterable[FunctionSpec]) -> list[cloudwatch.IWidget]:
        waiting = [
            _metric(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                {"QueueName": names.dead_letters(self._environment, function.folder)},
                statistic="Maximum",
            )
            for function in functions
            if function.asynchronous
        ]
        return [_graph("waiting", waiting, width=_WHOLE)]

    def _functions(self, functions: Iterable[FunctionSpec]) -> list[cloudwatch.IWidget]:
        called = [names.function(self._environment, function.folder) for function in functions]

        def of(metric: str, statistic: str = "Sum") -> list[cloudwatch.Metric]:
            return [
                _metric("AWS/Lambda", metric, {"FunctionName": name}, statistic=statistic, label=name)
                for name in called
            ]

        return [
            _graph("calls", of("Invocations")),
            _graph("errors", of("Errors")),
            _graph("milliseconds, p95", of("Duration", "p95")),
        ]

    def _own(self, metric: Metric, *, statistic: str = "Sum", agent: str | None = None) -> cloudwatch.Metric:
        dimensions = {str(Dimension.ENVIRONMENT): self._environment}
        if agent:
            dimensions[str(Dimension.AGENT)] = agent
        return _metric(NAMESPACE, metric, dimensions, statistic=statistic)


def _metric(
    namespace: str,
    name: str,
    dimensions: Mapping[str, str],
    *,
    statistic: str = "Sum",
    label: str | None = None,
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=_PERIOD,
        label=label,
    )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int = 8) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=width)


def _stack(function: FunctionSpec) -> str:
    return function.stack
