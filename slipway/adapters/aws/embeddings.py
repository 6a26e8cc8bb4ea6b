"""Embeddings by Amazon Titan Text Embeddings V2 on Bedrock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import UpstreamUnavailable
from slipway.domain.knowledge import DIMENSIONS, EMBEDDING_MODEL, Embedding

AT_ONCE = 8
"""The model takes one text in a call; its quota is thousands of calls a minute."""


class _Answer(BaseModel):
    embedding: tuple[float, ...]
    inputTextTokenCount: int


@dataclass(frozen=True, kw_only=True)
class BedrockEmbeddings:
    """The same call in AWS and on the laptop, whose emulator answers by words instead of a model."""

    clients: Clients

    def embed(self, texts: Sequence[str]) -> tuple[Embedding, ...]:
        """Several at once; the first failure ends all."""
        if len(texts) == 1:
            return (self._embed(texts[0]),)
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="embed") as pool:
            return tuple(pool.map(self._embed, texts))

    def _embed(self, text: str) -> Embedding:
        body = json.dumps({"inputText": text, "dimensions": DIMENSIONS, "normalize": True})
        with mapped(f"embedding {len(text)} characters with {EMBEDDING_MODEL}"):
            answer = self.clients.bedrock.invoke_model(
                modelId=EMBEDDING_MODEL,
                body=body.encode(),
                contentType="application/json",
                accept="application/json",
            )
            content = answer["body"].read()
        try:
            parsed = _Answer.model_validate_json(content)
        except ValidationError as error:
            raise UpstreamUnavailable(f"{EMBEDDING_MODEL} answered with no embedding: {error}") from error
        return Embedding(parsed.embedding, parsed.inputTextTokenCount)
