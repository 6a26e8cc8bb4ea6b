"""What AWS charges and what a ticket uses, from two dated files that an operator may override."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slipway.domain.errors import InvalidInput, NotFound

_STRICT = ConfigDict(frozen=True, extra="forbid")
Interval = tuple[float, float]
Kind = Literal["fixed", "usage", "free"]


class Rate(BaseModel):
    """USD for one unit; `us` where North Virginia differs from Ireland."""

    model_config = _STRICT

    usd: float
    unit: str
    source: str
    us: float | None = None

    def in_region(self, region: str) -> float:
        """The price in a region; Ireland's where the file does not know better."""
        return self.us if self.us is not None and region.startswith("us-") else self.usd


class Fixed(BaseModel):
    """What a type costs by existing: a rate, times what the rule called `count` finds."""

    model_config = _STRICT

    rate: str
    count: str = "one"


class Free(BaseModel):
    """Types that never cost anything."""

    model_config = _STRICT

    types: frozenset[str]
    prefixes: tuple[str, ...]


class Prices(BaseModel):
    """The price file."""

    model_config = _STRICT

    as_of: str
    rates: dict[str, Rate]
    allowances: dict[str, float]
    fixed: dict[str, tuple[Fixed, ...]]
    usage: dict[str, str]
    free: Free

    def kind(self, resource_type: str) -> Kind:
        """How a resource type is charged; one that the file does not know is an error, never free."""
        if resource_type in self.fixed:
            return "fixed"
        if resource_type in self.usage:
            return "usage"
        if resource_type in self.free.types or resource_type.startswith(self.free.prefixes):
            return "free"
        raise NotFound(
            f"resource type {resource_type} has no entry in slipway/domain/prices/prices.toml; "
            "add it under [fixed], [usage] or [free]"
        )


class AgentUse(BaseModel):
    """One run of an agent."""

    model_config = _STRICT

    runs: Interval
    minutes: Interval
    cpu_share: Interval
    memory_gb: Interval
    input_tokens: Interval
    output_tokens: Interval
    cached: Annotated[float, Field(ge=0, le=1)]


class TicketUse(BaseModel):
    """What one ticket uses, low and high."""

    model_config = _STRICT

    as_of: str
    sandbox_vcpu_hours: Interval
    sandbox_gb_hours: Interval
    counts: dict[str, Interval]
    agents: dict[str, AgentUse]

    def agent(self, name: str) -> AgentUse:
        """What the file says of this agent, or of any."""
        return self.agents.get(name, self.agents["default"])


class _Override(BaseModel):
    model_config = _STRICT

    rates: dict[str, Rate]


def prices(override: Path | None = None) -> Prices:
    """The project's prices, with the rates of `override` in their place."""
    listed = Prices.model_validate(_read("prices.toml"))
    if override is None:
        return listed
    try:
        own = _Override.model_validate(tomllib.loads(override.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{override} holds no table [rates] of prices: {error}") from error
    if unknown := sorted(own.rates.keys() - listed.rates.keys()):
        raise InvalidInput(f"{override} names rates that do not exist: {', '.join(unknown)}")
    return listed.model_copy(update={"rates": {**listed.rates, **own.rates}})


def ticket_use(instead: Path | None = None) -> TicketUse:
    """The project's assumptions, or those of a file of the same form."""
    if instead is None:
        return TicketUse.model_validate(_read("usage.toml"))
    try:
        return TicketUse.model_validate(tomllib.loads(instead.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{instead} is no file of usage assumptions: {error}") from error


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
