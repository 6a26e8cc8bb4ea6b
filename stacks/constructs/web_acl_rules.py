"""The web ACL's rules, in order: what is too much, what is too big, and AWS's managed rules.

What machines send is signed and full of code, so a managed rule that looks into bodies only counts: a ticket
about a path traversal or a log4j string must reach its function, which checks the signature.
"""

from __future__ import annotations

from aws_cdk import aws_wafv2 as wafv2

WINDOW_SECONDS = 300
TOO_BIG = r"^0*[1-9][0-9]{6,}$"
"""A Content-Length of a million bytes or more. WAF sees only the first bytes of a body, not how many follow;
a body sent in chunks is measured by the function that reads it."""

MANAGED = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "CrossSiteScripting_BODY",
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": ("JavaDeserializationRCE_BODY", "Log4JRCE_BODY"),
}
"""Rule group to those of its rules that only count."""


def rules(*, per_second: int) -> list[wafv2.CfnWebACL.RuleProperty]:
    """In the order of their priority."""
    limit = wafv2.CfnWebACL.StatementProperty(
        rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
            limit=per_second * WINDOW_SECONDS, evaluation_window_sec=WINDOW_SECONDS, aggregate_key_type="IP"
        )
    )
    size = wafv2.CfnWebACL.StatementProperty(
        regex_match_statement=wafv2.CfnWebACL.RegexMatchStatementProperty(
            regex_string=TOO_BIG,
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": "content-length"}),
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    own = [
        _blocking("RateByAddress", limit, priority=0, status=429),
        _blocking("BodySize", size, priority=1, status=413),
    ]
    managed = [
        _managed(group, counted, priority=len(own) + position)
        for position, (group, counted) in enumerate(MANAGED.items())
    ]
    return [*own, *managed]


def visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """A metric, and samples of requests without their bodies."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


def _blocking(
    name: str, statement: wafv2.CfnWebACL.StatementProperty, *, priority: int, status: int
) -> wafv2.CfnWebACL.RuleProperty:
    response = wafv2.CfnWebACL.CustomResponseProperty(response_code=status)
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=statement,
        action=wafv2.CfnWebACL.RuleActionProperty(
            block=wafv2.CfnWebACL.BlockActionProperty(custom_response=response)
        ),
        visibility_config=visibility(name),
    )


def _managed(group: str, counted: tuple[str, ...], *, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    overrides = [
        wafv2.CfnWebACL.RuleActionOverrideProperty(
            name=rule, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
        )
        for rule in counted
    ]
    return wafv2.CfnWebACL.RuleProperty(
        name=group,
        priority=priority,
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=group, rule_action_overrides=overrides or None
            )
        ),
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=visibility(group),
    )
