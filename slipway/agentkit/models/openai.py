"""Any OpenAI-compatible endpoint (OpenAI, Ollama, vLLM, llama.cpp) through Strands' own model."""

from __future__ import annotations

from strands.models.model import Model
from strands.models.openai import OpenAIModel

# Local servers ignore the key, but the client insists on one; a real one comes from OPENAI_API_KEY.
NO_KEY = "not-needed"


def openai(model_id: str, *, base_url: str, api_key: str) -> Model:
    """The model at `base_url`, or at OpenAI when that is empty."""
    arguments = {"api_key": api_key or NO_KEY, **({"base_url": base_url} if base_url else {})}
    return OpenAIModel(client_args=arguments, model_id=model_id)
