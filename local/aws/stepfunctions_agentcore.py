"""The Step Functions integration `aws-sdk:bedrockagentcore:invokeAgentRuntime`."""

from __future__ import annotations

import json
from typing import Any

from local.aws.context import Context
from local.aws.runtime_host import SESSION_HEADER, whole_answer

RESOURCE = "arn:aws:states:::aws-sdk:bedrockagentcore:invokeAgentRuntime"


def install(context: Context) -> None:
    """Add the integration."""
    del context
    from ministack.services import stepfunctions as service

    service._SERVICE_DISPATCH[RESOURCE] = invoke_agent_runtime


def invoke_agent_runtime(resource: str, arguments: dict[str, Any]) -> dict[str, object]:
    """Invoke an agent and give its body as a string, as the SDK integration does."""
    del resource
    from ministack.services import bedrock_agentcore
    from ministack.services import stepfunctions as service

    payload = arguments.get("Payload", {})
    body = payload if isinstance(payload, str) else json.dumps(payload)
    headers = {
        "content-type": arguments.get("ContentType", "application/json"),
        "accept": arguments.get("Accept", "application/json"),
    }
    if "RuntimeSessionId" in arguments:
        headers[SESSION_HEADER] = arguments["RuntimeSessionId"]
    query = {"qualifier": [arguments["Qualifier"]]} if arguments.get("Qualifier") else {}
    reset = whole_answer.set(True)
    try:
        status, reply_headers, reply = bedrock_agentcore._invoke_agent_runtime(
            arguments.get("AgentRuntimeArn"), headers, body.encode(), query
        )[:3]
    finally:
        whole_answer.reset(reset)
    if status >= 400:
        error = json.loads(reply or b"{}")
        code = str(error.get("__type") or reply_headers.get("x-amzn-errortype") or "RuntimeClientError")
        raise service._ExecutionError(exception_name(code), str(error.get("message", "")))
    return {
        "ContentType": reply_headers["Content-Type"],
        "Response": reply.decode("utf-8", "replace"),
        "RuntimeSessionId": reply_headers[SESSION_HEADER],
        "StatusCode": status,
    }


def exception_name(code: str) -> str:
    """The error name in a workflow: the Java SDK's exception of this service error."""
    name = code.rpartition("#")[2].partition(":")[0]
    return f"BedrockAgentCore.{name if name.endswith('Exception') else name + 'Exception'}"
