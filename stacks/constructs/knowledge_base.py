"""The knowledge base's store: one index of a vector bucket, paid by use."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3vectors as s3vectors
from constructs import Construct

from slipway.domain import names
from slipway.domain.knowledge import DIMENSIONS, EMBEDDING_MODEL
from stacks.config import EnvironmentConfig
from stacks.constructs.permissions import allow
from stacks.constructs.retention import removal_policy

NOT_FILTERED_BY = ("text", "path", "heading", "sha", "url")
"""Only what is filtered by counts for the small limit of filterable metadata."""


class KnowledgeBase(Construct):
    """Everything in it can be made again from the repositories by `slipway knowledge sync`."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        bucket = s3vectors.CfnVectorBucket(
            self,
            "Bucket",
            vector_bucket_name=names.knowledge_bucket(config.name),
            encryption_configuration=s3vectors.CfnVectorBucket.EncryptionConfigurationProperty(
                sse_type="AES256"
            ),
        )
        index = s3vectors.CfnIndex(
            self,
            "Index",
            vector_bucket_name=names.knowledge_bucket(config.name),
            index_name=names.KNOWLEDGE_INDEX,
            data_type="float32",
            dimension=DIMENSIONS,
            distance_metric="cosine",
            metadata_configuration=s3vectors.CfnIndex.MetadataConfigurationProperty(
                non_filterable_metadata_keys=list(NOT_FILTERED_BY)
            ),
        )
        index.add_dependency(bucket)
        for resource in (bucket, index):
            resource.apply_removal_policy(removal_policy(config))
        self.index_arn = index.attr_index_arn

    def search(self) -> tuple[iam.PolicyStatement, ...]:
        """Embed a question and find what is near; reading metadata needs GetVectors too."""
        model = Stack.of(self).format_arn(
            service="bedrock",
            account="",
            resource="foundation-model",
            resource_name=EMBEDDING_MODEL,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        return (
            allow(("bedrock:InvokeModel",), (model,)),
            allow(("s3vectors:QueryVectors", "s3vectors:GetVectors"), (self.index_arn,)),
        )
