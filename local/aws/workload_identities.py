"""ListWorkloadIdentities: identities of deployed runtimes and gateways, and those that templates name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from local.aws.cloudformation import deployed_resources
from local.aws.context import Context, Query, Reply

_ARN = "WorkloadIdentityArn"
_OF_ANOTHER = "WorkloadIdentityDetails.WorkloadIdentityArn"


def install(context: Context) -> None:
    """Answer the question; here every identity goes away with what it belongs to."""
    context.route("POST", r"/identities/ListWorkloadIdentities", show)


def show(match: re.Match[str], headers: Mapping[str, str], body: bytes, query: Query) -> Reply:
    """All on one page."""
    del match, headers, body, query
    arns = sorted(
        {
            str(resource.attributes[name])
            for resource in deployed_resources()
            for name in (_ARN, _OF_ANOTHER)
            if name in resource.attributes and resource.resource_type.startswith("AWS::BedrockAgentCore::")
        }
    )
    listed = [{"name": arn.rpartition("/")[2], "workloadIdentityArn": arn} for arn in arns]
    return 200, {"Content-Type": "application/json"}, json.dumps({"workloadIdentities": listed}).encode()
