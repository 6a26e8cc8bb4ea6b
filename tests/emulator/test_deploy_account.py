"""The ports of the deploy programs, against what the emulator holds."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from local.supervisor.emulator_client import emulator_session
from slipway.adapters.aws.account import AwsAccount
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.adapters.aws.teardown import AwsTeardown
from slipway.domain.errors import InvalidInput
from slipway.ports.account import Footprint, Remainder
from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator
STACK = "Slipway-trial-Data"
TEMPLATE = {
    "Resources": {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "Properties": {
                "BucketName": "slipway-trial-bucket",
                "VersioningConfiguration": {"Status": "Enabled"},
            },
        },
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "Slipway-trial-Tasks",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "DeletionProtectionEnabled": True,
            },
        },
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"Name": "slipway/trial/jira", "SecretString": "{}"},
        },
        "Logs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": "/aws/lambda/slipway-trial-x"},
        },
    },
    "Outputs": {"ApiUrl": {"Value": "https://api.example"}},
}
FOOTPRINT = Footprint(
    environment="trial",
    stack_prefix="Slipway-trial-",
    secret_prefix="slipway/trial/",
    key_alias_prefix="alias/slipway/trial",
    log_groups=("/aws/lambda/slipway-trial-",),
    runtimes=("trial_discovery",),
    identities=("trial_discovery-",),
)


@pytest.fixture(scope="module")
def operator(emulator: Emulator) -> Iterator[OperatorClients]:
    clients = Clients(session=emulator_session(), endpoint_url=emulator.url)
    operator = OperatorClients(clients)
    yield operator
    operator.close()


@pytest.fixture(scope="module")
def account(operator: OperatorClients, emulator: Emulator) -> AwsAccount:
    emulator.deploy(STACK, TEMPLATE)
    return AwsAccount(operator=operator)


@pytest.fixture(scope="module")
def teardown(operator: OperatorClients) -> AwsTeardown:
    return AwsTeardown(operator=operator)


def test_the_caller_and_the_region_are_known(account: AwsAccount) -> None:
    assert account.caller().account == "000000000000"
    assert account.region == "eu-west-1"


def test_an_account_without_bootstrap_has_no_version(account: AwsAccount) -> None:
    assert account.bootstrap_version() is None


def test_a_deployed_stack_tells_its_status_outputs_and_template(account: AwsAccount) -> None:
    stack = account.stack(STACK)
    assert stack is not None
    assert (stack.status, stack.outputs["ApiUrl"]) == ("CREATE_COMPLETE", "https://api.example")
    assert json.loads(account.template(STACK))["Resources"].keys() == TEMPLATE["Resources"].keys()
    assert account.stack("Slipway-trial-Never") is None


def test_a_deployed_stack_lists_what_it_holds(account: AwsAccount) -> None:
    held = {resource.logical_id: resource.physical_id for resource in account.stack_resources(STACK)}
    assert held["Bucket"] == "slipway-trial-bucket"
    assert held.keys() == TEMPLATE["Resources"].keys()


@pytest.mark.parametrize(
    ("kind", "name", "taken"),
    [
        ("AWS::Logs::LogGroup", "/aws/lambda/slipway-trial-x", True),
        ("AWS::Logs::LogGroup", "/aws/lambda/slipway-trial", False),
        ("AWS::SecretsManager::Secret", "slipway/trial/jira", True),
        ("AWS::SecretsManager::Secret", "slipway/trial/github", False),
        ("AWS::Lambda::Function", "slipway-trial-x", False),
        ("AWS::StepFunctions::StateMachine", "slipway-trial-ticket", False),
        ("AWS::BedrockAgentCore::Runtime", "trial_discovery", False),
    ],
)
def test_names_are_taken_or_free(account: AwsAccount, kind: str, name: str, taken: bool) -> None:
    assert account.is_taken(kind, name) is taken


def test_a_secret_is_empty_until_it_is_filled(account: AwsAccount) -> None:
    assert account.secret_state("slipway/trial/jira") == "empty"
    account.store_secret("slipway/trial/jira", '{"email": "bot@acme.example"}')
    assert account.secret_state("slipway/trial/jira") == "filled"
    assert account.secret_state("slipway/trial/never") == "missing"


def test_an_environment_is_found_by_its_names_and_removed_until_nothing_is_left(
    account: AwsAccount, teardown: AwsTeardown, operator: OperatorClients
) -> None:
    s3 = operator.clients.s3
    for body in (b"one", b"two"):
        s3.put_object(Bucket="slipway-trial-bucket", Key="a", Body=body)
    s3.delete_object(Bucket="slipway-trial-bucket", Key="a")
    assert {str(each) for each in teardown.remains(FOOTPRINT)} == {
        f"stack {STACK}",
        "bucket slipway-trial-bucket",
        "table Slipway-trial-Tasks",
        "secret slipway/trial/jira",
        "log group /aws/lambda/slipway-trial-x",
    }
    assert teardown.empty_bucket("slipway-trial-bucket") == 3
    assert teardown.unprotect_table("Slipway-trial-Tasks") is True
    assert teardown.unprotect_table("Slipway-trial-Tasks") is False
    operator.clients.cloudformation.delete_stack(StackName=STACK)
    operator.clients.cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    operator.logs.create_log_group(logGroupName="/aws/lambda/slipway-trial-late")
    left = teardown.remains(FOOTPRINT)
    assert [str(each) for each in left if not each.removable] == ["bucket slipway-trial-bucket"]
    teardown.delete("AWS::S3::Bucket", "slipway-trial-bucket")
    for remainder in left:
        if remainder.removable:
            teardown.remove(remainder)
    assert teardown.remains(FOOTPRINT) == []


def test_what_is_gone_already_is_fine(teardown: AwsTeardown) -> None:
    assert teardown.empty_bucket("slipway-trial-never") == 0
    teardown.remove(Remainder(kind="log group", name="/aws/lambda/slipway-trial-never", removable=True))


def test_a_type_that_cannot_be_deleted_is_named(teardown: AwsTeardown) -> None:
    with pytest.raises(InvalidInput, match=r"AWS::EC2::Instance i-1 .* by hand"):
        teardown.delete("AWS::EC2::Instance", "i-1")
