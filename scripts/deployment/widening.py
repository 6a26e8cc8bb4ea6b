"""Permissions that a deploy would add: allowed things that were not, and refusals that go away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from scripts.deployment.assembly import Assembly, Template

_DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "ResourcePolicy")
_ASSET = re.compile(r"\b[0-9a-f]{64}\b")
_RULE = ("Principal", "Condition", "NotAction", "NotResource", "NotPrincipal")


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One action on one resource for whoever `owner` (a logical id) stands for."""

    stack: str
    owner: str
    effect: Literal["Allow", "Deny"]
    action: str
    resource: str
    rule: str = ""

    def __str__(self) -> str:
        lead = "" if self.effect == "Allow" else "no longer refused: "
        rule = f" {self.rule}" if self.rule else ""
        return f"{self.stack} {self.owner}: {lead}{self.action} on {self.resource}{rule}"


def widened(assembly: Assembly, deployed: Mapping[str, Template]) -> list[Permission]:
    """For stacks that are deployed: in a new stack everything is new."""
    found = []
    for stack in assembly.stacks:
        if stack.name not in deployed:
            continue
        before = set(_permissions(stack.name, deployed[stack.name]))
        after = set(_permissions(stack.name, stack.template))
        found += [each for each in after - before if each.effect == "Allow"]
        found += [each for each in before - after if each.effect == "Deny"]
    return sorted(found, key=str)


def _permissions(stack: str, template: Template) -> Iterator[Permission]:
    for logical_id, resource in template.resources.items():
        if resource.kind == "AWS::Lambda::Permission":
            yield Permission(
                stack=stack,
                owner=logical_id,
                effect="Allow",
                action=_text(resource.properties.get("Action")),
                resource=_text(resource.properties.get("FunctionName")),
                rule=_text(resource.properties.get("Principal")),
            )
        for managed in _list(resource.properties.get("ManagedPolicyArns")):
            yield Permission(
                stack=stack, owner=logical_id, effect="Allow", action="everything of", resource=_text(managed)
            )
        for document in _documents(resource.properties):
            for statement in _list(document.get("Statement")):
                if isinstance(statement, dict):
                    yield from _split(stack, logical_id, statement)


def _documents(properties: Mapping[str, JsonValue]) -> Iterator[dict[str, JsonValue]]:
    inline = [each for each in _list(properties.get("Policies")) if isinstance(each, dict)]
    for holder in (properties, *inline):
        for name in _DOCUMENTS:
            document = holder.get(name)
            if isinstance(document, dict):
                yield document


def _split(stack: str, owner: str, statement: Mapping[str, JsonValue]) -> Iterator[Permission]:
    rule = {name: statement[name] for name in _RULE if name in statement}
    for action in _list(statement.get("Action", "*")):
        for resource in _list(statement.get("Resource", "itself")):
            yield Permission(
                stack=stack,
                owner=owner,
                effect="Deny" if statement.get("Effect") == "Deny" else "Allow",
                action=_text(action),
                resource=_text(resource),
                rule=_text(rule) if rule else "",
            )


def _list(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: JsonValue) -> str:
    """As a person reads it, without the hash of an asset, which every change of code changes."""
    return _ASSET.sub("<asset>", _plain(value))


def _plain(value: JsonValue) -> str:
    match value:
        case str():
            return value
        case {"Ref": str(name), **rest} if not rest:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)], **rest} if not rest:
            return f"<{name}.{attribute}>"
        case {"Fn::ImportValue": str(name), **rest} if not rest:
            return f"<{name}>"
        case {"Fn::Join": [str(between), [*parts]], **rest} if not rest:
            return between.join(_plain(part) for part in parts)
        case {"Fn::Sub": str(text), **rest} if not rest:
            return text
        case _:
            return json.dumps(value, sort_keys=True)
