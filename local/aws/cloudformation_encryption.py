"""Tables and buckets keep the encryption at rest that their template asks for; nothing is encrypted here."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from local.aws.cloudformation import Properties, extend
from local.aws.cloudformation_tables import is_true
from local.aws.context import Context
from local.aws.lambda_workers import as_list

AWS_KEY = "alias/aws/s3"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def install(context: Context) -> None:
    """Apply after stock what stock drops from a template."""
    del context
    extend("AWS::DynamoDB::Table", encrypt_table)
    extend("AWS::S3::Bucket", encrypt_bucket)


def encrypt_table(table: str, properties: Properties) -> None:
    """Set or take away a table's key."""
    from ministack.services import dynamodb

    wanted = properties.get("SSESpecification")
    asked = wanted if isinstance(wanted, dict) else {}
    request = {"Enabled": is_true(asked.get("SSEEnabled", False))}
    request |= {name: asked[name] for name in ("SSEType", "KMSMasterKeyId") if name in asked}
    status, _, body = dynamodb._update_table({"TableName": table, "SSESpecification": request})
    if status >= 300:
        raise ValueError(f"encryption of table {table} refused: {body.decode(errors='replace')}")


def encrypt_bucket(bucket: str, properties: Properties) -> None:
    """Set a bucket's default encryption; without one it has S3's own."""
    from ministack.services import s3

    wanted = properties.get("BucketEncryption")
    if not isinstance(wanted, dict):
        return
    status, _, body = s3._put_bucket_encryption(bucket, encryption_document(wanted))
    if status >= 300:
        raise ValueError(f"encryption of bucket {bucket} refused: {body.decode(errors='replace')}")


def encryption_document(wanted: dict[str, object]) -> bytes:
    """The XML of PutBucketEncryption."""
    root = Element("ServerSideEncryptionConfiguration", xmlns=NAMESPACE)
    for rule in as_list(wanted.get("ServerSideEncryptionConfiguration")):
        if not isinstance(rule, dict):
            continue
        element = SubElement(root, "Rule")
        default = rule.get("ServerSideEncryptionByDefault")
        if isinstance(default, dict):
            chosen = SubElement(element, "ApplyServerSideEncryptionByDefault")
            # Without a key of one's own S3 uses AWS's; clients that read the setting must name it here.
            named = (
                {"KMSMasterKeyID": AWS_KEY, **default}
                if default.get("SSEAlgorithm") == "aws:kms"
                else default
            )
            for name in ("SSEAlgorithm", "KMSMasterKeyID"):
                if name in named:
                    SubElement(chosen, name).text = str(named[name])
        enabled = is_true(rule.get("BucketKeyEnabled", False))
        SubElement(element, "BucketKeyEnabled").text = str(enabled).lower()
    return tostring(root)
