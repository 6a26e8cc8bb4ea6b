"""What an installed dependency tree can lose without a program noticing."""

from __future__ import annotations

import shutil
from pathlib import Path

AWS_SERVICES = frozenset(
    {
        "bedrock-agentcore",
        "bedrock-runtime",
        "dynamodb",
        "s3",
        "secretsmanager",
        "stepfunctions",
        "sts",
    }
)
"""Services that an agent's role may call; one whose model is missing is UnknownServiceError at run time."""

_UNUSED = (
    # Resource models and recipes: we use clients.
    "boto3/data/*/*",
    "boto3/examples/*",
    # A copy of certifi's, which botocore prefers.
    "botocore/cacert.pem",
    # The system has the time zones.
    "dateutil/zoneinfo/*.tar.gz",
    # Programs of a command line, and parts that nothing else of their package imports.
    "bedrock_agentcore/payments",
    "libcst/codemod/commands",
    "websockets/trio",
    # A C parser for documents longer than ours.
    "yaml/_yaml.*.so",
)

_STARTER = "opentelemetry-instrument"
"""The one console script that a runtime's entry point may name."""

_INSTALLER_NOTES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})


def prune(root: Path) -> None:
    """Remove unused API models, console scripts, packaged tests, and what an installer notes for itself."""
    for folder in (root / "botocore" / "data").glob("*/"):
        if folder.name not in AWS_SERVICES:
            shutil.rmtree(folder)
    _prune_scripts(root / "bin")
    for pattern in _UNUSED:
        for unused in root.glob(pattern):
            shutil.rmtree(unused) if unused.is_dir() else unused.unlink()
    for folder in [*root.rglob("__pycache__"), *root.rglob("tests")]:
        if folder.is_dir():
            shutil.rmtree(folder)
    for note in root.glob("*.dist-info/*"):
        if note.name in _INSTALLER_NOTES:
            note.unlink()
    (root / ".lock").unlink(missing_ok=True)


def _prune_scripts(folder: Path) -> None:
    for script in folder.glob("*"):
        if script.name != _STARTER:
            script.unlink()
            continue
        # The installer wrote this machine's interpreter into the first line.
        _, _, body = script.read_text(encoding="utf-8").partition("\n")
        script.write_text(f"#!/usr/bin/env python3\n{body}", encoding="utf-8")
        script.chmod(0o755)
