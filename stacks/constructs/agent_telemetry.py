"""What AgentCore itself tells about runtimes, gateway and memory: traces, and what they use."""

from __future__ import annotations

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_xray as xray
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.retention import log_group

INDEXED_PERCENT = 100
"""Share of traces that Transaction Search indexes: agents run minutes, so there are few."""


class AgentTelemetry(Construct):
    """One place that traces go to and one that usage goes to, for everything of an environment.

    AgentCore's third kind, APPLICATION_LOGS, is left out on purpose: it holds the bodies of requests and
    answers, and those are tickets and source code. What happened in a run is in its events and transcript.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._prefix = f"{names.PRODUCT}-{config.name}"
        usage = log_group(self, "Usage", name=names.vended_logs(config.name, "agent-usage"), config=config)
        self._usage = logs.CfnDeliveryDestination(
            self,
            "UsageDestination",
            name=f"{self._prefix}-agent-usage",
            delivery_destination_type="CWL",
            destination_resource_arn=usage.log_group_arn,
        )
        self._traces = logs.CfnDeliveryDestination(
            self,
            "TraceDestination",
            name=f"{self._prefix}-agent-traces",
            delivery_destination_type="XRAY",
        )
        self._allow_traces()
        if config.transaction_search:
            self._search_transactions()

    def observe(self, scope: Construct, name: str, arn: str, *, usage: bool) -> None:
        """Deliver the traces of a resource, and its usage where the service reports that."""
        self._deliver(scope, f"{name}-traces", arn, kind="TRACES", to=self._traces)
        if usage:
            self._deliver(scope, f"{name}-usage", arn, kind="USAGE_LOGS", to=self._usage)

    def _deliver(
        self, scope: Construct, name: str, arn: str, *, kind: str, to: logs.CfnDeliveryDestination
    ) -> None:
        source = logs.CfnDeliverySource(
            scope,
            f"{names.construct_id(kind.lower())}Source",
            name=f"{self._prefix}-{name.replace('_', '-')}",
            log_type=kind,
            resource_arn=arn,
        )
        delivery = logs.CfnDelivery(
            scope,
            f"{names.construct_id(kind.lower())}Delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=to.attr_arn,
        )
        delivery.add_resource_dependency(source)

    def _allow_traces(self) -> None:
        """One policy for all: X-Ray allows five of them in an account."""
        stack = Stack.of(self)
        xray.CfnResourcePolicy(
            self,
            "TracePolicy",
            policy_name=f"{self._prefix}-agent-traces",
            policy_document=stack.to_json_string(
                _delivery_policy(
                    principal="delivery.logs.amazonaws.com",
                    actions=["xray:PutTraceSegments"],
                    resources=["*"],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                        "ArnLike": {
                            "aws:SourceArn": stack.format_arn(
                                service="logs", resource=f"delivery-source:{self._prefix}-*"
                            )
                        },
                    },
                )
            ),
        )

    def _search_transactions(self) -> None:
        """Let X-Ray write spans to CloudWatch, where evaluations and GenAI observability read them."""
        stack = Stack.of(self)
        groups = [
            stack.format_arn(service="logs", resource=f"log-group:{name}:*")
            for name in ("aws/spans", "/aws/application-signals/data")
        ]
        writes = logs.CfnResourcePolicy(
            self,
            "SpanPolicy",
            policy_name=f"{self._prefix}-spans",
            policy_document=stack.to_json_string(
                _delivery_policy(
                    principal="xray.amazonaws.com",
                    actions=["logs:PutLogEvents"],
                    resources=groups,
                    conditions={
                        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                        "ArnLike": {"aws:SourceArn": stack.format_arn(service="xray", resource="*")},
                    },
                )
            ),
        )
        search = xray.CfnTransactionSearchConfig(
            self, "TransactionSearch", indexing_percentage=INDEXED_PERCENT
        )
        search.add_resource_dependency(writes)


def _delivery_policy(
    *, principal: str, actions: list[str], resources: list[str], conditions: dict[str, object]
) -> object:
    statement = iam.PolicyStatement(
        principals=[iam.ServicePrincipal(principal)],
        actions=actions,
        resources=resources,
        conditions=conditions,
    )
    return {"Version": "2012-10-17", "Statement": [statement.to_statement_json()]}
