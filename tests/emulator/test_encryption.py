"""Tables and buckets have the encryption of their template."""

from __future__ import annotations

import pytest

from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator
KEY = {"Fn::GetAtt": ["Key", "Arn"]}


def stores(*, with_key: bool) -> dict[str, object]:
    table: dict[str, object] = {
        "TableName": "sealed",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    }
    default: dict[str, object] = {"SSEAlgorithm": "AES256"}
    if with_key:
        table["SSESpecification"] = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rule = {"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": with_key}
    bucket = {
        "BucketName": "sealed",
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]},
    }
    policy = {"Version": "2012-10-17", "Statement": []}
    return {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table},
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": bucket},
        },
        "Outputs": {"Key": {"Value": KEY}},
    }


def test_stores_have_the_key_of_their_template_and_lose_it_with_it(emulator: Emulator) -> None:
    dynamodb, s3 = emulator.client("dynamodb"), emulator.client("s3")
    key = emulator.deploy("sealed", stores(with_key=True))["Key"]
    described = dynamodb.describe_table(TableName="sealed")["Table"]["SSEDescription"]
    assert described == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
    (rule,) = s3.get_bucket_encryption(Bucket="sealed")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert rule["BucketKeyEnabled"] is True

    emulator.deploy("sealed", stores(with_key=False))
    table = dynamodb.describe_table(TableName="sealed")["Table"]
    assert table.get("SSEDescription", {"Status": "DISABLED"})["Status"] == "DISABLED"
    (rule,) = s3.get_bucket_encryption(Bucket="sealed")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
