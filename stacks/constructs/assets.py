"""Bundles as CDK assets, named by the hash their packaging computed."""

from __future__ import annotations

from aws_cdk import AssetHashType
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from stacks.packaging.bundles import Bundle


def code_asset(scope: Construct, construct_id: str, *, bundle: Bundle) -> s3_assets.Asset:
    """The bundle as an S3 object."""
    return s3_assets.Asset(
        scope,
        construct_id,
        path=str(bundle.path),
        asset_hash=bundle.digest,
        asset_hash_type=AssetHashType.CUSTOM,
    )


def function_code(bundle: Bundle) -> lambda_.Code:
    """The bundle as the code of a Lambda function."""
    return lambda_.Code.from_asset(
        str(bundle.path), asset_hash=bundle.digest, asset_hash_type=AssetHashType.CUSTOM
    )
