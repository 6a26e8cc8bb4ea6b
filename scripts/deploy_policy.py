"""`slipway deploy policy`: what a deploy may do, as IAM policies derived from the templates."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from scripts.deployment.assembly import Assembly, synthesize
from scripts.deployment.destination import work_folder
from scripts.deployment.policy import Document, Place, execution_policies, operator_policy, size
from scripts.output import Output, OutputOption, emit, say, table
from stacks.config import environment_config


def policy(
    env: Annotated[str, typer.Option("--env", help="dev, staging or prod.")] = "dev",
    account: Annotated[str, typer.Option(help="Twelve digits; any account without it.")] = "*",
    region: Annotated[str, typer.Option(help="Another region than the environment's.")] = "",
    partition: Annotated[str, typer.Option(help="aws, aws-cn or aws-us-gov.")] = "aws",
    output: OutputOption = Output.TEXT,
) -> None:
    """Write least-privilege policies for CloudFormation and for the operator; contacts nothing.

    Example: slipway deploy policy --env prod --account 111122223333
    """
    say(f"synthesizing environment {env}")
    with tempfile.TemporaryDirectory(prefix="slipway-policy-") as folder:
        assembly = synthesize(env, Path(folder), region=region)
        place = Place(environment=env, account=account, regions=assembly.regions, partition=partition)
        documents = _named(env, assembly, place)
    out = work_folder(env, "policies")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.json"):
        old.unlink()
    for name, document in documents.items():
        (out / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")
    arns = ",".join(
        f"arn:{partition}:iam::{account}:policy/{name}" for name in documents if "execution" in name
    )
    regions = " ".join(
        f"aws://{account}/{each}" for each in assembly.regions or (environment_config(env).region,)
    )
    bootstrap = f"python -m scripts.cdk bootstrap --cloudformation-execution-policies '{arns}' {regions}"
    emit(
        {"environment": env, "policies": {**documents}, "bootstrap": bootstrap},
        output=output,
        text=lambda: table(
            ("policy", "file", "characters"),
            [(name, str(out / f"{name}.json"), str(size(each))) for name, each in documents.items()],
        ),
    )
    say("create each with `aws iam create-policy --policy-name NAME --policy-document file://FILE`; then:")
    say(f"  {bootstrap}")


def _named(environment: str, assembly: Assembly, place: Place) -> dict[str, Document]:
    execution = execution_policies(assembly, place)
    named = {
        f"slipway-{environment}-execution-{number}": document
        for number, document in enumerate(execution, start=1)
    }
    return {**named, f"slipway-{environment}-operator": operator_policy(place)}
