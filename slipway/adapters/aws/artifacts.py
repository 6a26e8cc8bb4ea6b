"""Artifacts in one S3 bucket."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class S3Artifacts:
    """Whole objects; encryption and retention are the bucket's own."""

    clients: Clients
    bucket: str

    def put(self, key: str, body: bytes, *, content_type: str = "application/json") -> None:
        """Store or replace."""
        with mapped(f"storing artifact {key}"):
            self.clients.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The body; NotFound names the key."""
        with mapped(f"reading artifact {key}"):
            return self.clients.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        try:
            with mapped(f"looking for artifact {key}"):
                self.clients.s3.head_object(Bucket=self.bucket, Key=key)
        except NotFound:
            return False
        return True
