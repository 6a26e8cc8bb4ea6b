"""What an installed dependency tree can lose without a program noticing."""

from __future__ import annotations

import shutil
from pathlib import Path

VERSION = "1"
"""Part of every bundle's hash; raise it when this module removes something else."""

AWS_SERVICES = frozenset(
    {
        "bedrock-agentcore",
        "bedrock-runtime",
        "dynamodb",
        "dynamodbstreams",
        "events",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sqs",
        "ssm",
        "sso",
        "sso-oidc",
        "signin",
        "stepfunctions",
        "sts",
    }
)
"""Services whose API model stays in botocore; a missing one is UnknownServiceError at run time."""

_INSTALLER_NOTES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})


def prune(root: Path) -> None:
    """Remove unused API models, console scripts, packaged tests, and what an installer notes for itself."""
    for folder in (root / "botocore" / "data").glob("*/"):
        if folder.name not in AWS_SERVICES:
            shutil.rmtree(folder)
    shutil.rmtree(root / "bin", ignore_errors=True)
    for folder in [*root.rglob("__pycache__"), *root.rglob("tests")]:
        if folder.is_dir():
            shutil.rmtree(folder)
    for note in root.glob("*.dist-info/*"):
        if note.name in _INSTALLER_NOTES:
            note.unlink()
    (root / ".lock").unlink(missing_ok=True)
