"""The knowledge base costs nothing while nobody asks, and its tool may only ask."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from syrupy.assertion import SnapshotAssertion

from slipway.domain import names
from slipway.domain.knowledge import DIMENSIONS
from stacks.config import ENVIRONMENTS, EnvironmentConfig
from stacks.constructs.gateway_targets import TOOL_SCHEMAS
from stacks.knowledge import KnowledgeStack
from stacks.packaging.bundles import PlaceholderBundles
from tests.infrastructure.samples import DEV, resources

INDEX, BUCKET = "AWS::S3Vectors::Index", "AWS::S3Vectors::VectorBucket"


def knowledge(folder: Path, config: EnvironmentConfig = DEV) -> KnowledgeStack:
    app = cdk.App(outdir=str(folder / "cdk.out"))
    return KnowledgeStack(
        app,
        names.stack(config.name, "Knowledge"),
        config=config,
        bundles=PlaceholderBundles(folder / "assets"),
    )


@pytest.fixture
def template(tmp_path: Path) -> assertions.Template:
    return assertions.Template.from_stack(knowledge(tmp_path))


def test_the_stack_becomes_exactly_these_resources(
    template: assertions.Template, template_snapshot: SnapshotAssertion
) -> None:
    document = template.to_json()
    for function in (
        each for each in document["Resources"].values() if each["Type"] == "AWS::Lambda::Function"
    ):
        function["Properties"]["Code"]["S3Key"] = "asset"
    assert document == template_snapshot


def test_the_index_fits_the_embedding_and_is_found_by_its_derived_name(template: assertions.Template) -> None:
    (index,) = resources(template, INDEX).values()
    assert index["Dimension"] == DIMENSIONS
    assert index["IndexName"] == names.KNOWLEDGE_INDEX
    assert index["VectorBucketName"] == names.knowledge_bucket("dev")
    assert str(DIMENSIONS) in names.KNOWLEDGE_INDEX


def test_what_can_be_long_is_no_filterable_metadata(template: assertions.Template) -> None:
    (index,) = resources(template, INDEX).values()
    hidden = json.loads(json.dumps(index["MetadataConfiguration"]))["NonFilterableMetadataKeys"]
    assert set(hidden) == {"text", "path", "heading", "sha", "url"}


def test_the_tool_may_ask_and_nothing_else(template: assertions.Template) -> None:
    actions = {
        action
        for policy in json.loads(json.dumps(resources(template, "AWS::IAM::Policy"))).values()
        for statement in policy["PolicyDocument"]["Statement"]
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }
    assert {each for each in actions if not each.startswith("logs:")} == {
        "bedrock:InvokeModel",
        "s3vectors:QueryVectors",
        "s3vectors:GetVectors",
    }


def test_production_keeps_its_vectors(tmp_path: Path) -> None:
    template = assertions.Template.from_stack(knowledge(tmp_path, ENVIRONMENTS["prod"]))
    for kind in (INDEX, BUCKET):
        assert {each["DeletionPolicy"] for each in template.find_resources(kind).values()} == {"Retain"}


def test_the_tools_schema_is_one_that_the_gateway_can_express(tmp_path: Path) -> None:
    (tool,) = TOOL_SCHEMAS.validate_json(knowledge(tmp_path).tool_schema.read_bytes())
    assert (tool.name, tool.input_schema.required) == ("search", ("query",))
