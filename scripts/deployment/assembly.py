"""The cloud assembly of one environment: synthesized without credentials, read from its manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from scripts.synthesis import SynthesisFailed, Target
from scripts.synthesis import synthesize as run_app
from slipway.domain.errors import InvalidInput, Permanent
from stacks.config import ENVIRONMENTS, environment_config

Assets = Literal["none", "aws", "host"]
_STACK = "aws:cloudformation:stack"
_PLACE = re.compile(r"aws://[^/]+/(?P<region>[a-z0-9-]+)")


class SynthFailed(Permanent):
    """app.py ended with an error; the message holds the end of its output."""


class Resource(BaseModel):
    """One resource of a template, as it was written."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str = Field(alias="Type")
    properties: dict[str, JsonValue] = Field(default={}, alias="Properties")
    deletion_policy: str = Field(default="Delete", alias="DeletionPolicy")


class Template(BaseModel, frozen=True):
    """What the deploy tools read of a template."""

    resources: dict[str, Resource] = Field(default={}, alias="Resources")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack, in the order of deployment."""

    name: str
    region: str
    template: Template


class _Properties(BaseModel):
    template_file: str = Field(default="", alias="templateFile")
    bootstrap: int = Field(default=0, alias="requiresBootstrapStackVersion")


class _Artifact(BaseModel):
    kind: str = Field(alias="type")
    environment: str = ""
    properties: _Properties = _Properties()
    dependencies: tuple[str, ...] = ()


class _Manifest(BaseModel):
    artifacts: dict[str, _Artifact]


@dataclass(frozen=True)
class Assembly:
    """A folder that `cdk deploy --app` takes."""

    folder: Path

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """Every stack; one that others need comes before them."""
        return tuple(self._stack(name) for name in self._ordered())

    @property
    def regions(self) -> tuple[str, ...]:
        """Where stacks go."""
        return tuple(sorted({stack.region for stack in self.stacks}))

    @property
    def bootstrap_version(self) -> int:
        """What the assembly asks of `cdk bootstrap`."""
        return max(artifact.properties.bootstrap for artifact in self._artifacts.values())

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every resource type of every template."""
        return tuple(sorted({resource.kind for _, _, resource in self.resources()}))

    def resources(self) -> Iterator[tuple[Stack, str, Resource]]:
        """Every resource with its stack and logical id."""
        for stack in self.stacks:
            for logical_id, resource in stack.template.resources.items():
                yield stack, logical_id, resource

    @cached_property
    def _artifacts(self) -> Mapping[str, _Artifact]:
        return _Manifest.model_validate_json((self.folder / "manifest.json").read_bytes()).artifacts

    def _ordered(self) -> list[str]:
        order: list[str] = []

        def visit(name: str) -> None:
            if name not in order:
                for needed in self._artifacts[name].dependencies:
                    visit(needed)
                order.append(name)

        for name in self._artifacts:
            visit(name)
        return [name for name in order if self._artifacts[name].kind == _STACK]

    def _stack(self, name: str) -> Stack:
        artifact = self._artifacts[name]
        place = _PLACE.fullmatch(artifact.environment)
        text = (self.folder / artifact.properties.template_file).read_bytes()
        return Stack(
            name=name,
            region=place["region"] if place else "unknown-region",
            template=Template.model_validate_json(text),
        )


def known_environment(name: str) -> str:
    """The name, refused when stacks/config has no such environment."""
    if name not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise InvalidInput(f"environment {name!r} is not in stacks/config; choose one of {known}")
    return name


def synthesize(environment: str, folder: Path, *, region: str = "", assets: Assets = "none") -> Assembly:
    """Run app.py; `assets="none"` puts empty files where bundles would be, for commands that only read."""
    known_environment(environment)
    target = Target(environment=environment, region=region or environment_config(environment).region)
    context: dict[str, object] = {"aws:cdk:bundling-stacks": []} if assets == "none" else {"wheels": assets}
    try:
        return Assembly(run_app(target, into=folder, context=context).folder)
    except SynthesisFailed as error:
        raise SynthFailed(str(error)) from error
