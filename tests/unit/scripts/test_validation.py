"""Findings are judged one by one; what may only go down is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.synthesis import REGIONS, TARGETS, Assembly, Target
from scripts.validation import rule_packs
from scripts.validation.findings import ConstructPaths, Finding, neutral, place
from scripts.validation.permissions import statements
from scripts.validation.ratchet import Ratchet, allowed, movements
from scripts.validation.verdict import decisions, judge
from stacks.acknowledgements import ACKNOWLEDGEMENTS
from stacks.acknowledgements.decision import EVERYWHERE, Acknowledgement, both

PROD = Target(environment="prod", region="eu-west-1")
IDS = {"agent": ["Planner"], "agent_name": ["planner"]}


def finding(**fields: str) -> Finding:
    return Finding(**{"rule": "R1", "place": "Data/Tasks", "environment": "prod", **fields})


def acknowledgement(**fields: object) -> Acknowledgement:
    chosen = {"rules": ("R1",), "place": "Data/Tasks", "reason": "It is right.", "environments": ("prod",)}
    return Acknowledgement(**{**chosen, **fields})  # type: ignore[arg-type]  # fields of the class


def assembly(folder: Path, resources: dict[str, object]) -> Assembly:
    template = folder / "Slipway-prod-Data.template.json"
    template.write_text(json.dumps({"Resources": resources}))
    return Assembly(target=PROD, folder=folder, seconds=0, notes=())


def test_a_finding_that_nobody_decided_fails() -> None:
    verdict = judge([finding()], [], ids=IDS)
    assert verdict.open == (finding(),)
    assert not verdict.passed


def test_a_decided_finding_passes_with_its_reason() -> None:
    verdict = judge([finding()], [acknowledgement()], ids=IDS)
    assert verdict.passed
    assert [each.reason for _, each in verdict.acknowledged] == ["It is right."]


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "R2"},
        {"place": "Data/Tasks/Index"},
        {"place": "Other/Data/Tasks"},
        {"environment": "dev"},
        {"resource": "*"},
    ],
)
def test_a_decision_reaches_no_further_than_it_says(other: dict[str, str]) -> None:
    assert judge([finding(), finding(**other)], [acknowledgement()], ids=IDS).open == (finding(**other),)


def test_a_decision_about_nothing_must_go() -> None:
    verdict = judge([], [acknowledgement()], ids=IDS)
    assert not verdict.passed
    assert verdict.idle == ("R1 at Data/Tasks finds nothing in prod",)


def test_a_decision_must_be_needed_in_every_environment_it_names() -> None:
    verdict = judge([finding()], [acknowledgement(environments=("dev", "prod"))], ids=IDS)
    assert verdict.idle == ("R1 at Data/Tasks finds nothing in dev",)


def test_a_finding_in_a_file_needs_no_environment() -> None:
    decided = acknowledgement(place="local/x.py", environments=EVERYWHERE)
    assert judge([finding(place="local/x.py", environment="")], [decided], ids=IDS).passed


def test_a_variable_stands_for_registered_names_only() -> None:
    decided = acknowledgement(place="Agents/{agent}/Role", resource="log-group:{agent_name}-*")
    known = finding(place="Agents/Planner/Role", resource="log-group:planner-*")
    stranger = finding(place="Agents/Stranger/Role", resource="log-group:planner-*")
    assert judge([known, stranger], [decided], ids=IDS).open == (stranger,)


def test_any_other_variable_is_one_part_of_a_path() -> None:
    decided = acknowledgement(place="Data/{table}")
    deeper = finding(place="Data/Tasks/Replica")
    assert judge([finding(), deeper], [decided], ids=IDS).open == (deeper,)


def test_a_wildcard_in_a_resource_is_text() -> None:
    decided = acknowledgement(resource="<Artifacts.Arn>/*")
    wider = finding(resource="<Artifacts.Arn>/anything")
    assert judge([finding(resource="<Artifacts.Arn>/*"), wider], [decided], ids=IDS).open == (wider,)


def test_every_rule_at_every_place_is_one_decision() -> None:
    assert decisions([acknowledgement(rules=both("X")), acknowledgement()]) == 3


def test_every_decision_of_ours_has_a_reason_that_says_something() -> None:
    assert not [each.place for each in ACKNOWLEDGEMENTS if len(each.reason) < 20]


@pytest.mark.parametrize(
    ("counted", "rose", "said"),
    [
        (3, True, "acknowledgements: 3, but ratchet.json allows 2; mend what was added"),
        (2, False, "acknowledgements: 2, as ratchet.json allows"),
        (1, False, "acknowledgements: 1; lower acknowledgements in ratchet.json from 2"),
    ],
)
def test_the_ratchet_goes_down_only(counted: int, rose: bool, said: str) -> None:
    now = Ratchet(acknowledgements=counted, star_resources=0)
    before = Ratchet(acknowledgements=2, star_resources=0)
    movement = movements(now, before)[0]
    assert (movement.rose, str(movement)) == (rose, said)


def test_the_committed_ratchet_allows_no_more_than_there_is() -> None:
    assert allowed().acknowledgements == decisions(ACKNOWLEDGEMENTS)


def test_places_and_resources_read_the_same_in_every_environment_and_region() -> None:
    names = {
        (
            place(f"Slipway-{target.environment}-Data/Tasks/Resource", target),
            neutral(
                f"arn:aws:states:{target.region}:1:execution:slipway-{target.environment}-ticket:*", target
            ),
            neutral(
                f"Slipway-{target.environment}-Data:ExportsOutputFnGetAttTasks0BA6A452ArnC774C3BE/index/*",
                target,
            ),
            neutral("<PreflightFunction7D71E9A1.Arn>:*", target),
        )
        for target in TARGETS
    }
    assert names == {
        (
            "Data/Tasks",
            "arn:aws:states:<region>:1:execution:slipway-<env>-ticket:*",
            "<Tasks.Arn>/index/*",
            "<PreflightFunction.Arn>:*",
        )
    }


def test_every_environment_is_synthesized_in_every_region() -> None:
    assert len(TARGETS) == 3 * len(REGIONS)


def test_a_resource_is_known_by_its_construct(tmp_path: Path) -> None:
    path = {"aws:cdk:path": "Slipway-prod-Data/Tasks/Resource"}
    one = assembly(tmp_path, {"Tasks0BA6": {"Type": "AWS::DynamoDB::Table", "Metadata": path}})
    paths = ConstructPaths(one)
    assert paths.of("Slipway-prod-Data.template.json", "Tasks0BA6") == "Data/Tasks"
    assert paths.of("Slipway-prod-Data.template.json", "Unknown") == "Unknown"


def test_a_statement_on_everything_is_counted(tmp_path: Path) -> None:
    def policy(resource: str) -> dict[str, object]:
        statement = {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": resource}
        return {"PolicyDocument": {"Statement": [statement]}}

    one = assembly(
        tmp_path,
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy("*")]}},
            "Policy": {"Type": "AWS::IAM::Policy", "Properties": policy("arn:aws:s3:::bucket")},
        },
    )
    assert [each.is_unbounded for each in statements(one)] == [True, False]


def test_a_rule_pack_that_did_not_run_is_no_clean_template(tmp_path: Path) -> None:
    one = assembly(tmp_path, {})
    packs = [{"pluginName": "AwsSolutions", "violations": []}]
    (tmp_path / "validation-report.json").write_text(json.dumps({"pluginReports": packs}))
    with pytest.raises(rule_packs.RulePacksDidNotRun, match=r"HIPAA\.Security, NIST\.800\.53\.R5"):
        list(rule_packs.findings(one))


def test_a_finding_about_iam_names_the_resource(tmp_path: Path) -> None:
    one = assembly(tmp_path, {})
    violation = {
        "ruleName": "AwsSolutions-IAM5[Resource::*]",
        "description": "Wildcard - (Control IDs: 1)",
        "violatingConstructs": [{"constructPath": "Slipway-prod-Agents/Planner/Role/Resource"}],
    }
    packs = [
        {"pluginName": name, "violations": [violation] if name == "AwsSolutions" else []}
        for name in ("AwsSolutions", "HIPAA.Security", "NIST.800.53.R5")
    ]
    (tmp_path / "validation-report.json").write_text(json.dumps({"pluginReports": packs}))
    (found,) = rule_packs.findings(one)
    assert (found.rule, found.resource, found.place) == ("AwsSolutions-IAM5", "*", "Agents/Planner/Role")
    assert found.message == "Wildcard"
