"""What removing an environment destroys, what of it takes long, and what AWS only forgets later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from slipway.ports.account import HeldResource

HOLDS_DATA: Mapping[str, str] = {
    "AWS::BedrockAgentCore::Memory": "what agents remember",
    "AWS::Cognito::UserPool": "people's accounts",
    "AWS::DynamoDB::Table": "every row, and its point-in-time recovery",
    "AWS::KMS::Key": "everything encrypted with it becomes unreadable",
    "AWS::Logs::LogGroup": "logs",
    "AWS::S3::Bucket": "every object, all versions",
    "AWS::S3Vectors::Index": "the knowledge index (it can be built again)",
    "AWS::SecretsManager::Secret": "credentials, without a recovery window",
}
SLOW: Mapping[str, str] = {
    "AWS::BedrockAgentCore::Runtime": "sessions that are still running are ended first: minutes",
    "AWS::CloudFront::Distribution": "it is switched off everywhere first: ten minutes or more",
    "AWS::Cognito::UserPoolDomain": "a custom domain goes with a distribution: ten minutes or more",
    "AWS::KMS::Key": "unusable at once, deleted after 7 to 30 days; until then it can be restored",
    "AWS::S3::Bucket": "emptied first, a thousand versions a call",
}


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Resources of one type that hold data."""

    kind: str
    what: str
    ids: tuple[str, ...]


def losses(held: Iterable[HeldResource]) -> list[Loss]:
    """By type."""
    by_kind: dict[str, list[str]] = {}
    for resource in held:
        if resource.kind in HOLDS_DATA:
            by_kind.setdefault(resource.kind, []).append(resource.physical_id)
    return [Loss(kind=kind, what=HOLDS_DATA[kind], ids=tuple(ids)) for kind, ids in sorted(by_kind.items())]


def slow_parts(held: Sequence[HeldResource]) -> dict[str, str]:
    """What to expect of the types that are there."""
    kinds = {resource.kind for resource in held}
    return {kind: what for kind, what in SLOW.items() if kind in kinds}
