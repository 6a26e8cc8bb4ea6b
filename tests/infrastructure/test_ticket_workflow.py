"""The ticket workflow as Step Functions will read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_lambda as lambda_
from syrupy.assertion import SnapshotAssertion

from agents.registry import AGENTS
from slipway.domain.errors import retryable_names
from slipway.domain.step import Step
from stacks.constructs.ticket_workflow import TicketWorkflow, WorkflowFunctions
from tests.infrastructure.samples import DEV, pipeline, resources

State = dict[str, object]


@pytest.fixture(scope="module")
def template() -> assertions.Template:
    stack = cdk.Stack(cdk.App(), "Sample", env=cdk.Environment(region=DEV.region))
    functions = {
        each.name: lambda_.Function.from_function_arn(
            stack, each.name, f"arn:aws:lambda:eu-west-1:111122223333:function:{each.name}"
        )
        for each in fields(WorkflowFunctions)
    }
    TicketWorkflow(stack, "Ticket", config=DEV, functions=WorkflowFunctions(**functions), agents=pipeline())
    return assertions.Template.from_stack(stack)


@pytest.fixture(scope="module")
def definition(template: assertions.Template) -> Mapping[str, object]:
    (machine,) = resources(template, "AWS::StepFunctions::StateMachine").values()
    source = machine["DefinitionString"]
    assert isinstance(source, dict)
    _, parts = source["Fn::Join"]
    parsed: Mapping[str, object] = json.loads(
        "".join(part if isinstance(part, str) else "aws" for part in parts)
    )
    return parsed


@pytest.fixture(scope="module")
def states(definition: Mapping[str, object]) -> dict[str, State]:
    found = definition["States"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def task_states(states: dict[str, State]) -> dict[str, State]:
    return {name: state for name, state in states.items() if state["Type"] == "Task"}


def test_the_workflow_becomes_exactly_this_definition(
    definition: Mapping[str, object], template_snapshot: SnapshotAssertion
) -> None:
    assert definition == template_snapshot


def test_the_path_of_a_ticket_is_the_one_in_the_design(
    definition: Mapping[str, object], states: dict[str, State]
) -> None:
    path = [str(definition["StartAt"])]
    while following := states[path[-1]].get("Next"):
        path.append(str(following))
    assert path == [
        *("Preflight", "Discover", "Plan", "RequestApproval", "Execute"),
        *("DeliveryGate", "AwaitCI", "CI green?"),
    ]


def test_every_task_state_has_a_limit_of_time(task_states: dict[str, State]) -> None:
    assert not [
        name
        for name, state in task_states.items()
        if not {"TimeoutSeconds", "TimeoutSecondsPath"} & set(state)
    ]


def test_every_task_state_tries_again_what_may_succeed_later(task_states: dict[str, State]) -> None:
    for name, state in task_states.items():
        retries = state["Retry"]
        assert isinstance(retries, list), name
        retried = {error for each in retries for error in each["ErrorEquals"]}
        assert {*retryable_names(), "States.HeartbeatTimeout"} <= retried, name
        assert not {"States.ALL", "States.TaskFailed", "States.Timeout"} & retried, name


def test_every_error_reaches_the_state_that_ends_the_task(task_states: dict[str, State]) -> None:
    for name, state in task_states.items():
        if name == "EndTask":
            continue
        catches = state["Catch"]
        assert isinstance(catches, list), name
        assert catches[-1] == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "EndTask"}, (
            name
        )


def test_an_approval_that_nobody_gives_expires(states: dict[str, State]) -> None:
    catches = states["RequestApproval"]["Catch"]
    assert isinstance(catches, list)
    assert catches[0]["ErrorEquals"] == ["States.Timeout"]
    expired = states[catches[0]["Next"]]
    assert expired["Result"] == {
        "Error": "ApprovalExpired",
        "Cause": "Nobody decided on the plan before it expired.",
    }
    assert expired["Next"] == "EndTask"


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("Discover", Step.DISCOVER),
        ("Plan", Step.PLAN),
        ("Execute", Step.EXECUTE),
        ("FixCI", Step.FIX_CI),
    ],
)
def test_an_agent_step_beats_and_counts_its_attempts(
    states: dict[str, State], state: str, step: Step
) -> None:
    assert states[state]["HeartbeatSeconds"] == DEV.heartbeat_timeout_seconds
    parameters = states[state]["Parameters"]
    assert isinstance(parameters, dict)
    assert parameters["Payload"]["step"] == step.value
    assert parameters["Payload"]["attempt.$"] == "States.MathAdd($$.State.RetryCount, 1)"


def test_every_step_names_a_registered_agent() -> None:
    assert {step.agent for step in Step} <= set(AGENTS)


def test_red_ci_is_fixed_at_most_three_times_then_escalated(states: dict[str, State]) -> None:
    choice = states["CI green?"]
    assert choice["Choices"] == [
        {"Variable": "$.ci.state", "StringEquals": "success", "Next": "Finish"},
        {"Variable": "$.ci.round", "NumericGreaterThan": 3, "Next": "Escalate"},
    ]
    assert choice["Default"] == "FixCI"
    assert states["FixCI"]["Next"] == "DeliveryGate"
    assert states["Escalate"]["Next"] == "EndTask"
