"""CloudFormation's vector buckets and their indexes: every change of one is a new one."""

from __future__ import annotations

from local.aws.cloudformation import Properties, Provisioned, ResourceHandler, physical_name, register
from local.aws.context import Context
from local.aws.property_names import to_api_mapping
from local.aws.s3vectors import SERVICE_OBJECT as service


def install(context: Context) -> None:
    """Register the two types."""
    del context
    register("AWS::S3Vectors::VectorBucket", bucket_handler())
    register("AWS::S3Vectors::Index", index_handler())


def bucket_handler() -> ResourceHandler:
    """A vector bucket; its Ref is its ARN."""

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        name = properties.get("VectorBucketName") or physical_name(stack, logical_id, limit=63).lower()
        arn = str(service.create_bucket({"vectorBucketName": name})["vectorBucketArn"])
        return arn, {"VectorBucketArn": arn}

    def update(arn: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        if old.get("VectorBucketName") != new.get("VectorBucketName"):
            return create("", new, stack)
        return arn, {"VectorBucketArn": arn}

    def delete(arn: str, properties: Properties) -> None:
        del properties
        if arn in service.store.buckets:
            service.delete_bucket({"vectorBucketArn": arn})

    return ResourceHandler(create, update, delete)


def index_handler() -> ResourceHandler:
    """An index; its Ref is its ARN."""

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        request = to_api_mapping(properties)
        request.setdefault("indexName", physical_name(stack, logical_id, limit=63).lower())
        request["dimension"] = int(str(request.get("dimension")))
        arn = str(service.create_index(request)["indexArn"])
        return arn, {"IndexArn": arn}

    def update(arn: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        if {**old, "Tags": None} == {**new, "Tags": None}:
            return arn, {"IndexArn": arn}
        return create("", new, stack)

    def delete(arn: str, properties: Properties) -> None:
        del properties
        service.delete_index({"indexArn": arn})

    return ResourceHandler(create, update, delete)
