"""The buckets, as rows of data: each says when what it holds moves to Glacier and when it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.retention import removal_policy


@dataclass(frozen=True, kw_only=True)
class BucketSpec:
    """`rules` come before those that every bucket has."""

    name: str
    rules: Callable[[EnvironmentConfig], list[s3.LifecycleRule]]
    holds_conversations: bool = False
    is_public_material: bool = False
    """What everybody may read anyway; CloudFront serves it, and needs no key for that."""


def _artifact_rules(config: EnvironmentConfig) -> list[s3.LifecycleRule]:
    rules = [
        s3.LifecycleRule(
            id="snapshots-can-be-fetched-again",
            prefix="snapshots/",
            expiration=Duration.days(config.snapshot_days),
        )
    ]
    if config.archive_days is not None:
        rules.append(
            s3.LifecycleRule(
                id="old-work-is-seldom-read",
                prefix="tasks/",
                # Instant retrieval: an old task's page and `explain` still open at once.
                transitions=[
                    s3.Transition(
                        storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                        transition_after=Duration.days(config.archive_days),
                    )
                ],
            )
        )
    return rules


def _session_rules(config: EnvironmentConfig) -> list[s3.LifecycleRule]:
    return [s3.LifecycleRule(id="sessions-end", expiration=Duration.days(config.session_days))]


BUCKETS = (
    BucketSpec(name="artifacts", rules=_artifact_rules),
    BucketSpec(name="sessions", rules=_session_rules, holds_conversations=True),
    BucketSpec(name="console", rules=lambda _: [], is_public_material=True),
)


def data_bucket(
    scope: Construct, *, spec: BucketSpec, config: EnvironmentConfig, key: kms.IKey | None
) -> s3.Bucket:
    """A versioned bucket that nobody reaches without TLS or from outside."""
    chosen = None if spec.is_public_material else key
    return s3.Bucket(
        scope,
        names.construct_id(spec.name),
        versioned=True,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        encryption=s3.BucketEncryption.KMS if chosen else s3.BucketEncryption.S3_MANAGED,
        encryption_key=chosen,
        # One data key for many objects, so that the key's requests cost next to nothing.
        bucket_key_enabled=True if chosen else None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        lifecycle_rules=[
            *spec.rules(config),
            s3.LifecycleRule(
                id="old-versions-and-broken-uploads",
                noncurrent_version_expiration=Duration.days(config.noncurrent_days),
                abort_incomplete_multipart_upload_after=Duration.days(2),
            ),
        ],
        removal_policy=removal_policy(config),
    )
