"""Signs requests to an AgentCore gateway with the process's own AWS identity."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from functools import cached_property

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from slipway.domain.errors import UpstreamUnavailable

SERVICE = "bedrock-agentcore"
SIGNED_HEADERS = frozenset({"content-type", "accept", "mcp-session-id", "mcp-protocol-version"})
COPIED_HEADERS = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256")


class GatewayAuth(httpx.Auth):
    """Signature Version 4; credentials are looked up on first use and refreshed by botocore."""

    requires_request_body = True

    def __init__(self, session: boto3.Session | None = None) -> None:
        self._given = session

    @cached_property
    def _session(self) -> boto3.Session:
        return self._given or boto3.Session()

    @cached_property
    def _credentials(self) -> Credentials:
        found = self._session.get_credentials()
        if found is None:
            raise UpstreamUnavailable("no AWS credentials to sign gateway requests with")
        return found

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign one request."""
        port = request.url.port
        headers = {name: value for name, value in request.headers.items() if name.lower() in SIGNED_HEADERS}
        headers["Host"] = request.url.host if port in {None, 443} else f"{request.url.host}:{port}"
        headers["X-Amz-Content-SHA256"] = hashlib.sha256(request.content).hexdigest()
        signed = AWSRequest(
            method=request.method, url=str(request.url), data=request.content, headers=headers
        )
        SigV4Auth(self._credentials.get_frozen_credentials(), SERVICE, self._session.region_name).add_auth(
            signed
        )
        for name in COPIED_HEADERS:
            if name in signed.headers:
                request.headers[name] = signed.headers[name]
        yield request
