"""What tokens cost, from the dated price file."""

from __future__ import annotations

import logging
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel

from slipway.domain.run import RunUsage

logger = logging.getLogger(__name__)
MILLION = 1_000_000


class Price(BaseModel, frozen=True):
    """USD per million tokens; reading cached input costs a tenth, writing it a quarter more."""

    input: float
    output: float

    def of(self, usage: RunUsage, *, cache_write_tokens: int = 0) -> float:
        """USD for these tokens."""
        return (
            usage.input_tokens * self.input
            + usage.cache_read_tokens * self.input * 0.1
            + cache_write_tokens * self.input * 1.25
            + usage.output_tokens * self.output
        ) / MILLION


@cache
def price(model_id: str) -> Price | None:
    """The price of a model; None when the file does not know it."""
    listed = tomllib.loads(files(__package__).joinpath("prices.toml").read_text(encoding="utf-8"))
    if model_id not in listed:
        logger.warning("model_id=<%s> | no price is listed, so its cost counts as 0", model_id)
        return None
    return Price.model_validate(listed[model_id])
