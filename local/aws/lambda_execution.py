"""Runs one Lambda invocation: size limits, client context, honest errors for callers and API Gateway."""

from __future__ import annotations

import base64
import contextvars
import json
from collections.abc import Mapping

from local.aws import patching
from local.aws.context import Context
from local.aws.lambda_workers import Record, is_python

PAYLOAD_LIMIT_BYTES = 6_291_556
"""Lambda's limit for the event and for the answer of a synchronous invocation."""
TOO_LARGE = "RequestTooLargeException"

_client_context: contextvars.ContextVar[dict[str, object] | None] = contextvars.ContextVar(
    "client_context", default=None
)


def install(context: Context) -> None:
    """Run Python functions through our workers and translate what they end with."""
    del context
    from ministack.core.responses import error_response_json
    from ministack.services import lambda_svc

    stock_execute = lambda_svc._execute_function_warm
    stock_proxy_response = lambda_svc.lambda_execute_result_to_api_proxy_response
    stock_invoke = lambda_svc._invoke

    def execute(func: Record, event: object, request_id: str) -> Record:
        config = func.get("config") or func
        code = func.get("code_zip")
        if not isinstance(config, dict) or not is_python(config) or not isinstance(code, bytes):
            unchanged: Record = stock_execute(func, event, request_id)
            return unchanged
        return _execute_python(config, code, event, request_id)

    def proxy_response(result: Record) -> tuple[Record | None, str | None]:
        body = result.get("body")
        if isinstance(body, dict) and body.get("errorType") == TOO_LARGE:
            message = '{"message":"Request Entity Too Large"}'
            return {"statusCode": 413, "headers": {"Content-Type": "application/json"}, "body": message}, None
        if result.get("error") and not (isinstance(body, dict) and "statusCode" in body):
            # API Gateway tells a caller nothing about a function that failed.
            return {
                "statusCode": 500,
                "headers": {"Content-Type": "application/json"},
                "body": '{"message":"Internal Server Error"}',
            }, None
        translated: tuple[Record | None, str | None] = stock_proxy_response(result)
        return translated

    async def invoke(
        name: str, event: object, headers: Mapping[str, str], *rest: object, **more: object
    ) -> object:
        if payload_size(event) > PAYLOAD_LIMIT_BYTES:
            return error_response_json(TOO_LARGE, too_large(payload_size(event)), 413)
        reset = _client_context.set(decode_client_context(headers.get("x-amz-client-context")))
        try:
            return await stock_invoke(name, event, headers, *rest, **more)
        finally:
            _client_context.reset(reset)

    patching.replace([lambda_svc], "_execute_function_warm", execute)
    patching.replace([lambda_svc], "lambda_execute_result_to_api_proxy_response", proxy_response)
    patching.replace([lambda_svc], "_invoke", invoke)


def payload_size(payload: object) -> int:
    """How many bytes a payload takes on the wire."""
    return len(json.dumps(payload, ensure_ascii=False).encode())


def too_large(size: int) -> str:
    """What AWS says of an event that is too large."""
    limit = f"limit {PAYLOAD_LIMIT_BYTES} bytes"
    return f"{size} byte payload is too large for the RequestResponse invocation type ({limit})"


def decode_client_context(header: str | None) -> dict[str, object] | None:
    """The client context of an Invoke call, if it is one."""
    if not header:
        return None
    try:
        document = json.loads(base64.b64decode(header, validate=True))
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _execute_python(config: Record, code: bytes, event: object, request_id: str) -> Record:
    from ministack.services import lambda_svc

    name, qualifier = str(config["FunctionName"]), str(config.get("Version", "$LATEST"))
    if (size := payload_size(event)) > PAYLOAD_LIMIT_BYTES:
        return {"body": {"errorType": TOO_LARGE, "errorMessage": too_large(size)}, "error": True, "log": ""}
    lambda_svc._ensure_reaper_thread()
    worker, _ = lambda_svc.acquire_worker(name, config, code, qualifier=qualifier)
    try:
        outcome = worker.run(
            {
                "request_id": request_id,
                "arn": config.get("FunctionArn", ""),
                "event": event,
                "trace_id": lambda_svc._xray_trace_id_for_invocation(config),
                "client_context": _client_context.get(),
            }
        )
    finally:
        lambda_svc.release_worker(worker)
    if outcome.error is None and payload_size(outcome.result) > PAYLOAD_LIMIT_BYTES:
        message = (
            f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT_BYTES} bytes)."
        )
        failure = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
        return {"body": failure, "error": True, "log": outcome.log}
    if outcome.error is None:
        return {"body": outcome.result, "log": outcome.log}
    return {"body": outcome.error, "error": True, "log": outcome.log}
