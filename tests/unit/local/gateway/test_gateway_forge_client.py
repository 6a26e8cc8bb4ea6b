"""How the tools use an App's token, and what they make of a job's log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.gateway.github import github_server
from local.gateway.github.client import Forge
from local.gateway.tools import Invocation, Result

LOG = "".join(f"2026-01-01T00:00:00.0000000Z line {number}\n" for number in range(1, 701))


@dataclass
class StubForge:
    """Gives tokens that live as long as a test says, and has one failed and one good job."""

    public_key: object
    token_minutes: float = 60
    tokens: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    refuse: int = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, given = request.url.path, request.headers.get("authorization", "").removeprefix("Bearer ")
        self.seen.append((request.method, path, given))
        if path.endswith("/access_tokens"):
            assert jwt.decode(given, self.public_key, algorithms=["RS256"])["iss"] == "7"
            self.tokens += 1
            expires = datetime.now(UTC) + timedelta(minutes=self.token_minutes)
            return httpx.Response(201, json={"token": f"t{self.tokens}", "expires_at": expires.isoformat()})
        if self.refuse:
            return httpx.Response(self.refuse, json={"message": "Bad credentials"})
        if path.endswith("/jobs"):
            jobs = [
                {"id": 1, "name": "lint", "conclusion": "success"},
                {"id": 2, "name": "test", "conclusion": "failure"},
            ]
            return httpx.Response(200, json={"total_count": 2, "jobs": jobs})
        if path.endswith("/logs"):
            return httpx.Response(302, headers={"Location": "http://forge/_logs/2"})
        return httpx.Response(200, text=LOG) if path == "/_logs/2" else httpx.Response(200, json=[])


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def forge(key: rsa.RSAPrivateKey) -> StubForge:
    return StubForge(public_key=key.public_key())


@pytest.fixture
def call(forge: StubForge, key: rsa.RSAPrivateKey, tmp_path: Path) -> Callable[..., list[Result]]:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    credentials = tmp_path / "credentials.json"
    app = {"app_id": "7", "installation_id": "9", "private_key": pem.decode(), "organization": "octo"}
    credentials.write_text(json.dumps(app))

    def run(tool: str, *, times: int = 1, **arguments: object) -> list[Result]:
        async def called() -> list[Result]:
            transport = httpx.MockTransport(forge.answer)
            async with httpx.AsyncClient(
                verify=False, base_url="http://forge", transport=transport
            ) as client:
                server = github_server(Forge(client, credentials))
                given = {"owner": "octo", "repo": "shop", **arguments}
                return [await server.call(Invocation("g", "github", tool, "1"), given) for _ in range(times)]

        return asyncio.run(called())

    return run


def test_one_token_serves_many_calls(forge, call) -> None:
    call("list_branches", times=3)
    assert forge.tokens == 1
    assert [token for _, path, token in forge.seen if path.endswith("/branches")] == ["t1"] * 3


def test_a_token_is_renewed_before_it_expires(forge, call) -> None:
    forge.token_minutes = 4
    call("list_branches", times=2)
    assert forge.tokens == 2


def test_a_revoked_token_is_not_used_again(forge, call) -> None:
    forge.refuse = 401
    first, _ = call("list_branches", times=2)
    assert "401 Bad credentials" in first.content[0].text
    assert forge.tokens == 2


def test_the_logs_of_failed_jobs_come_as_their_last_lines(call) -> None:
    result = call("get_job_logs", run_id=5, failed_only=True, return_content=True)[0]
    logs = json.loads(result.content[0].text)
    assert (logs["total_jobs"], logs["failed_jobs"], logs["message"]) == (
        2,
        1,
        "Retrieved logs for 1 failed jobs",
    )
    log = logs["logs"][0]
    assert (log["job_id"], log["job_name"], log["original_length"]) == (2, "test", 700)
    assert len(log["logs_content"].splitlines()) == 500
    assert log["logs_content"].endswith("line 700")


def test_a_jobs_log_is_shortened_to_what_is_asked_for(call) -> None:
    result = call("get_job_logs", job_id=2, return_content=True, tail_lines=2)[0]
    assert len(json.loads(result.content[0].text)["logs_content"].splitlines()) == 2


def test_without_content_the_logs_address_is_given(call) -> None:
    result = call("get_job_logs", job_id=2)[0]
    assert json.loads(result.content[0].text)["logs_url"] == "http://forge/_logs/2"


def test_names_are_quoted_in_the_path(forge, call) -> None:
    call("get_commit", sha="fix/what?#1")
    assert any(path.endswith("/commits/fix/what?#1") for _, path, _ in forge.seen)
