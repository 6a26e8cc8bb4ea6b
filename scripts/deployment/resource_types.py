"""What CloudFormation's registry says about resource types, from the dated file beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel

from slipway.domain.errors import NotFound

FILE = Path(__file__).with_name("resource_types.json")


class ResourceType(BaseModel, frozen=True):
    """Actions that CloudFormation calls for a type; a change of a `create_only` property replaces it."""

    actions: tuple[str, ...]
    create_only: tuple[str, ...] = ()


class ResourceTypes(BaseModel, frozen=True):
    """The file. `unscoped` actions cannot be limited to a resource."""

    as_of: str
    source: str
    unscoped: frozenset[str]
    types: dict[str, ResourceType]

    def __getitem__(self, kind: str) -> ResourceType:
        if kind not in self.types:
            raise NotFound(
                f"resource type {kind} is not in {FILE.name}, so its permissions are unknown; "
                "run `python -m scripts.deployment.refresh_resource_types` (its docstring says with what)"
            )
        return self.types[kind]


@cache
def resource_types() -> ResourceTypes:
    """Read once."""
    return ResourceTypes.model_validate_json(FILE.read_bytes())
