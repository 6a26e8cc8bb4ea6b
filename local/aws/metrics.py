"""Metrics that AWS derives by itself: of functions, workflows and agents, and from log lines."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from local.aws import patching
from local.aws.context import Context
from local.aws.embedded_metrics import read_metrics
from local.aws.log_patterns import matches

logger = logging.getLogger(__name__)


def record(namespace: str, name: str, value: float, *, unit: str, dimensions: dict[str, str]) -> None:
    """Add one datum in the account and region of the current request."""
    from ministack.services import cloudwatch

    cloudwatch.record_metric(namespace, name, value, unit, dimensions)


def record_of_all(metric: str, value: float) -> None:
    """What Lambda also counts over all functions of an account and region."""
    record("AWS/Lambda", metric, value, unit="Count", dimensions={})


def record_agent_invocation(
    *, arn: str, name: str, endpoint: str, milliseconds: float, error: str | None
) -> None:
    """Count one agent invocation as AgentCore does; `error` is UserErrors, SystemErrors or None."""
    dimensions = {"Resource": arn, "Operation": "InvokeAgentRuntime", "Name": f"{name}::{endpoint}"}
    counts = {
        "Invocations": 1.0,
        "UserErrors": float(error == "UserErrors"),
        "SystemErrors": float(error == "SystemErrors"),
        "TotalErrors": float(error is not None),
        "Throttles": 0.0,
    }
    for metric, value in counts.items():
        record("AWS/Bedrock-AgentCore", metric, value, unit="Count", dimensions=dimensions)
    record("AWS/Bedrock-AgentCore", "Latency", milliseconds, unit="Milliseconds", dimensions=dimensions)


def record_from_logs(group: str, lines: Iterable[str]) -> None:
    """Apply the group's metric filters and read embedded metrics."""
    from ministack.services import cloudwatch_logs

    filters = [rule for (owner, _), rule in cloudwatch_logs._metric_filters.items() if owner == group]
    for line in lines:
        for datum in read_metrics(line):
            record(datum.namespace, datum.name, datum.value, unit=datum.unit, dimensions=datum.dimensions)
        for rule in filters:
            if matches(rule.get("filterPattern") or "", line):
                _record_transformations(rule)


def _record_transformations(rule: dict[str, list[dict[str, str]]]) -> None:
    for change in rule.get("metricTransformations", []):
        try:
            value = float(change.get("metricValue", "1"))
        except ValueError:
            # `$.field` values are not evaluated; count the match rather than lose it.
            value = 1.0
        record(
            change["metricNamespace"],
            change["metricName"],
            value,
            unit=change.get("unit", "None"),
            dimensions={},
        )


def install(context: Context) -> None:
    """Derive metrics from every function invocation and every log line."""
    del context
    from ministack.services import lambda_svc

    stock_metrics = lambda_svc._emit_lambda_metrics
    stock_logs = lambda_svc._emit_lambda_logs

    def throttles_only(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
        # Stock counts only calls through the Invoke API; every invocation is counted below.
        if throttle:
            stock_metrics(function_name, duration_ms, error, throttle)
            record_of_all("Throttles", 1.0)

    def emit_logs(
        func: dict[str, object],
        request_id: str,
        text: str,
        error: bool,
        duration_ms: int,
        *,
        log_source: str | None = None,
    ) -> None:
        stock_logs(func, request_id, text, error, duration_ms, log_source=log_source)
        config = func.get("config") or func
        if not isinstance(config, dict):
            return
        name = str(config.get("FunctionName", ""))
        stock_metrics(name, max(duration_ms, 1), error, False)
        record_of_all("Invocations", 1.0)
        record_of_all("Errors", float(error))
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
        record_from_logs(group, text.splitlines())

    patching.replace([lambda_svc], "_emit_lambda_metrics", throttles_only)
    patching.replace([lambda_svc], "_emit_lambda_logs", emit_logs)
    _install_put_log_events()


def _install_put_log_events() -> None:
    from ministack.services import cloudwatch_logs

    stock_put = cloudwatch_logs._put_log_events

    def put_log_events(data: dict[str, object]) -> object:
        reply = stock_put(data)
        events = data.get("logEvents")
        if reply[0] < 400 and isinstance(events, list):
            record_from_logs(
                str(data.get("logGroupName")), [str(event.get("message", "")) for event in events]
            )
        return reply

    patching.replace([cloudwatch_logs], "_put_log_events", put_log_events)
