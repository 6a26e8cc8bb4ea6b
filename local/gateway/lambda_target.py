"""A Lambda function as a target: flat arguments in, the tool's name in the client context."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import mcp.types as mcp_types

from local.gateway.functions import FunctionFailed
from local.gateway.tools import Invocation, Result, failure, success

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from local.gateway.configuration import LambdaTarget
    from local.gateway.functions import Functions


class LambdaToolset:
    """The tools that one Lambda target declares."""

    def __init__(self, target: LambdaTarget, *, target_id: str, functions: Functions) -> None:
        """Invoke the target's function among `functions`."""
        self._target = target
        self._target_id = target_id
        self._functions = functions

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
        custom = {
            "bedrockAgentCoreToolName": f"{invocation.target}___{invocation.tool}",
            "bedrockAgentCoreGatewayId": invocation.gateway_id,
            "bedrockAgentCoreTargetId": self._target_id,
            "bedrockAgentCoreMcpMessageId": invocation.message_id,
            "bedrockAgentCoreAwsRequestId": str(uuid.uuid4()),
            "bedrockAgentCoreMessageVersion": "1.0",
        }
        try:
            return success(
                await asyncio.to_thread(
                    self._functions.invoke, self._target.lambda_arn, arguments, custom=custom
                )
            )
        except FunctionFailed as error:
            return failure(str(error))
