"""A Lambda function as a target: flat arguments in, the tool's name in the client context."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
import mcp.types as mcp_types
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.gateway.tools import Invocation, Result, failure, success

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_lambda import LambdaClient
    from pydantic import JsonValue

    from local.gateway.configuration import GatewayConfiguration, LambdaTarget


class LambdaToolset:
    """The tools that one Lambda target declares."""

    def __init__(
        self, target: LambdaTarget, *, target_id: str, gateway: GatewayConfiguration, emulator_url: str
    ) -> None:
        """Invoke the target's function on the emulator at `emulator_url`."""
        self._target = target
        self._target_id = target_id
        self._gateway = gateway
        self._emulator_url = emulator_url

    @cached_property
    def _client(self) -> LambdaClient:
        # The emulator takes a twelve-digit key as the account; a real key is never used here.
        return boto3.client(
            "lambda",
            endpoint_url=self._emulator_url,
            region_name=self._gateway.region,
            aws_access_key_id=self._gateway.account,
            aws_secret_access_key="local",
            config=Config(retries={"max_attempts": 0}, read_timeout=900, connect_timeout=5),
        )

    def tools(self) -> Sequence[mcp_types.Tool]:
        """Describe the tools as the template declares them."""
        return [
            mcp_types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=tool.input_schema.model_dump(exclude_none=True),
            )
            for tool in self._target.tool_schema.inline_payload
        ]

    async def call(self, invocation: Invocation, arguments: Mapping[str, JsonValue]) -> Result:
        """Invoke the function and return what it answers."""
        return await asyncio.to_thread(self._invoke, invocation, arguments)

    def _invoke(self, invocation: Invocation, arguments: Mapping[str, JsonValue]) -> Result:
        context = {
            "custom": {
                "bedrockAgentCoreToolName": f"{invocation.target}___{invocation.tool}",
                "bedrockAgentCoreGatewayId": invocation.gateway_id,
                "bedrockAgentCoreTargetId": self._target_id,
                "bedrockAgentCoreMcpMessageId": invocation.message_id,
                "bedrockAgentCoreAwsRequestId": str(uuid.uuid4()),
                "bedrockAgentCoreMessageVersion": "1.0",
            }
        }
        try:
            answer = self._client.invoke(
                FunctionName=self._target.lambda_arn,
                Payload=json.dumps(dict(arguments)).encode(),
                ClientContext=base64.b64encode(json.dumps(context).encode()).decode(),
            )
            payload = answer["Payload"].read().decode()
        except (BotoCoreError, ClientError) as error:
            return failure(f"cannot invoke {self._target.lambda_arn}: {error}")
        if answer.get("FunctionError"):
            return failure(_error_message(payload))
        return success(payload)


def _error_message(payload: str) -> str:
    """Return what a failed function says about itself, without its stack trace."""
    try:
        document = json.loads(payload)
    except ValueError:
        return payload
    if isinstance(document, dict) and "errorMessage" in document:
        return f"{document.get('errorType', 'Error')}: {document['errorMessage']}"
    return payload
