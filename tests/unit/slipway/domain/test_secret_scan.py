"""Credentials are found, by shape or by looking random where a credential is named; ordinary code is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.domain.secret_scan import scan, scan_values, without_credentials

ROOT = Path(__file__).resolve().parents[4]
TEXTS = {".py", ".md", ".toml", ".lock", ".yml", ".json"}
# Written in two parts, so that no scanner of this repository takes them for real.
BODY = "Zq7Lw0Xc9Vb3Nm5Tr8Ky2Hd6Jf4Gs1Pa0Qe9Wr8T"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AKIA" + "Q7Z5LW0XC9VB3NM5", "AWS access key id"),
        (
            "aws_secret_access_key = " + "Zq7Lw0Xc/9Vb3Nm5Tr8Ky+2Hd6Jf4Gs1Pa0Qe9Wr",
            "value of aws_secret_access_key",
        ),
        ("ghs_" + BODY[:36], "GitHub token"),
        ("git clone https://x-access-token:ghp_" + BODY[:36] + "@github.com/acme/x", "GitHub token"),
        ("github_pat_" + BODY[:22] + "_" + BODY, "GitHub token"),
        ("xoxb" + "-1234567890-" + BODY[:12], "Slack token"),
        ("https://hooks.slack.com/services/" + "T0AB1/B0CD2/" + BODY[:24], "Slack webhook"),
        ("ATATT" + "3xFfGF0" + BODY, "Atlassian API token"),
        ("sk-ant-" + BODY, "model vendor's key"),
        ("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl", "JSON web token"),
        ("-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJ", "private key"),
        ('key = "-----BEGIN PRIVATE ' + 'KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF"', "private key"),
        ("DATABASE_URL=postgres://app:h4rdT0Guess@db.internal/app", "password in an address"),
        ('API_KEY = "' + "d41d8cd98f00b204e9800998ecf8427e" + '"', "value of API_KEY"),
        ("stripe:\n  client_secret: " + BODY[:24], "value of client_secret"),
        ('headers = {"x-auth-token": "' + BODY[:20] + '"}', "value of x-auth-token"),
    ],
)
def test_a_credential_is_found(text: str, kind: str) -> None:
    (finding,) = scan(text)
    assert finding.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "def token(secret: str) -> str:\n    return secret.split(':')[0]",
        'password = os.environ["DATABASE_PASSWORD"]',
        "api_key: ${{ secrets.API_KEY }}",
        'SECRET_NAME = "slipway/prod/gateway/github-2026"',
        'TOKEN_URL = "https://auth.acme.test/oauth2/v1/token"',
        'secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-a1B2c3D4e5F6"',
        'password = "changeme-1234567890ab"',
        "AKIAIOSFODNN7EXAMPLE",
        'if line.startswith("-----BEGIN PRIVATE KEY-----"):',
        "commit = 4f2c8a1e9b7d6c5f3a2e1d0c9b8a7f6e5d4c3b2a",
        '"integrity": "sha512-Zq7Lw0Xc9Vb3Nm5Tr8Ky2Hd6Jf4Gs1Pa0Qe9Wr8T=="',
        "access_token_expires_at = 2026-11-20T12:00:00Z",
        'next_token = "x-amz-security-token-header"',
        "postgres://postgres:postgres@localhost:5432/app",
        "token = tokenize(next_line_of_source_2, keep=True)",
        "sk-learn-contributed-estimators-package",
    ],
)
def test_ordinary_code_is_no_credential(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize("folder", ["slipway", "agents", "lambdas", "stacks", "local", "scripts"])
def test_this_products_own_sources_raise_no_alarm(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {finding}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".lock", ".yml", ".json"}
        and "__pycache__" not in path.parts
        for finding in scan(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_a_finding_says_where_and_never_all_of_it() -> None:
    secret = "ghs_" + BODY[:36]
    (finding,) = scan(f"first\nsecond {secret}\n")
    assert finding.line == 2
    assert secret not in str(finding)
    assert str(finding) == "GitHub token on line 2 (ghs_… 40 characters)"


def test_values_are_scanned_with_their_place() -> None:
    arguments = {
        "branch": "fix/login",
        "files": [{"path": "a.py", "content": "x = 1"}, {"path": ".env", "content": "A=1\nKEY=ghs_" + BODY}],
        "options": {"password": BODY[:24]},
    }
    assert [(path, finding.kind) for path, finding in scan_values(arguments)] == [
        ("files[1].content", "GitHub token"),
        ("options.password", "value of password"),
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_can_be_scanned(text: str) -> None:
    for finding in scan(text):
        assert 1 <= finding.line <= text.count("\n") + 1


def test_a_long_line_takes_no_time_to_speak_of() -> None:
    assert scan("token" * 40_000) == ()
    assert scan("a://" * 40_000) == ()
    assert scan("secret = " + "=" * 200_000) == ()


def test_a_text_can_be_told_without_its_credentials() -> None:
    token = "ghp_" + "Zk7Qw9Xr2Tn5Vb8Ym3Lc6Hd1Jf4Gs0Pa"
    said = without_credentials(f"denied for {token} and again {token}, sorry")
    assert said == "denied for [GitHub token removed] and again [GitHub token removed], sorry"
    assert scan(said) == ()
    assert without_credentials("nothing to hide") == "nothing to hide"
