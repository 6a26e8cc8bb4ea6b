"""The whole app goes onto an empty emulator and off it again, by the programs that do it in AWS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.registry import AGENTS
from scripts.deployment.assembly import Template, synthesize
from scripts.deployment.cdk_run import run_cdk
from scripts.deployment.destination import EmulatorDestination, account, teardown
from scripts.deployment.differences import differences
from scripts.deployment.naming import footprint
from scripts.deployment.preflight import Preflight
from scripts.deployment.removal import Removal
from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator
REGION = "eu-west-1"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[EmulatorDestination]:
    running = Emulator(tmp_path / "emulator")
    running.start()
    yield EmulatorDestination(emulator=running.url)
    running.stop()


def test_an_environment_is_deployed_from_nothing_and_removed_until_nothing_is_left(
    place: EmulatorDestination, tmp_path: Path
) -> None:
    told: list[str] = []
    assembly = synthesize("dev", tmp_path / "assembly")
    there = account(place, REGION)

    def problems() -> list[str]:
        preflight = Preflight(
            assembly=assembly,
            environment="dev",
            region=REGION,
            accounts={REGION: there},
            models={},
            secrets=("github",),
        )
        return [finding.check for finding in preflight.findings() if finding.level == "problem"]

    def cdk(*arguments: str) -> None:
        run_cdk(arguments, environment=place.process_environment(), log=tmp_path / "cdk.log", say=told.append)

    assert problems() == ["bootstrap eu-west-1"]
    cdk("bootstrap", "--app", str(assembly.folder), f"aws://000000000000/{REGION}")
    assert problems() == []

    before = teardown(place, REGION).remains(footprint("dev", AGENTS))
    assert before == []
    cdk(
        "deploy",
        "--all",
        "--app",
        str(assembly.folder),
        "--require-approval",
        "never",
        "--progress",
        "events",
    )
    deployed = {
        stack.name: Template.model_validate_json(there.template(stack.name)) for stack in assembly.stacks
    }
    assert differences(assembly, deployed) == []
    assert any("CREATE_COMPLETE  AWS::DynamoDB::Table" in line for line in told)
    assert problems() == []

    removal = Removal(place, assembly)
    held = removal.held()
    assert held.keys() == {stack.name for stack in assembly.stacks}
    bucket = next(r for r in held["Slipway-dev-Data"] if r.kind == "AWS::S3::Bucket")
    place.operator(REGION).clients.s3.put_object(Bucket=bucket.physical_id, Key="a", Body=b"kept by nobody")
    removal.carry_out(held, log=tmp_path / "destroy.log", say=told.append)
    assert teardown(place, REGION).remains(footprint("dev", AGENTS)) == []
    assert removal.held() == {}
