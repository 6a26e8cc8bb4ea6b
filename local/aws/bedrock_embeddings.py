"""Bedrock's Titan Text Embeddings V2 on the laptop: a vector of a text's words, for no model runs here.

Texts are near each other when they share words, not when they mean the same. Token counts are estimates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.aws import patching
from local.aws.context import Context
from slipway.domain.word_vector import word_vector

MODEL = "amazon.titan-embed-text-v2:0"
SIZES = (1024, 512, 256)
MAX_CHARACTERS = 50_000
CHARACTERS_OF_A_TOKEN = 4
Response = tuple[int, dict[str, str], bytes]


class Refused(ValueError):
    """The model would not take this body."""


def install(context: Context) -> None:
    """Answer InvokeModel for this model; every other one stays as it is."""
    del context
    from ministack.core.responses import error_response_json
    from ministack.services import bedrock_runtime

    stock_invoke = bedrock_runtime._invoke_model

    def invoke(model_id: str, headers: Mapping[str, str], body: bytes) -> Response:
        if model_id.rpartition("/")[2] != MODEL:
            stock: Response = stock_invoke(model_id, headers, body)
            return stock
        try:
            answer = embed(json.loads(body))
        except (Refused, json.JSONDecodeError) as error:
            refusal: Response = error_response_json("ValidationException", str(error), 400)
            return refusal
        count = {"x-amzn-bedrock-input-token-count": str(answer["inputTextTokenCount"])}
        return 200, {"Content-Type": "application/json", **count}, json.dumps(answer).encode()

    patching.replace([bedrock_runtime], "_invoke_model", invoke)


def embed(request: Any) -> dict[str, object]:  # a JSON document
    """The model's answer to a request body."""
    text = request.get("inputText") if isinstance(request, dict) else None
    if not isinstance(text, str) or not text:
        raise Refused("inputText must be a text that is not empty")
    if len(text) > MAX_CHARACTERS:
        raise Refused(f"inputText has {len(text)} characters; at most {MAX_CHARACTERS} are read")
    size = request.get("dimensions", SIZES[0])
    if size not in SIZES:
        raise Refused(f"dimensions must be one of {SIZES}, not {size!r}")
    vector = word_vector(text, dimensions=size)
    tokens = max(1, len(text) // CHARACTERS_OF_A_TOKEN)
    return {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": tokens}
