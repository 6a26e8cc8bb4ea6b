"""What must be in us-east-1 for CloudFront, wherever the rest of an environment is: its web ACL."""

from __future__ import annotations

from aws_cdk import ReferenceStrength, Stack
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from slipway.domain import names
from stacks.config import EDGE_REGION, EnvironmentConfig
from stacks.constructs.retention import log_group
from stacks.constructs.web_acl_rules import rules, visibility

_REDACTED = ("authorization", "cookie", "x-hub-signature", "x-hub-signature-256", "x-slack-signature")


class EdgeStack(Stack):
    """`web_acl_arn` can be used from a stack in any region of the account."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id, env={"region": EDGE_REGION})
        name = names.web_acl(config.name)
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=name,
            scope="CLOUDFRONT",
            description=f"Slipway {config.name}: limits by address and size, and managed rules",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=rules(per_second=config.throttle.per_second),
            visibility_config=visibility(name),
        )
        self._log(acl, name, config)
        # Read from the other region's stack when it is deployed, instead of by a function that copies it.
        self.web_acl_arn = Stack.consume_reference(acl.attr_arn, ReferenceStrength.WEAK)

    def _log(self, acl: wafv2.CfnWebACL, name: str, config: EnvironmentConfig) -> None:
        """What was blocked or counted; never a body, never what proves an identity."""
        group = log_group(self, "Log", name=f"aws-waf-logs-{name}", config=config)
        conditions = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")]
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            log_destination_configs=[group.log_group_arn],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": conditions}],
            },
            redacted_fields=[
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header})
                for header in _REDACTED
            ],
        )
