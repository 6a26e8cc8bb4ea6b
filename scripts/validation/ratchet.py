"""Numbers that may only go down, held in `ratchet.json`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

FILE = Path(__file__).with_name("ratchet.json")


class Ratchet(BaseModel, frozen=True, extra="forbid"):
    """`acknowledgements`: rules decided against, by place. `star_resources`: statements on `*`."""

    acknowledgements: int
    star_resources: int


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One number, what the file allows, and what to say about it."""

    name: str
    counted: int
    allowed: int

    @property
    def rose(self) -> bool:
        """Whether the number is above the file's."""
        return self.counted > self.allowed

    def __str__(self) -> str:
        name = self.name.replace("_", " ")
        if self.rose:
            return f"{name}: {self.counted}, but {FILE.name} allows {self.allowed}; mend what was added"
        if self.counted < self.allowed:
            return f"{name}: {self.counted}; lower {self.name} in {FILE.name} from {self.allowed}"
        return f"{name}: {self.counted}, as {FILE.name} allows"


def movements(counted: Ratchet, allowed: Ratchet) -> list[Movement]:
    """Each number beside what the file allows."""
    before = allowed.model_dump()
    return [
        Movement(name=name, counted=value, allowed=before[name])
        for name, value in counted.model_dump().items()
    ]


def allowed() -> Ratchet:
    """What the committed file allows."""
    return Ratchet.model_validate_json(FILE.read_text(encoding="utf-8"))
