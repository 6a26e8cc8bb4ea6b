"""What a validator found, in words that are the same in every environment and region."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from scripts.synthesis import Assembly, Target
from slipway.domain import names

_IMPORTED = re.compile(
    r"\S*?:ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(\w*?)(?:[0-9A-F]{8})?(?=[/:>]|$)"
)
_LOCAL = re.compile(r"<(\w+?)[0-9A-F]{8}\.(\w+)>")


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """`rule` does not hold at `place`; `resource` is the IAM resource it is about, if any."""

    rule: str
    place: str
    resource: str = ""
    message: str = ""
    environment: str = ""
    region: str = ""

    @property
    def decision(self) -> str:
        """What an acknowledgement would decide about."""
        about = f"[{self.resource}]" if self.resource else ""
        return f"{self.rule}{about} at {self.place}: {self.message}"

    @property
    def where(self) -> str:
        """The synthesis that shows it; nothing for a file of the checkout."""
        return f"{self.environment} {self.region}".strip()


def place(construct_path: str, target: Target) -> str:
    """`Slipway-prod-Data/Tasks/Resource` is `Data/Tasks` in every environment."""
    return construct_path.removeprefix(names.stack(target.environment, "")).removesuffix("/Resource")


def neutral(resource: str, target: Target) -> str:
    """An IAM resource without the environment, the region and the hashes of logical ids."""
    text = _IMPORTED.sub(lambda found: f"<{found[1]}.{found[2] or 'Ref'}>", resource)
    text = _LOCAL.sub(lambda found: f"<{found[1]}.{found[2]}>", text)
    text = text.replace(target.region, "<region>").replace("<AWS::Partition>", "aws")
    for own in (f"{names.PRODUCT}-", f"{names.PRODUCT}_", f"{names.PRODUCT}/", "/"):
        text = text.replace(f"{own}{target.environment}", f"{own}<env>")
    return text


@dataclass(frozen=True)
class ConstructPaths:
    """Finds the construct behind a resource of a template by its logical id."""

    assembly: Assembly

    def of(self, template: str, logical_id: str) -> str:
        """The place of the resource; the logical id itself when nothing made by a construct has it."""
        resources = self._resources(self.assembly.folder / template)
        metadata = cast("Mapping[str, object]", resources.get(logical_id, {}).get("Metadata", {}))
        return place(str(metadata.get("aws:cdk:path", logical_id)), self.assembly.target)

    def _resources(self, template: Path) -> Mapping[str, Mapping[str, object]]:
        document: Mapping[str, Mapping[str, Mapping[str, object]]] = json.loads(
            template.read_text(encoding="utf-8")
        )
        return document.get("Resources", {})


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, in a stable order."""
    return sorted(set(findings))
