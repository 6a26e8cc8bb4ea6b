"""What a deploy would change, from the deployed templates and the new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from scripts.deployment.assembly import Assembly, Resource, Template
from scripts.deployment.resource_types import resource_types

Action = Literal["add", "change", "replace", "remove"]
_VALUE = {"SecretString", "GenerateSecretString"}
ACTIONS: tuple[Action, ...] = ("add", "change", "replace", "remove")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource. `properties` are those that differ; `replace` means that a new one takes its place."""

    stack: str
    logical_id: str
    kind: str
    action: Action
    properties: tuple[str, ...] = ()

    @property
    def is_grave(self) -> bool:
        """Something is lost: a resource, or the value that an operator put into a secret."""
        overwrites = self.kind == "AWS::SecretsManager::Secret" and _VALUE.intersection(self.properties)
        return self.action in {"replace", "remove"} or bool(overwrites)

    def __str__(self) -> str:
        changed = f" ({', '.join(self.properties)})" if self.properties else ""
        return f"{self.action} {self.stack} {self.kind} {self.logical_id}{changed}"


def differences(assembly: Assembly, deployed: Mapping[str, Template]) -> list[Change]:
    """By stack, in the order of deployment; a stack that is not in `deployed` is all new."""
    return [
        change
        for stack in assembly.stacks
        for change in _changes(stack.name, deployed.get(stack.name, Template()), stack.template)
    ]


def _changes(stack: str, old: Template, new: Template) -> Iterator[Change]:
    for logical_id, resource in new.resources.items():
        before = old.resources.get(logical_id)
        if before is None:
            yield Change(stack=stack, logical_id=logical_id, kind=resource.kind, action="add")
        elif changed := _properties(before, resource):
            yield Change(
                stack=stack,
                logical_id=logical_id,
                kind=resource.kind,
                action="replace" if _replaces(before, resource) else "change",
                properties=changed,
            )
    for logical_id in old.resources.keys() - new.resources.keys():
        kind = old.resources[logical_id].kind
        yield Change(stack=stack, logical_id=logical_id, kind=kind, action="remove")


def _properties(before: Resource, after: Resource) -> tuple[str, ...]:
    if before.kind != after.kind:
        return ("Type",)
    names = sorted(before.properties.keys() | after.properties.keys())
    return tuple(name for name in names if before.properties.get(name) != after.properties.get(name))


def _replaces(before: Resource, after: Resource) -> bool:
    """A property that can only be set at creation differs; values that references bring are not followed."""
    if before.kind != after.kind:
        return True
    if before.kind.startswith("Custom::"):
        return False
    return any(
        _at(before.properties, path) != _at(after.properties, path)
        for path in resource_types()[after.kind].create_only
    )


def _at(value: JsonValue, path: str) -> JsonValue:
    for name in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
