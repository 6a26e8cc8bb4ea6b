from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.agents import template, upload
from tests.emulator.emulator_process import Emulator, eventually
from tests.emulator.functions import ensure_function

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> str:
    return ensure_function(emulator, "workflow-task")


def start(emulator: Emulator, definition: dict[str, Any], input: dict[str, Any] | None = None) -> str:
    client = emulator.client("stepfunctions")
    machine = client.create_state_machine(
        name=f"m-{uuid.uuid4()}",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::000000000000:role/x",
    )["stateMachineArn"]
    arn: str = client.start_execution(stateMachineArn=machine, input=json.dumps(input or {}))["executionArn"]
    return arn


def describe(emulator: Emulator, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = emulator.client("stepfunctions").describe_execution(executionArn=arn)
    return found


def finish(emulator: Emulator, arn: str, *, within_seconds: float = 20) -> dict[str, Any]:
    eventually(
        lambda: describe(emulator, arn)["status"] != "RUNNING",
        within_seconds=within_seconds,
        what=f"execution {arn} ended",
    )
    return describe(emulator, arn)


def task(function: str, payload: dict[str, Any], *, waits: bool = False, **more: Any) -> dict[str, Any]:
    resource = "arn:aws:states:::lambda:invoke" + (".waitForTaskToken" if waits else "")
    state = {
        "Type": "Task",
        "Resource": resource,
        "Parameters": {"FunctionName": function, "Payload": payload},
    }
    return {**state, **({} if "Next" in more else {"End": True}), **more}


def machine(state: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state, **others}}


TOKEN = {"token.$": "$$.Task.Token"}


def test_an_error_is_caught_by_its_own_name(emulator: Emulator, function: str) -> None:
    catch = [
        {"ErrorEquals": ["PoisonError"], "Next": "Named"},
        {"ErrorEquals": ["States.ALL"], "Next": "Other"},
    ]
    definition = machine(
        task(function, {"do": "raise"}, Catch=catch),
        Named={"Type": "Pass", "Result": "named", "End": True},
        Other={"Type": "Pass", "Result": "other", "End": True},
    )
    assert json.loads(finish(emulator, start(emulator, definition))["output"]) == "named"


def test_a_retry_by_name_retries_that_error_only(emulator: Emulator, function: str) -> None:
    retry = [{"ErrorEquals": ["PoisonError"], "IntervalSeconds": 0, "MaxAttempts": 2}]
    arn = start(emulator, machine(task(function, {"do": "raise"}, Retry=retry)))
    assert finish(emulator, arn)["error"] == "PoisonError"
    history = emulator.client("stepfunctions").get_execution_history(executionArn=arn)["events"]
    assert [event["type"] for event in history].count("TaskScheduled") == 3


def test_a_callback_completes_the_task(emulator: Emulator, function: str) -> None:
    arn = start(emulator, machine(task(function, {"do": "complete", **TOKEN}, waits=True)))
    assert json.loads(finish(emulator, arn)["output"]) == {"by": "lambda"}


def test_a_callback_fails_the_task_by_name(emulator: Emulator, function: str) -> None:
    arn = start(emulator, machine(task(function, {"do": "fail", **TOKEN}, waits=True)))
    found = finish(emulator, arn)
    assert (found["error"], found["cause"]) == ("OwnError", "told so")


def test_a_function_that_fails_ends_the_wait_for_its_token(emulator: Emulator, function: str) -> None:
    arn = start(emulator, machine(task(function, {"do": "raise", **TOKEN}, waits=True, TimeoutSeconds=60)))
    assert finish(emulator, arn)["error"] == "PoisonError"


def test_a_missing_heartbeat_ends_the_wait(emulator: Emulator, function: str) -> None:
    state = task(function, {**TOKEN}, waits=True, HeartbeatSeconds=1, TimeoutSeconds=60)
    assert finish(emulator, start(emulator, machine(state)))["error"] == "States.HeartbeatTimeout"


def test_a_task_times_out(emulator: Emulator, function: str) -> None:
    waiting = task(function, {**TOKEN}, waits=True, TimeoutSeconds=1)
    running = task(function, {"do": "sleep", "seconds": 5}, TimeoutSeconds=1)
    for state in (waiting, running):
        assert finish(emulator, start(emulator, machine(state)))["error"] == "States.Timeout"


def token_of(emulator: Emulator, key: str) -> str:
    """The token that a workflow wrote into the table of tokens."""
    table = emulator.client("dynamodb")
    eventually(
        lambda: "Item" in table.get_item(TableName="tokens", Key={"id": {"S": key}}),
        within_seconds=10,
        what=f"token of {key}",
    )
    token: str = table.get_item(TableName="tokens", Key={"id": {"S": key}})["Item"]["token"]["S"]
    return token


def waiting_machine(key: str, **more: Any) -> dict[str, Any]:
    parameters = {"TableName": "tokens", "Item": {"id": {"S": key}, "token": {"S.$": "$$.Task.Token"}}}
    resource = "arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken"
    return machine({"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **more})


@pytest.fixture(scope="module")
def tokens(emulator: Emulator) -> None:
    emulator.client("dynamodb").create_table(
        TableName="tokens",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_heartbeats_keep_a_task_alive(emulator: Emulator, tokens: None) -> None:
    client = emulator.client("stepfunctions")
    arn = start(emulator, waiting_machine("beating", HeartbeatSeconds=1))
    token = token_of(emulator, "beating")
    started = time.monotonic()
    while time.monotonic() - started < 2:
        client.send_task_heartbeat(taskToken=token)
        time.sleep(0.2)
    client.send_task_success(taskToken=token, output='{"ok": true}')
    assert json.loads(finish(emulator, arn)["output"]) == {"ok": True}


def test_only_the_first_completion_counts(emulator: Emulator, tokens: None) -> None:
    client = emulator.client("stepfunctions")
    arn = start(emulator, waiting_machine("once"))
    token = token_of(emulator, "once")
    client.send_task_success(taskToken=token, output='"first"')
    with pytest.raises(client.exceptions.TaskTimedOut):
        client.send_task_failure(taskToken=token, error="Late")
    assert json.loads(finish(emulator, arn)["output"]) == "first"
    with pytest.raises(client.exceptions.TaskTimedOut):
        client.send_task_heartbeat(taskToken=token)
    with pytest.raises(ClientError, match="TaskDoesNotExist"):
        client.send_task_success(taskToken="never-issued", output="{}")


def test_a_stopped_execution_ends_at_once_and_closes_its_token(emulator: Emulator, tokens: None) -> None:
    client = emulator.client("stepfunctions")
    arn = start(emulator, waiting_machine("stopped"))
    token = token_of(emulator, "stopped")
    client.stop_execution(executionArn=arn, error="Stopped", cause="a person said so")
    found = describe(emulator, arn)
    assert (found["status"], found["error"]) == ("ABORTED", "Stopped")

    def is_refused() -> bool:
        try:
            client.send_task_heartbeat(taskToken=token)
        except client.exceptions.TaskTimedOut:
            return True
        return False

    eventually(is_refused, within_seconds=2, what="the token is closed")
    assert describe(emulator, arn)["status"] == "ABORTED"


def test_a_stopped_execution_enters_no_further_state(emulator: Emulator, function: str) -> None:
    definition = machine({"Type": "Wait", "Seconds": 60, "Next": "B"}, B=task(function, {"do": "raise"}))
    client = emulator.client("stepfunctions")
    arn = start(emulator, definition)
    client.stop_execution(executionArn=arn)
    found = finish(emulator, arn)
    history = client.get_execution_history(executionArn=arn)["events"]
    assert found["status"] == "ABORTED"
    assert [event["type"] for event in history][-1] == "ExecutionAborted"


def test_the_machines_time_limit_ends_the_execution(emulator: Emulator) -> None:
    definition = {**machine({"Type": "Wait", "Seconds": 60, "End": True}), "TimeoutSeconds": 1}
    found = finish(emulator, start(emulator, definition))
    assert (found["status"], found["error"]) == ("TIMED_OUT", "States.Timeout")


def test_a_retried_task_gets_a_new_token(emulator: Emulator, tokens: None) -> None:
    client = emulator.client("stepfunctions")
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 0, "MaxAttempts": 1}]
    arn = start(emulator, waiting_machine("retried", Retry=retry))
    first = token_of(emulator, "retried")
    client.send_task_failure(taskToken=first, error="Again")
    eventually(lambda: token_of(emulator, "retried") != first, within_seconds=5, what="a second token")
    with pytest.raises(client.exceptions.TaskTimedOut):
        client.send_task_success(taskToken=first, output="1")
    client.send_task_success(taskToken=token_of(emulator, "retried"), output="2")
    assert finish(emulator, arn)["output"] == "2"


def test_a_result_beyond_the_limit_is_an_error_that_states_all_does_not_catch(
    emulator: Emulator, function: str
) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    definition = machine(
        task(function, {"filler.$": "$.filler"}, ResultPath="$.again", Catch=catch),
        Caught={"Type": "Pass", "End": True},
    )
    found = finish(emulator, start(emulator, definition, {"filler": "x" * 140_000}))
    assert (found["status"], found["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_a_workflow_invokes_an_agent(emulator: Emulator) -> None:
    arn = emulator.deploy("workflow-agent", template(upload(emulator, version="flow"), name="flow"))["Arn"]
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:bedrockagentcore:invokeAgentRuntime",
        "Parameters": {
            "AgentRuntimeArn": arn,
            "Qualifier": "live",
            "RuntimeSessionId.$": "States.Format('workflow-session-{}', $$.Execution.Name)",
            "Payload": {"do.$": "$.do"},
        },
        "ResultSelector": {"body.$": "States.StringToJson($.Response)"},
        "End": True,
    }
    answer = json.loads(finish(emulator, start(emulator, machine(state), {"do": "nothing"}))["output"])
    assert answer["body"]["version"] == "flow"
    failed = finish(emulator, start(emulator, machine(state), {"do": "refuse"}))
    assert failed["error"] == "BedrockAgentCore.RuntimeClientErrorException"


def test_parallel_branches_wait_for_their_own_tokens(emulator: Emulator, tokens: None) -> None:
    branches = [waiting_machine("left"), waiting_machine("right")]
    arn = start(emulator, machine({"Type": "Parallel", "Branches": branches, "End": True}))
    client = emulator.client("stepfunctions")
    for key in ("right", "left"):
        client.send_task_success(taskToken=token_of(emulator, key), output=json.dumps(key))
    assert json.loads(finish(emulator, arn)["output"]) == ["left", "right"]


def test_jsonata_tasks_catch_and_assign(emulator: Emulator, function: str) -> None:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "A",
        "States": {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": function, "Payload": {"do": "raise"}},
                "Catch": [
                    {
                        "ErrorEquals": ["PoisonError"],
                        "Assign": {"seen": "{% $states.errorOutput.Error %}"},
                        "Next": "B",
                    }
                ],
                "End": True,
            },
            "B": {"Type": "Pass", "Output": "{% $seen %}", "End": True},
        },
    }
    assert json.loads(finish(emulator, start(emulator, definition))["output"]) == "PoisonError"
