"""Every statement that synthesized templates give to a role."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from scripts.synthesis import Assembly
from scripts.validation.findings import ConstructPaths

_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a role at `place` may do; resources are text, or JSON where a deploy completes them."""

    place: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    @property
    def is_unbounded(self) -> bool:
        """Whether it allows something on every resource there is."""
        return self.effect == "Allow" and "*" in self.resources


def statements(assembly: Assembly) -> Iterator[Statement]:
    """The statements of every role and policy of one assembly."""
    paths = ConstructPaths(assembly)
    for template in assembly.templates:
        for logical_id, document in _documents(template):
            for statement in document["Statement"]:
                yield Statement(
                    place=paths.of(template.name, logical_id),
                    effect=str(statement["Effect"]),
                    actions=_texts(statement["Action"]),
                    resources=_texts(statement["Resource"]),
                )


def _documents(template: Path) -> Iterator[tuple[str, Mapping[str, list[dict[str, JsonValue]]]]]:
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    for logical_id, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] in _POLICIES:
            yield logical_id, properties["PolicyDocument"]
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                yield logical_id, policy["PolicyDocument"]


def _texts(value: JsonValue) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(each if isinstance(each, str) else json.dumps(each) for each in listed)
