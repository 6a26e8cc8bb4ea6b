"""S3 Vectors as boto3 meets it on the emulator, deployed by CloudFormation and kept over a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator, eventually

pytestmark = pytest.mark.emulator

BUCKET, INDEX = "slipway-test-knowledge", "words-2"
WHERE = {"vectorBucketName": BUCKET, "indexName": INDEX}


def template(*, dimension: int = 2, index: str = INDEX) -> dict[str, Any]:
    return {
        "Resources": {
            "Bucket": {"Type": "AWS::S3Vectors::VectorBucket", "Properties": {"VectorBucketName": BUCKET}},
            "Index": {
                "Type": "AWS::S3Vectors::Index",
                "DependsOn": "Bucket",
                "Properties": {
                    "VectorBucketName": BUCKET,
                    "IndexName": index,
                    "DataType": "float32",
                    "Dimension": dimension,
                    "DistanceMetric": "cosine",
                    "MetadataConfiguration": {"NonFilterableMetadataKeys": ["text"]},
                },
            },
        },
        "Outputs": {
            "Bucket": {"Value": {"Ref": "Bucket"}},
            "Index": {"Value": {"Fn::GetAtt": ["Index", "IndexArn"]}},
        },
    }


def put(client: Any, key: str, numbers: list[float], **metadata: object) -> None:
    vector = {"key": key, "data": {"float32": numbers}, "metadata": metadata}
    client.put_vectors(**WHERE, vectors=[vector])


def test_a_deployed_index_is_what_its_template_says(emulator: Emulator) -> None:
    outputs = emulator.deploy("vectors", template())
    arn = f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/{BUCKET}"
    assert outputs == {"Bucket": arn, "Index": f"{arn}/index/{INDEX}"}
    client = emulator.client("s3vectors")
    found = client.get_index(indexArn=outputs["Index"])["index"]
    assert (found["dimension"], found["distanceMetric"], found["dataType"]) == (2, "cosine", "float32")
    assert found["metadataConfiguration"] == {"nonFilterableMetadataKeys": ["text"]}
    assert client.get_vector_bucket(vectorBucketName=BUCKET)["vectorBucket"]["vectorBucketArn"] == arn
    assert [each["indexName"] for each in client.list_indexes(vectorBucketName=BUCKET)["indexes"]] == [INDEX]
    rows = {
        row["logical_id"]: row["status"] for row in emulator.ask("resources")[1] if row["stack"] == "vectors"
    }
    assert rows == {"Bucket": "emulated", "Index": "emulated"}


def test_vectors_are_found_by_direction_and_metadata(emulator: Emulator) -> None:
    emulator.deploy("vectors", template())
    client = emulator.client("s3vectors")
    put(client, "east", [2, 0], kind="a", text="x")
    put(client, "north", [0, 1], kind="b")
    query = {**WHERE, "queryVector": {"float32": [1, 0.1]}, "returnDistance": True, "returnMetadata": True}
    answer = client.query_vectors(**query, topK=5)
    assert answer["distanceMetric"] == "cosine"
    assert [(each["key"], round(each["distance"], 2)) for each in answer["vectors"]] == [
        ("east", 0.0),
        ("north", 0.9),
    ]
    assert answer["vectors"][0]["metadata"] == {"kind": "a", "text": "x"}
    only = client.query_vectors(**query, topK=5, filter={"kind": {"$eq": "b"}})
    assert [each["key"] for each in only["vectors"]] == ["north"]
    got = client.get_vectors(**WHERE, keys=["east", "west"], returnData=True)["vectors"]
    assert got == [{"key": "east", "data": {"float32": [2.0, 0.0]}}]
    pages = client.get_paginator("list_vectors").paginate(**WHERE, PaginationConfig={"PageSize": 1})
    assert [each["key"] for page in pages for each in page["vectors"]] == ["east", "north"]
    client.delete_vectors(**WHERE, keys=["east", "north"])


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("query_vectors", {**WHERE, "topK": 101, "queryVector": {"float32": [1, 0]}}, "ValidationException"),
        ("query_vectors", {**WHERE, "topK": 1, "queryVector": {"float32": [1]}}, "ValidationException"),
        ("get_index", {"vectorBucketName": BUCKET, "indexName": "other"}, "NotFoundException"),
        ("delete_vector_bucket", {"vectorBucketName": BUCKET}, "ConflictException"),
        ("create_vector_bucket", {"vectorBucketName": BUCKET}, "ConflictException"),
        (
            "query_vectors",
            {**WHERE, "topK": 1, "queryTexts": [{"text": "x", "metadataKey": "text"}]},
            "ValidationException",
        ),
    ],
)
def test_what_aws_refuses_is_refused(
    emulator: Emulator, operation: str, arguments: dict[str, Any], code: str
) -> None:
    emulator.deploy("vectors", template())
    with pytest.raises(ClientError) as raised:
        getattr(emulator.client("s3vectors"), operation)(**arguments)
    assert raised.value.response["Error"]["Code"] == code


def test_a_stack_leaves_nothing(emulator: Emulator) -> None:
    emulator.deploy("vectors", template())
    emulator.client("cloudformation").delete_stack(StackName="vectors")
    client = emulator.client("s3vectors")
    eventually(lambda: not client.list_vector_buckets()["vectorBuckets"], within_seconds=15, what="all gone")


def test_an_index_of_another_length_replaces_the_old_one(emulator: Emulator) -> None:
    emulator.deploy("vectors", template())
    emulator.deploy("vectors", template(dimension=3, index="words-3"))
    found = emulator.client("s3vectors").list_indexes(vectorBucketName=BUCKET)["indexes"]
    assert [each["indexName"] for each in found] == ["words-3"]
    emulator.client("cloudformation").delete_stack(StackName="vectors")


def test_vectors_survive_a_restart(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path)
    emulator.start()
    try:
        emulator.deploy("vectors", template())
        put(emulator.client("s3vectors"), "east", [2, 0], kind="a")
        emulator.stop()
        emulator.start()
        found = emulator.client("s3vectors").get_vectors(
            **WHERE, keys=["east"], returnData=True, returnMetadata=True
        )
        assert found["vectors"] == [
            {"key": "east", "data": {"float32": [2.0, 0.0]}, "metadata": {"kind": "a"}}
        ]
    finally:
        emulator.stop()


def test_only_the_embedding_model_is_played_by_words(emulator: Emulator) -> None:
    client = emulator.client("bedrock-runtime")
    body = b'{"inputText": "Amounts", "dimensions": 256}'
    answer = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
    assert b'"embedding"' in answer["body"].read()
    other = client.invoke_model(modelId="amazon.titan-text-express-v1", body=body)
    assert b'"embedding"' not in other["body"].read()
    with pytest.raises(ClientError, match="inputText"):
        client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=b"{}")
