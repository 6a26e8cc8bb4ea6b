"""What the AWS adapters make of AWS's answers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.adapters.aws.metrics import EmfMetrics
from slipway.adapters.aws.runtimes import AgentCoreRuntimes
from slipway.adapters.aws.secrets import SecretsManagerSecrets
from slipway.adapters.aws.step_tokens import SfnStepTokens
from slipway.adapters.aws.workflow import SfnWorkflow
from slipway.domain.errors import (
    InvalidInput,
    NeedsHuman,
    Permanent,
    Throttled,
    UpstreamUnavailable,
)
from slipway.domain.metrics import Dimension, Metric
from slipway.domain.run import RunInvocation
from slipway.ports.step_tokens import StepGone

MACHINE = "arn:aws:states:eu-west-1:000000000000:stateMachine:slipway-dev-ticket"
RUNTIME = "arn:aws:bedrock-agentcore:eu-west-1:000000000000:runtime/dev_planning-abc"
INVOCATION = RunInvocation(task_id="eng-1", step="plan", attempt=2, request_key="k", task_token="t")
SESSION = "s" * 64


@pytest.fixture
def clients() -> Clients:
    return Clients()


@pytest.fixture
def stepfunctions(clients: Clients) -> Iterator[Stubber]:
    with Stubber(clients.stepfunctions) as stub:
        yield stub


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_nobody_waits_for_is_gone(clients: Clients, stepfunctions: Stubber, code: str) -> None:
    for call in ("send_task_success", "send_task_failure", "send_task_heartbeat"):
        stepfunctions.add_client_error(call, code, http_status_code=400)
    tokens = SfnStepTokens(clients=clients)
    with pytest.raises(StepGone):
        tokens.succeed("t", "{}")
    with pytest.raises(StepGone):
        tokens.fail("t", error="NeedsHuman", cause="why")
    with pytest.raises(StepGone):
        tokens.heartbeat("t")


def test_a_long_cause_is_cut_to_what_step_functions_takes(clients: Clients, stepfunctions: Stubber) -> None:
    wanted = {"taskToken": "t", "error": "NeedsHuman", "cause": "x" * 32_000}
    stepfunctions.add_response("send_task_failure", {}, wanted)
    SfnStepTokens(clients=clients).fail("t", error="NeedsHuman", cause="x" * 40_000)
    stepfunctions.assert_no_pending_responses()


def test_an_execution_that_exists_is_found_by_the_tasks_name(
    clients: Clients, stepfunctions: Stubber
) -> None:
    stepfunctions.add_client_error("start_execution", "ExecutionAlreadyExists", http_status_code=400)
    started = SfnWorkflow(clients=clients, state_machine_arn=MACHINE).start("eng-1", input_json="{}")
    assert started == "arn:aws:states:eu-west-1:000000000000:execution:slipway-dev-ticket:eng-1"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ThrottlingException", 400, Throttled),
        ("InternalError", 500, UpstreamUnavailable),
        ("AccessDeniedException", 400, Permanent),
    ],
)
def test_errors_find_their_branch(
    clients: Clients, stepfunctions: Stubber, code: str, status: int, error: type[Exception]
) -> None:
    stepfunctions.add_client_error("stop_execution", code, http_status_code=status)
    with pytest.raises(error, match="eng-1"):
        SfnWorkflow(clients=clients, state_machine_arn=MACHINE).stop("eng-1", error="Stopped", cause="x")


def test_silence_is_retryable() -> None:
    with pytest.raises(UpstreamUnavailable, match="did not answer"), mapped("asking"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")


def runtimes(clients: Clients) -> AgentCoreRuntimes:
    return AgentCoreRuntimes(clients=clients, arns={"planning": RUNTIME}, endpoint="live")


def answer(body: bytes) -> dict[str, object]:
    return {
        "response": StreamingBody(io.BytesIO(body), len(body)),
        "contentType": "application/json",
        "statusCode": 200,
    }


def test_a_run_is_handed_to_the_live_endpoint_of_its_agent(clients: Clients) -> None:
    wanted = {
        "agentRuntimeArn": RUNTIME,
        "qualifier": "live",
        "runtimeSessionId": SESSION,
        "contentType": "application/json",
        "accept": "application/json",
        "payload": INVOCATION.model_dump_json(by_alias=True).encode(),
    }
    with Stubber(clients.agentcore) as stub:
        stub.add_response("invoke_agent_runtime", answer(b'{"status": "accepted"}'), wanted)
        assert runtimes(clients).invoke("planning", INVOCATION, session_id=SESSION) == "accepted"


@pytest.mark.parametrize("body", [b"", b"oops", b"[]", b"{}"])
def test_a_runtime_that_answers_nonsense_is_tried_again(clients: Clients, body: bytes) -> None:
    with Stubber(clients.agentcore) as stub:
        stub.add_response("invoke_agent_runtime", answer(body))
        with pytest.raises(UpstreamUnavailable, match="without a status"):
            runtimes(clients).invoke("planning", INVOCATION, session_id=SESSION)


def test_a_runtime_that_crashed_is_tried_again(clients: Clients) -> None:
    with Stubber(clients.agentcore) as stub:
        stub.add_client_error("invoke_agent_runtime", "RuntimeClientError", http_status_code=424)
        with pytest.raises(UpstreamUnavailable, match=r"eng-1\.plan\.2"):
            runtimes(clients).invoke("planning", INVOCATION, session_id=SESSION)


def test_a_session_is_ended_at_the_endpoint_that_it_was_begun_at(clients: Clients) -> None:
    wanted = {"agentRuntimeArn": RUNTIME, "qualifier": "live", "runtimeSessionId": SESSION}
    with Stubber(clients.agentcore) as stub:
        stub.add_response("stop_runtime_session", {"runtimeSessionId": SESSION}, wanted)
        assert runtimes(clients).stop("planning", session_id=SESSION)
        stub.add_client_error("stop_runtime_session", "ResourceNotFoundException", http_status_code=404)
        assert not runtimes(clients).stop("planning", session_id=SESSION)
        stub.add_client_error("stop_runtime_session", "ThrottlingException", http_status_code=429)
        with pytest.raises(Throttled):
            runtimes(clients).stop("planning", session_id=SESSION)


def test_an_agent_without_a_runtime_is_named(clients: Clients) -> None:
    with pytest.raises(InvalidInput, match="cicd"):
        runtimes(clients).invoke("cicd", INVOCATION, session_id=SESSION)


JIRA = {
    "base_url": "https://jira.test",
    "cloud_id": "c",
    "email": "bot@acme.test",
    "api_token": "very-secret",
    "webhook_secrets": ["s"],
    "bot_account_id": "b",
}


@pytest.fixture
def secrets() -> Iterator[SecretsManagerSecrets]:
    with mock_aws():
        vault = boto3.client("secretsmanager")
        vault.create_secret(Name="jira", SecretString=json.dumps(JIRA))
        vault.create_secret(Name="github", SecretString="{}")
        yield SecretsManagerSecrets(
            clients=Clients(), github_secret="github", jira_secret="jira", slack_secret=""
        )


def test_a_connection_is_read_once_in_a_while(secrets: SecretsManagerSecrets) -> None:
    first = secrets.jira()
    assert first.api_token.get_secret_value() == "very-secret"
    boto3.client("secretsmanager").put_secret_value(
        SecretId="jira", SecretString=json.dumps(JIRA | {"email": "new@acme.test"})
    )
    assert secrets.jira() == first


def test_an_empty_connection_says_who_must_do_what(secrets: SecretsManagerSecrets) -> None:
    with pytest.raises(NeedsHuman, match=r"app_id.*put-secret-value --secret-id github"):
        secrets.github()
    with pytest.raises(NeedsHuman, match="SLIPWAY_SLACK_SECRET"):
        secrets.slack()


def test_a_broken_connection_is_never_quoted(secrets: SecretsManagerSecrets) -> None:
    broken = json.dumps(JIRA | {"webhook_secrets": "hunter2"})
    boto3.client("secretsmanager").put_secret_value(SecretId="jira", SecretString=broken)
    with pytest.raises(NeedsHuman) as refused:
        secrets.jira()
    assert "webhook_secrets" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_metric_is_one_line_that_cloudwatch_reads(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics(environment="dev").count(Metric.TASKS_ENDED, dimensions={Dimension.WORKFLOW: "ticket"})
    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Slipway"
    assert directive["Dimensions"] == [["Environment", "Workflow"]]
    assert (line["TasksEnded"], line["Environment"], line["Workflow"]) == (1.0, "dev", "ticket")
