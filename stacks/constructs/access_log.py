"""What the HTTP API notes about each request: who, what, which answer; never a header or a body."""

from __future__ import annotations

import json

import jsii
from aws_cdk import aws_apigateway as restapi
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_logs as logs

_FIELDS = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.message",
    "integrationError": "$context.integrationErrorMessage",
}


@jsii.implements(apigateway.IAccessLogSettings)
class AccessLog:
    """One JSON line per request."""

    def __init__(self, group: logs.ILogGroup) -> None:
        self._destination = apigateway.LogGroupLogDestination(group)

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        """The log group."""
        return self._destination

    @property
    def format(self) -> restapi.AccessLogFormat:
        """The JSON line."""
        return restapi.AccessLogFormat.custom(json.dumps(_FIELDS))
