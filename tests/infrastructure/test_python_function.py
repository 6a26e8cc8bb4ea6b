"""One folder of lambdas/ becomes exactly these resources."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import assertions
from syrupy.assertion import SnapshotAssertion

from slipway.settings import Settings
from stacks.constructs import function_access
from stacks.constructs.python_function import PythonFunction
from stacks.functions import Access, FunctionSpec
from stacks.packaging.bundles import PlaceholderBundles
from tests.infrastructure.samples import DEV, resources, stack_with_permissions

RUNTIMES = ("arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/dev_reviewer-0123456789",)


def function(folder: Path, spec: FunctionSpec) -> assertions.Template:
    stack, permissions = stack_with_permissions()
    PythonFunction(
        stack,
        spec=spec,
        config=DEV,
        code=PlaceholderBundles(folder).functions(),
        settings=Settings(environment="dev"),
        statements=function_access.statements(spec.access, permissions=permissions, runtime_arns=RUNTIMES),
    )
    return assertions.Template.from_stack(stack)


def test_an_asynchronous_function_becomes_exactly_these_resources(
    tmp_path: Path, template_snapshot: SnapshotAssertion
) -> None:
    spec = FunctionSpec(folder="sort_letters", stack="workflow", access=frozenset(Access), asynchronous=True)
    assert function(tmp_path, spec).to_json() == template_snapshot


def test_a_synchronous_function_has_no_dead_letter_queue(tmp_path: Path) -> None:
    spec = FunctionSpec(folder="answer", stack="intake", access=frozenset())
    function(tmp_path, spec).resource_count_is("AWS::SQS::Queue", 0)


def test_a_function_without_access_may_only_write_its_own_log(tmp_path: Path) -> None:
    spec = FunctionSpec(folder="answer", stack="intake", access=frozenset())
    (policy,) = resources(function(tmp_path, spec), "AWS::IAM::Policy").values()
    document = policy["PolicyDocument"]
    assert isinstance(document, dict)
    assert [each["Action"] for each in document["Statement"]] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"]
    ]
