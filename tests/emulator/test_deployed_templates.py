from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator, eventually

pytestmark = pytest.mark.emulator


def table(**more: Any) -> dict[str, Any]:
    return {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        **more,
    }


def test_tables_keep_ttl_and_recovery(emulator: Emulator) -> None:
    recovery = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    replica = {"Region": REGION, **recovery}
    emulator.deploy(
        "tables",
        {
            "Resources": {
                "Plain": {
                    "Type": "AWS::DynamoDB::Table",
                    "Properties": table(TableName="plain", **recovery),
                },
                "Global": {
                    "Type": "AWS::DynamoDB::GlobalTable",
                    "Properties": table(TableName="global", Replicas=[replica]),
                },
            }
        },
    )
    client = emulator.client("dynamodb")
    for name in ("plain", "global"):
        ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_reference_of_a_secret_is_its_arn(emulator: Emulator) -> None:
    template: dict[str, Any] = {
        "Resources": {
            "Secret": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"Name": "slipway/jira", "SecretString": "one"},
            }
        },
        "Outputs": {"Ref": {"Value": {"Ref": "Secret"}}},
    }
    arn = emulator.deploy("secrets", template)["Ref"]
    assert arn.startswith(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:slipway/jira-")
    client = emulator.client("secretsmanager")
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "one"
    template["Resources"]["Secret"]["Properties"]["Description"] = "changed"
    assert emulator.deploy("secrets", template)["Ref"] == arn


def test_a_generated_secret_has_a_value_of_the_wanted_kind(emulator: Emulator) -> None:
    def secret(**wanted: Any) -> dict[str, Any]:
        return {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": wanted}}

    template = {
        "Resources": {"Any": secret(), "Plain": secret(ExcludePunctuation=True, PasswordLength=64)},
        "Outputs": {"Any": {"Value": {"Ref": "Any"}}, "Plain": {"Value": {"Ref": "Plain"}}},
    }
    outputs = emulator.deploy("generated", template)
    client = emulator.client("secretsmanager")
    values = {name: client.get_secret_value(SecretId=arn)["SecretString"] for name, arn in outputs.items()}
    assert len(values["Any"]) == 32
    assert len(values["Plain"]) == 64
    assert values["Plain"].isalnum()


def test_functions_and_state_machines_keep_their_settings(emulator: Emulator) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"
    template: dict[str, Any] = {
        "Resources": {
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": "kept-settings",
                    "Handler": "index.handler",
                    "Runtime": "python3.13",
                    "Role": f"arn:aws:iam::{ACCOUNT}:role/x",
                    "Code": {"ZipFile": "def handler(event, context): return 1"},
                    "ReservedConcurrentExecutions": 3,
                    "DeadLetterConfig": {"TargetArn": queue},
                },
            },
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "Definition": definition,
                    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/x",
                    "LoggingConfiguration": {"Level": "ERROR", "IncludeExecutionData": False},
                    "TracingConfiguration": {"Enabled": True},
                },
            },
        },
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"}}},
    }
    machine_arn = emulator.deploy("settings", template)["Machine"]
    client = emulator.client("lambda")
    assert client.get_function_concurrency(FunctionName="kept-settings")["ReservedConcurrentExecutions"] == 3
    configuration = client.get_function_configuration(FunctionName="kept-settings")
    assert configuration["DeadLetterConfig"] == {"TargetArn": queue}
    machine = emulator.client("stepfunctions").describe_state_machine(stateMachineArn=machine_arn)
    assert machine["loggingConfiguration"]["level"] == "ERROR"
    del template["Resources"]["Function"]["Properties"]["ReservedConcurrentExecutions"]
    emulator.deploy("settings", template)
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName="kept-settings")


def test_a_type_that_nothing_emulates_is_recorded_and_listed(emulator: Emulator) -> None:
    template = {
        "Resources": {
            "Group": {"Type": "AWS::XRay::Group", "Properties": {"GroupName": "slipway"}},
            "Source": {"Type": "AWS::Logs::DeliverySource", "Properties": {"Name": "traces"}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Group", "GroupARN"]}}},
    }
    emulator.deploy("observability", template)
    rows = {row["logical_id"]: row for row in emulator.ask("resources")[1] if row["stack"] == "observability"}
    assert {name: row["status"] for name, row in rows.items()} == {
        "Group": "recorded",
        "Source": "recorded",
        "Queue": "emulated",
    }


def test_gateways_are_told_with_their_targets_and_policies(emulator: Emulator) -> None:
    statement = 'permit(principal, action == AgentCore::Action::"github___get_commit", resource);'
    prefix = "AWS::BedrockAgentCore::"
    outputs = emulator.deploy(
        "gateway",
        {
            "Resources": {
                "Engine": {"Type": f"{prefix}PolicyEngine", "Properties": {"Name": "tools"}},
                "Allow": {
                    "Type": f"{prefix}Policy",
                    "Properties": {
                        "PolicyEngineId": {"Fn::GetAtt": ["Engine", "PolicyEngineId"]},
                        "Name": "allow_reading",
                        "Definition": {"Cedar": {"Statement": statement}},
                    },
                },
                "Gateway": {
                    "Type": f"{prefix}Gateway",
                    "Properties": {
                        "Name": "slipway-tools",
                        "AuthorizerType": "AWS_IAM",
                        "ProtocolType": "MCP",
                        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/gateway",
                        "PolicyEngineConfiguration": {
                            "Arn": {"Fn::GetAtt": ["Engine", "PolicyEngineArn"]},
                            "Mode": "ENFORCE",
                        },
                    },
                },
                "GitHub": {
                    "Type": f"{prefix}GatewayTarget",
                    "Properties": {
                        "GatewayIdentifier": {"Fn::GetAtt": ["Gateway", "GatewayIdentifier"]},
                        "Name": "github",
                        "TargetConfiguration": {
                            "Mcp": {"McpServer": {"Endpoint": "https://api.githubcopilot.com/mcp/"}}
                        },
                    },
                },
            },
            "Outputs": {
                "Url": {"Value": {"Fn::GetAtt": ["Gateway", "GatewayUrl"]}},
                "Id": {"Value": {"Fn::GetAtt": ["Gateway", "GatewayIdentifier"]}},
            },
        },
    )
    assert outputs["Url"] == f"http://127.0.0.1:9999/gateways/{outputs['Id']}/mcp"
    status, gateway = emulator.ask(f"gateways/{outputs['Id']}")
    assert status == 200
    assert (gateway["name"], gateway["mode"]) == ("slipway-tools", "ENFORCE")
    assert gateway["policies"] == [{"name": "allow_reading", "statement": statement}]
    [target] = gateway["targets"]
    assert target["name"] == "github"
    assert target["target_configuration"] == {
        "mcp": {"mcpServer": {"endpoint": "https://api.githubcopilot.com/mcp/"}}
    }
    assert [row["gateway_id"] for row in emulator.ask("gateways")[1]] == [outputs["Id"]]
    assert emulator.ask("gateways/unknown")[0] == 404


def test_a_bucket_is_filled_from_an_asset_and_emptied_on_deletion(emulator: Emulator) -> None:
    from tests.emulator.functions import archive

    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="sources", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="sources", Key="site.zip", Body=archive(**{"index.html": "<p>TOKEN</p>"}))
    template = {
        "Resources": {
            "Site": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "site"}},
            "Fill": {
                "Type": "Custom::CDKBucketDeployment",
                "Properties": {
                    "ServiceToken": "unused",
                    "DestinationBucketName": {"Ref": "Site"},
                    "SourceBucketNames": ["sources"],
                    "SourceObjectKeys": ["site.zip"],
                    "SourceMarkers": [{"TOKEN": "hello"}],
                },
            },
            "Empty": {
                "Type": "Custom::S3AutoDeleteObjects",
                "Properties": {"ServiceToken": "unused", "BucketName": {"Ref": "Site"}},
            },
        }
    }
    emulator.deploy("site", template)
    assert s3.get_object(Bucket="site", Key="index.html")["Body"].read() == b"<p>hello</p>"
    emulator.client("cloudformation").delete_stack(StackName="site")
    eventually(
        lambda: "site" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        within_seconds=15,
        what="bucket deleted",
    )


def test_budgets_composite_alarms_and_math_alarms_are_deployed(emulator: Emulator) -> None:
    metric = {"Namespace": "Slipway", "MetricName": "Failures"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    template = {
        "Resources": {
            "Budget": {
                "Type": "AWS::Budgets::Budget",
                "Properties": {
                    "Budget": {
                        "BudgetName": "month",
                        "BudgetType": "COST",
                        "TimeUnit": "MONTHLY",
                        "BudgetLimit": {"Amount": 100, "Unit": "USD"},
                    }
                },
            },
            "Math": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": "math",
                    "ComparisonOperator": "GreaterThanThreshold",
                    "EvaluationPeriods": 1,
                    "Threshold": 5,
                    "Metrics": [
                        {"Id": "m1", "MetricStat": stat, "ReturnData": False},
                        {"Id": "e1", "Expression": "m1 * 2"},
                    ],
                    "TreatMissingData": "notBreaching",
                },
            },
            "Any": {
                "Type": "AWS::CloudWatch::CompositeAlarm",
                "Properties": {"AlarmName": "any", "AlarmRule": "ALARM(math)"},
                "DependsOn": "Math",
            },
        }
    }
    emulator.deploy("operations", template)
    cloudwatch = emulator.client("cloudwatch")

    def states() -> dict[str, str]:
        found = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        return {
            alarm["AlarmName"]: alarm["StateValue"]
            for alarm in found["MetricAlarms"] + found["CompositeAlarms"]
        }

    eventually(lambda: states()["math"] == "OK", within_seconds=5, what="the math alarm is OK")
    cloudwatch.put_metric_data(Namespace="Slipway", MetricData=[{"MetricName": "Failures", "Value": 3}])
    eventually(
        lambda: states() == {**states(), "math": "ALARM", "any": "ALARM"},
        within_seconds=5,
        what="both alarms fire",
    )
    budget = emulator.client("budgets").describe_budget(AccountId=ACCOUNT, BudgetName="month")["Budget"]
    assert budget["BudgetLimit"]["Amount"] == "100"
