"""A bucket's lifecycle rules are those of its template."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator


def bucket(*rules: dict[str, object]) -> dict[str, object]:
    properties: dict[str, object] = {"BucketName": "aging"}
    if rules:
        properties["LifecycleConfiguration"] = {"Rules": list(rules)}
    return {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}}


def test_a_bucket_keeps_the_lifecycle_of_its_template_and_loses_it_with_it(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    emulator.deploy(
        "aging",
        bucket(
            {
                "Id": "transcripts",
                "Status": "Enabled",
                "Prefix": "tasks/",
                "TagFilters": [{"Key": "class", "Value": "health"}],
                "ExpirationInDays": "30",
                "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}],
            },
            {"Status": "Disabled", "ExpiredObjectDeleteMarker": True},
        ),
    )
    aging, second = s3.get_bucket_lifecycle_configuration(Bucket="aging")["Rules"]
    where = aging.pop("Filter")["And"]
    assert (where["Prefix"], where["Tags"]) == ("tasks/", [{"Key": "class", "Value": "health"}])
    assert aging == {
        "ID": "transcripts",
        "Status": "Enabled",
        "Expiration": {"Days": 30},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "Transitions": [{"Days": 10, "StorageClass": "GLACIER"}],
    }
    assert (second["ID"], second["Status"]) == ("rule-2", "Disabled")
    assert second["Expiration"] == {"ExpiredObjectDeleteMarker": True}

    emulator.deploy("aging", bucket({"Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 3}))
    (changed,) = s3.get_bucket_lifecycle_configuration(Bucket="aging")["Rules"]
    assert (changed["Filter"], changed["Expiration"]) == ({"Prefix": "logs/"}, {"Days": 3})

    emulator.deploy("aging", bucket())
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="aging")
