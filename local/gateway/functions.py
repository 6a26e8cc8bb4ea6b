"""Lambda functions that a deployed gateway names, invoked on the emulator."""

from __future__ import annotations

import base64
import json
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_lambda import LambdaClient
    from pydantic import JsonValue

    from local.gateway.configuration import GatewayConfiguration


class FunctionFailed(Exception):
    """A function could not be invoked, or raised; the message is what it says about itself."""


class Functions:
    """The functions of one gateway's account and region."""

    def __init__(self, gateway: GatewayConfiguration, *, emulator_url: str) -> None:
        """Invoke on the emulator at `emulator_url`."""
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

    def invoke(
        self, arn: str, event: Mapping[str, JsonValue], *, custom: Mapping[str, str] | None = None
    ) -> str:
        """Invoke a function and return its answer as JSON text; `custom` goes into the client context."""
        context = {"custom": dict(custom or {})}
        try:
            answer = self._client.invoke(
                FunctionName=arn,
                Payload=json.dumps(dict(event)).encode(),
                ClientContext=base64.b64encode(json.dumps(context).encode()).decode(),
            )
            payload = answer["Payload"].read().decode()
        except (BotoCoreError, ClientError) as error:
            raise FunctionFailed(f"cannot invoke {arn}: {error}") from error
        if answer.get("FunctionError"):
            raise FunctionFailed(_error_message(payload))
        return payload


def _error_message(payload: str) -> str:
    """Return what a failed function says about itself, without its stack trace."""
    try:
        document = json.loads(payload)
    except ValueError:
        return payload
    if isinstance(document, dict) and "errorMessage" in document:
        return f"{document.get('errorType', 'Error')}: {document['errorMessage']}"
    return payload
