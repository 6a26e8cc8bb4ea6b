"""The HTTP API becomes exactly these resources."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import assertions
from aws_cdk.aws_apigatewayv2 import HttpMethod
from syrupy.assertion import SnapshotAssertion

from slipway.settings import Settings
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.webhook_api import WebhookApi
from stacks.functions import FunctionSpec
from stacks.packaging.bundles import PlaceholderBundles
from tests.infrastructure.samples import DEV, stack_with_permissions


def test_the_api_becomes_exactly_these_resources(
    tmp_path: Path, template_snapshot: SnapshotAssertion
) -> None:
    stack, _ = stack_with_permissions()
    function = PythonFunction(
        stack,
        spec=FunctionSpec(folder="answer", stack="intake", access=frozenset()),
        config=DEV,
        code=PlaceholderBundles(tmp_path).functions(),
        settings=Settings(environment="dev"),
        statements=(),
    )
    WebhookApi(stack, "Http", config=DEV).route(HttpMethod.POST, "/answer", function)
    template = assertions.Template.from_stack(stack).to_json()
    parts = {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"].startswith("AWS::ApiGatewayV2::")
    }
    assert parts == template_snapshot
