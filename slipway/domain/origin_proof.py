"""Proof that a request came through the edge: a secret that only CloudFront adds."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

HEADER = "x-slipway-edge"


def is_proof(sent: str, secrets: Iterable[str]) -> bool:
    """Whether `sent` is one of the secrets; two are valid while one replaces the other."""
    return any(hmac.compare_digest(sent.encode(), secret.encode()) for secret in secrets if secret)
