from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.deployment.assembly import Assembly
from scripts.deployment.preflight import Preflight
from scripts.doctor import Finding
from slipway.adapters.memory.account import MemoryAccount
from slipway.ports.account import HeldResource, HeldStack
from tests.unit.scripts.assemblies import REGION, assembly, resource

FUNCTION = resource("AWS::Lambda::Function", FunctionName="slipway-dev-health")


def check(
    folder: Path, account: MemoryAccount, *, models: Mapping[str, str] | None = None
) -> dict[str, Finding]:
    made: Assembly = assembly(folder, Intake={"Health": FUNCTION})
    preflight = Preflight(
        assembly=made,
        environment="dev",
        region=REGION,
        accounts={REGION: account},
        models=models or {},
        secrets=("jira",),
    )
    return {finding.check: finding for finding in preflight.findings()}


def problems(found: Mapping[str, Finding]) -> list[str]:
    return [name for name, finding in found.items() if finding.level == "problem"]


def test_an_empty_bootstrapped_account_is_ready(tmp_path: Path) -> None:
    found = check(tmp_path, MemoryAccount())
    assert problems(found) == []
    assert found["stacks"].found == "first deploy into this account and region"
    assert found["secret slipway/dev/jira"].found == "created by this deploy"


def test_without_credentials_nothing_else_is_asked(tmp_path: Path) -> None:
    found = check(tmp_path, MemoryAccount(logged_in=False))
    assert list(found) == ["credentials"]
    assert problems(found) == ["credentials"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    account = MemoryAccount(
        bootstrap=None,
        taken={("AWS::Lambda::Function", "slipway-dev-health")},
        stacks={"Slipway-dev-Intake": HeldStack(name="Slipway-dev-Intake", status="ROLLBACK_COMPLETE")},
    )
    found = check(tmp_path, account)
    assert problems(found) == ["bootstrap eu-west-1", "stack Slipway-dev-Intake", "name slipway-dev-health"]
    assert all(found[name].advice for name in problems(found))


def test_an_old_bootstrap_is_told_with_both_versions(tmp_path: Path) -> None:
    found = check(tmp_path, MemoryAccount(bootstrap=5))
    assert found["bootstrap eu-west-1"].found == "version 5, needed 6"


def test_a_deploy_that_is_running_is_waited_for(tmp_path: Path) -> None:
    stack = HeldStack(name="Slipway-dev-Intake", status="UPDATE_IN_PROGRESS")
    found = check(tmp_path, MemoryAccount(stacks={stack.name: stack}))
    assert "another deploy is running" in found["stack Slipway-dev-Intake"].advice


def test_a_name_that_our_own_stack_holds_is_no_conflict(tmp_path: Path) -> None:
    name = "Slipway-dev-Intake"
    held = HeldResource(kind="AWS::Lambda::Function", logical_id="Health", physical_id="slipway-dev-health")
    account = MemoryAccount(
        taken={("AWS::Lambda::Function", "slipway-dev-health")},
        stacks={name: HeldStack(name=name, status="UPDATE_COMPLETE")},
        resources={name: [held]},
    )
    found = check(tmp_path, account)
    assert problems(found) == []
    assert found["stacks"].found == "1 deployed"


def test_a_model_without_access_is_a_note_because_access_can_follow(tmp_path: Path) -> None:
    account = MemoryAccount(lacking_models={"eu.deep": "eu.deep lacks its agreement"})
    found = check(tmp_path, account, models={"deep": "eu.deep", "fast": "eu.fast"})
    assert (found["model deep"].level, found["model fast"].level) == ("note", "ok")


def test_the_concurrency_of_a_new_account_is_noted(tmp_path: Path) -> None:
    assert check(tmp_path, MemoryAccount(concurrency=10))["quotas"].level == "note"


def test_an_empty_secret_names_the_command_that_fills_it(tmp_path: Path) -> None:
    found = check(tmp_path, MemoryAccount(secrets={"slipway/dev/jira": "{}"}))
    assert found["secret slipway/dev/jira"].advice.endswith("slipway connect jira --env dev")
