"""Claude on Amazon Bedrock through Strands' own model."""

from __future__ import annotations

from botocore.config import Config
from strands.models import BedrockModel
from strands.models.model import CacheConfig, Model

READ_TIMEOUT_SECONDS = 300


def bedrock(model_id: str, *, region: str) -> Model:
    """Prompt caching on; no sampling parameters, which newer models refuse."""
    return BedrockModel(
        model_id=model_id,
        region_name=region,
        boto_client_config=Config(
            connect_timeout=5, read_timeout=READ_TIMEOUT_SECONDS, retries={"mode": "standard"}
        ),
        cache_config=CacheConfig(strategy="auto"),
    )
