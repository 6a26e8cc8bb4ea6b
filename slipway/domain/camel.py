"""The base of contracts that travel as JSON: camelCase outside, snake_case inside, unknown keys refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Contract(BaseModel):
    """Frozen; reads either spelling, writes camelCase with `model_dump(by_alias=True)`."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, frozen=True, extra="forbid"
    )
