"""What stock lacks for buckets: the CDK's helpers that empty and fill one, and lifecycle rules."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from local.aws.bucket_lifecycle import apply_lifecycle
from local.aws.cloudformation import (
    Properties,
    Provisioned,
    ResourceHandler,
    extend,
    keep_nothing,
    physical_name,
    register,
)
from local.aws.context import Context
from local.aws.lambda_workers import as_list

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


def install(context: Context) -> None:
    """Register both custom resources (their own handlers need Node and the AWS CLI) and keep lifecycles."""
    register("Custom::S3AutoDeleteObjects", auto_delete_handler(context))
    register("Custom::CDKBucketDeployment", deployment_handler(context))
    extend("AWS::S3::Bucket", apply_lifecycle)


def client(context: Context) -> S3Client:
    """An S3 client of this emulator, in the account and region of the deployment."""
    import boto3
    from botocore.config import Config
    from ministack.core.responses import get_account_id, get_region

    s3: S3Client = boto3.client(
        "s3",
        region_name=get_region(),
        endpoint_url=context.configuration.endpoint_url,
        aws_access_key_id=get_account_id(),
        aws_secret_access_key="local",
        config=Config(s3={"addressing_style": "path"}),
    )
    return s3


def auto_delete_handler(context: Context) -> ResourceHandler:
    """Empties its bucket when it is deleted."""

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        del logical_id, stack
        return f"{properties['BucketName']}/auto-delete", {}

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del physical_id, old, stack
        return f"{new['BucketName']}/auto-delete", {}

    def delete(physical_id: str, properties: Properties) -> None:
        del physical_id
        s3, bucket = client(context), str(properties["BucketName"])
        try:
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
        except s3.exceptions.NoSuchBucket:
            return

    return ResourceHandler(create, update, delete)


def deployment_handler(context: Context) -> ResourceHandler:
    """Copies assets into a bucket and prunes what they no longer hold."""

    def attributes(properties: Properties) -> dict[str, object]:
        arn = f"arn:aws:s3:::{properties['DestinationBucketName']}"
        return {"DestinationBucketArn": arn, "SourceObjectKeys": properties["SourceObjectKeys"]}

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        copy_sources(client(context), properties)
        return physical_name(stack, logical_id, limit=60), attributes(properties)

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del old, stack
        copy_sources(client(context), new)
        return physical_id, attributes(new)

    return ResourceHandler(create, update, keep_nothing)


def copy_sources(s3: S3Client, properties: Properties) -> None:
    """Put every file of the sources below the destination's prefix."""
    bucket = str(properties["DestinationBucketName"])
    prefix = str(properties.get("DestinationBucketKeyPrefix") or "").strip("/")
    metadata = properties.get("SystemMetadata")
    cache_control = str(metadata.get("cache-control", "")) if isinstance(metadata, dict) else ""
    written = set()
    for name, body in source_files(s3, properties):
        key = f"{prefix}/{name}" if prefix else name
        content_type = mimetypes.guess_type(name)[0] or "binary/octet-stream"
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type, CacheControl=cache_control)
        written.add(key)
    if str(properties.get("Prune", "true")).lower() == "true":
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                if entry["Key"] not in written:
                    s3.delete_object(Bucket=bucket, Key=entry["Key"])


def source_files(s3: S3Client, properties: Properties) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file to deploy, with the markers of late values filled in."""
    buckets, keys = as_list(properties["SourceBucketNames"]), as_list(properties["SourceObjectKeys"])
    markers = as_list(properties.get("SourceMarkers")) or [{} for _ in buckets]
    is_archive = str(properties.get("Extract", "true")).lower() == "true"
    for bucket, key, substitutions in zip(buckets, keys, markers, strict=True):
        content = s3.get_object(Bucket=str(bucket), Key=str(key))["Body"].read()
        for name, body in unzip(content) if is_archive else [(PurePosixPath(str(key)).name, content)]:
            filled = body
            for token, value in (substitutions if isinstance(substitutions, dict) else {}).items():
                filled = filled.replace(str(token).encode(), str(value).encode())
            yield name, filled


def unzip(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
        for entry in bundle.infolist():
            if not entry.is_dir():
                yield entry.filename, bundle.read(entry)
