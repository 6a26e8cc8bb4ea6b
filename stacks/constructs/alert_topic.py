"""The topic of alerts: CloudWatch writes to it, Slack and e-mail read it."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import removal_policy

_CLOUDWATCH = iam.ServicePrincipal(
    "cloudwatch.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
)


class AlertTopic(Construct):
    """`topic`, encrypted with a key of its own where the environment has customer keys.

    AWS's own key for SNS does not let CloudWatch publish, so without customer keys there is none: messages
    are names of alarms and numbers.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=names.alerts_topic(config.name),
            display_name=f"Slipway {config.name}",
            master_key=self._key(config) if config.customer_keys else None,
            enforce_ssl=True,
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[_CLOUDWATCH],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
            )
        )
        for address in config.alerts.emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))

    def tell(self, function: PythonFunction) -> None:
        """Call `function` with each message; what does not reach it waits in its dead-letter queue."""
        self.topic.add_subscription(
            subscriptions.LambdaSubscription(function.function, dead_letter_queue=function.dead_letters)
        )

    def _key(self, config: EnvironmentConfig) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            alias=names.key_alias(config.name, "alerts"),
            description=f"Slipway {config.name}: alerts on their way",
            enable_key_rotation=True,
            pending_window=Duration.days(7),
            removal_policy=removal_policy(config),
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[_CLOUDWATCH],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
            )
        )
        return key
