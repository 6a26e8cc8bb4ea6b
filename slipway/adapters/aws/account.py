"""The account that a deploy goes into, over the operator's own credentials."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from botocore.exceptions import BotoCoreError, ClientError

from slipway.adapters.aws.failures import code, mapped
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.domain.errors import NeedsHuman, NotFound
from slipway.ports.account import Caller, HeldResource, HeldStack, SecretState

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_NO_WORK = b'{"ping": true}'
_REFUSED = "422"


@dataclass(frozen=True, kw_only=True)
class AwsAccount:
    """One region."""

    operator: OperatorClients

    @property
    def region(self) -> str:
        """The clients' region."""
        return self.operator.region

    def caller(self) -> Caller:
        """Account and principal."""
        try:
            answer = self.operator.sts.get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            raise NeedsHuman(
                f"no usable AWS credentials ({type(error).__name__}: {error}); set AWS_PROFILE or log in, "
                "for example with `aws sso login`"
            ) from error
        return Caller(account=answer["Account"], arn=answer["Arn"])

    def bootstrap_version(self) -> int | None:
        """The version that CDK's bootstrap stack wrote down."""
        try:
            found = self.operator.ssm.get_parameter(Name=BOOTSTRAP_PARAMETER)
        except ClientError as error:
            if code(error) == "ParameterNotFound":
                return None
            raise
        return int(found["Parameter"]["Value"])

    def quota(self, service: str, code: str) -> float:
        """The value applied to this account."""
        with mapped(f"reading quota {code} of {service}"):
            answer = self.operator.quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
        return float(answer["Quota"]["Value"])

    def model_access(self, profile_id: str) -> str:
        """The profile must be active, and its model agreed to and authorised."""
        bedrock = self.operator.bedrock
        try:
            with mapped(f"reading inference profile {profile_id}"):
                profile = bedrock.get_inference_profile(inferenceProfileIdentifier=profile_id)
        except NotFound:
            return f"{profile_id} does not exist in {self.region}"
        if profile["status"] != "ACTIVE":
            return f"{profile_id} is {profile['status']}"
        model = profile["models"][0]["modelArn"].rpartition("/")[2]
        with mapped(f"reading access to {model}"):
            access = bedrock.get_foundation_model_availability(modelId=model)
        missing = [
            name
            for name, fine in (
                ("its agreement", access["agreementAvailability"]["status"] == "AVAILABLE"),
                ("authorisation", access["authorizationStatus"] == "AUTHORIZED"),
                ("entitlement", access["entitlementAvailability"] == "AVAILABLE"),
                ("this region", access["regionAvailability"] == "AVAILABLE"),
            )
            if not fine
        ]
        return f"{model} lacks {', '.join(missing)}" if missing else ""

    def stack(self, name: str) -> HeldStack | None:
        """The stack as it is now."""
        try:
            found = self.operator.clients.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if code(error) == "ValidationError":
                return None
            raise
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
        return HeldStack(name=name, status=found["StackStatus"], outputs=outputs)

    def template(self, stack: str) -> str:
        """JSON text."""
        with mapped(f"reading the template of {stack}"):
            body: object = self.operator.clients.cloudformation.get_template(
                StackName=stack, TemplateStage="Original"
            )["TemplateBody"]
        return body if isinstance(body, str) else json.dumps(body)

    def stack_resources(self, stack: str) -> Sequence[HeldResource]:
        """All pages."""
        with mapped(f"listing the resources of {stack}"):
            paginator = self.operator.clients.cloudformation.get_paginator("list_stack_resources")
            pages = paginator.paginate(StackName=stack)
            return [
                HeldResource(
                    kind=each["ResourceType"],
                    logical_id=each["LogicalResourceId"],
                    physical_id=each.get("PhysicalResourceId", ""),
                )
                for page in pages
                for each in page["StackResourceSummaries"]
                if each["ResourceStatus"] != "DELETE_COMPLETE"
            ]

    def is_taken(self, kind: str, name: str) -> bool:
        """For the types whose names we choose."""
        return self._taken[kind](name)

    def secret_state(self, name: str) -> SecretState:
        """Read to tell a filled secret from the empty one that a deploy makes; the value goes nowhere."""
        client = self.operator.clients.secretsmanager
        try:
            with mapped(f"describing secret {name}"):
                described = client.describe_secret(SecretId=name)
            if described.get("DeletedDate"):
                return "being deleted"
            with mapped(f"reading secret {name}"):
                text = client.get_secret_value(SecretId=name)["SecretString"]
        except NotFound:
            return "missing"
        return "filled" if text.strip() not in {"", "{}"} and '"unset"' not in text else "empty"

    def store_secret(self, name: str, text: str) -> None:
        """A new version of a secret that a deploy made."""
        with mapped(f"filling secret {name}"):
            self.operator.clients.secretsmanager.put_secret_value(SecretId=name, SecretString=text)

    def state_machine_status(self, arn: str) -> str:
        """ACTIVE when it can start."""
        with mapped(f"describing state machine {arn}"):
            machine = self.operator.clients.stepfunctions.describe_state_machine(stateMachineArn=arn)
        return machine["status"]

    def wake_agent(self, runtime_arn: str, endpoint: str) -> str:
        """Our agents refuse what is no run with status 422: then code, role and start-up are right."""
        try:
            answer = self.operator.clients.agentcore.invoke_agent_runtime(
                agentRuntimeArn=runtime_arn,
                qualifier=endpoint,
                # A new session: one that still lives would answer with the code it was started with.
                runtimeSessionId=f"slipway-smoke-test-{uuid.uuid4().hex}",
                contentType="application/json",
                accept="application/json",
                payload=_NO_WORK,
            )
        except ClientError as error:
            said = error.response.get("Error", {}).get("Message", "")
            status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
            # Of a process that did not start, the last line is its error.
            last = said.strip().splitlines()[-1:] or ["no reason given"]
            return "" if _REFUSED in said or status == _REFUSED else f"{code(error)}: {last[0]}"
        except BotoCoreError as error:
            return f"no answer ({type(error).__name__})"
        status = str(answer.get("statusCode", ""))
        return "" if status == _REFUSED else f"it answered {status} to a request that is no run"

    @cached_property
    def _taken(self) -> Mapping[str, Callable[[str], bool]]:
        workflows = self.operator.clients.stepfunctions
        return {
            "AWS::Lambda::Function": lambda name: self._exists(
                lambda: self.operator.functions.get_function_configuration(FunctionName=name)
            ),
            "AWS::SecretsManager::Secret": lambda name: self.secret_state(name) != "missing",
            "AWS::Logs::LogGroup": lambda name: any(
                group["logGroupName"] == name
                for group in self.operator.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
            ),
            "AWS::StepFunctions::StateMachine": lambda name: any(
                machine["name"] == name
                for page in workflows.get_paginator("list_state_machines").paginate()
                for machine in page["stateMachines"]
            ),
            "AWS::BedrockAgentCore::Runtime": lambda name: any(
                runtime["agentRuntimeName"] == name
                for page in self.operator.agentcore_control.get_paginator("list_agent_runtimes").paginate()
                for runtime in page["agentRuntimes"]
            ),
        }

    def _exists(self, ask: Callable[[], object]) -> bool:
        try:
            with mapped("looking for a name"):
                ask()
        except NotFound:
            return False
        return True
