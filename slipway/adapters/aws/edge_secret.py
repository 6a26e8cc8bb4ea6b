"""The edge's secret, now and before its last change: CloudFront takes minutes to send the new one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import NotFound

CACHE_SECONDS = 60.0
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(frozen=True, kw_only=True)
class EdgeSecret:
    """Read at most once a minute in each process."""

    clients: Clients
    secret: str
    _cache: list[tuple[float, tuple[str, ...]]] = field(default_factory=list, repr=False)

    def values(self) -> tuple[str, ...]:
        """Newest first."""
        if self._cache and time.monotonic() - self._cache[0][0] < CACHE_SECONDS:
            return self._cache[0][1]
        found = tuple(value for stage in (_CURRENT, _PREVIOUS) if (value := self._value(stage)))
        self._cache[:] = [(time.monotonic(), found)]
        return found

    def _value(self, stage: str) -> str | None:
        try:
            with mapped(f"reading {stage} of secret {self.secret}"):
                answer = self.clients.secretsmanager.get_secret_value(
                    SecretId=self.secret, VersionStage=stage
                )
        except NotFound:
            if stage == _CURRENT:
                raise
            return None  # it was never changed
        return answer["SecretString"]
