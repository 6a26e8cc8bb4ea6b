"""Findings of asl-validator over every state machine of the synthesized templates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, JsonValue, TypeAdapter

from scripts.synthesis import Assembly
from scripts.validation.findings import ConstructPaths, Finding
from scripts.validation.programs import Programs

_SCRIPT = Path(__file__).with_name("asl.mjs")
_KIND = "AWS::StepFunctions::StateMachine"


class NoStateMachine(RuntimeError):
    """Templates without a workflow are not the platform's."""


class _Verdict(BaseModel, frozen=True):
    messages: tuple[str, ...]


def findings(assemblies: Sequence[Assembly], programs: Programs) -> Iterator[Finding]:
    """What Step Functions would refuse."""
    machines = [
        (assembly, template.name, logical_id, definition)
        for assembly in assemblies
        for template in assembly.templates
        for logical_id, definition in _definitions(template)
    ]
    if not machines:
        raise NoStateMachine("no template holds a state machine; was the right folder synthesized?")
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder, "definitions.json")
        listing.write_text(json.dumps([definition for *_, definition in machines]), encoding="utf-8")
        verdicts = TypeAdapter(tuple[_Verdict, ...]).validate_json(programs.node(_SCRIPT, str(listing)))
    for (assembly, template_name, logical_id, _), verdict in zip(machines, verdicts, strict=True):
        for message in verdict.messages:
            yield Finding(
                rule="ASL",
                place=ConstructPaths(assembly).of(template_name, logical_id),
                message=message,
                environment=assembly.target.environment,
                region=assembly.target.region,
            )


def _definitions(template: Path) -> Iterator[tuple[str, JsonValue]]:
    resources: Mapping[str, Mapping[str, JsonValue]] = json.loads(template.read_text(encoding="utf-8"))[
        "Resources"
    ]
    for logical_id, resource in resources.items():
        properties = resource.get("Properties")
        if resource["Type"] == _KIND and isinstance(properties, dict):
            yield logical_id, json.loads(_text(properties["DefinitionString"]))


def _text(value: JsonValue) -> str:
    """The definition as it reads once deployed, with sample values for what only a deploy knows."""
    match value:
        case str():
            return value
        case {"Fn::Join": [str() as separator, [*parts]]}:
            return separator.join(_text(part) for part in parts)
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case {"Ref": "AWS::Region"}:
            return "eu-west-1"
        case {"Ref": "AWS::AccountId"}:
            return "111122223333"
        case {"Fn::GetAtt": [str() as name, "Arn"]}:
            return f"arn:aws:lambda:eu-west-1:111122223333:function:{name}"
        case {"Ref": str() as name} | {"Fn::ImportValue": str() as name}:
            return name
    raise ValueError(f"a state machine's definition uses {json.dumps(value)[:200]}; say here what it becomes")
