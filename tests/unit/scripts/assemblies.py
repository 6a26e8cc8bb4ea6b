"""Small cloud assemblies for tests of the deploy tools, written as CDK writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from scripts.deployment.assembly import Assembly, Template

Resources = Mapping[str, Mapping[str, JsonValue]]
REGION = "eu-west-1"


def resource(kind: str, *, deletion_policy: str = "Delete", **properties: JsonValue) -> dict[str, JsonValue]:
    """A resource as a template holds it."""
    return {"Type": kind, "Properties": dict(properties), "DeletionPolicy": deletion_policy}


def assembly(folder: Path, *, region: str = REGION, **stacks: Resources) -> Assembly:
    """Stacks `Slipway-dev-<Part>`, each of which needs the one before it."""
    artifacts: dict[str, JsonValue] = {}
    before: list[JsonValue] = []
    for part, resources in stacks.items():
        name = f"Slipway-dev-{part}"
        (folder / f"{name}.template.json").write_text(json.dumps({"Resources": resources}))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://unknown-account/{region}",
            "properties": {"templateFile": f"{name}.template.json", "requiresBootstrapStackVersion": 6},
            "dependencies": list(before),
        }
        before = [name]
    # The order of the manifest is not the order of deployment.
    shuffled = dict(reversed(artifacts.items()))
    (folder / "manifest.json").write_text(json.dumps({"artifacts": shuffled}))
    return Assembly(folder)


def template(resources: Resources) -> Template:
    """A deployed template."""
    return Template.model_validate({"Resources": resources})


def role(*statements: JsonValue, service: str = "lambda.amazonaws.com") -> dict[str, JsonValue]:
    """A role with one inline policy."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return resource(
        "AWS::IAM::Role",
        AssumeRolePolicyDocument={"Statement": [trust]},
        Policies=[{"PolicyName": "Own", "PolicyDocument": {"Statement": list(statements)}}],
    )


def allow(action: str, resource_arn: str) -> dict[str, JsonValue]:
    """A statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource_arn}
