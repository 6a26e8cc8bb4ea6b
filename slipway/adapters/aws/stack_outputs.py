"""Reads what a deployed CloudFormation stack says about itself."""

from __future__ import annotations

from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import code, mapped
from slipway.domain.errors import NeedsHuman, NotFound


def stack_outputs(name: str, clients: Clients) -> dict[str, str]:
    """Output keys and values of the stack in the clients' account and region."""
    with mapped(f"reading the outputs of stack {name}"):
        try:
            client = clients.cloudformation
        except NoRegionError as error:
            raise NeedsHuman("no AWS region is chosen; set AWS_REGION") from error
        try:
            stack = client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if code(error) == "ValidationError":
                raise NotFound(f"stack {name} is not deployed in region {client.meta.region_name}") from error
            raise
        except NoCredentialsError as error:
            raise NeedsHuman("no AWS credentials were found; sign in first, or set AWS_PROFILE") from error
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
