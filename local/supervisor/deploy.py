"""Deploys the real CDK app onto the emulator, and knows when nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from local.supervisor.layout import Layout
from local.supervisor.loopback import ACCOUNT, REGION, aws_environment
from local.supervisor.node import cdk_cli, node

ENVIRONMENT = "dev"
_SOURCES = ("app.py", "cdk.json", "uv.lock", "pyproject.toml", "package-lock.json")
_FOLDERS = ("slipway", "agents", "lambdas", "stacks")


class DeployFailed(Exception):
    """cdk ended with an error; the message holds the end of its output."""


def deploy(layout: Layout, *, emulator_url: str, say: Callable[[str], None]) -> None:
    """Bootstrap and deploy every stack; a second call with the same sources returns at once."""
    stamp = layout.state / "deployed.json"
    fingerprint = source_fingerprint(layout.root)
    if stamp.exists() and json.loads(stamp.read_text()) == fingerprint:
        say("templates unchanged since the last deploy")
        return
    environment = {
        **aws_environment(emulator_url),
        "PATH": os.pathsep.join(
            [str(Path(sys.executable).parent), str(node().parent), os.environ.get("PATH", "")]
        ),
        "JSII_NODE": str(node()),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "CI": "true",
    }
    context = ["-c", f"env={ENVIRONMENT}", "-c", "wheels=host", "-c", f"region={REGION}"]
    log = layout.logs / "deploy.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    say("bootstrap")
    # From a folder without cdk.json, or the CLI would synthesize the app first.
    bootstrap = ("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    _cdk(layout, environment, log, say, *bootstrap, folder=layout.logs)
    say("cdk deploy --all")
    options = ("--require-approval", "never", "--method=direct", "--concurrency", "4", "--progress", "events")
    out = ("--output", str(layout.state / "cdk.out"))
    _cdk(layout, environment, log, say, "deploy", "--all", *context, *out, *options, folder=layout.root)
    stamp.write_text(json.dumps(fingerprint))


def source_fingerprint(root: Path) -> dict[str, str]:
    """SHA-256 over every file that reaches a template or an asset."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return {"sha256": digest.hexdigest()}


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _SOURCES)
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _cdk(
    layout: Layout,
    environment: dict[str, str],
    log: Path,
    say: Callable[[str], None],
    *arguments: str,
    folder: Path,
) -> None:
    with (
        log.open("a") as sink,
        subprocess.Popen(
            [*cdk_cli(layout.root), *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            sink.write(line)
            if _is_news(line):
                say(line.strip())
    if process.returncode:
        tail = "\n".join(log.read_text().splitlines()[-30:])
        raise DeployFailed(f"cdk {arguments[0]} failed; the end of {log}:\n{tail}")


def _is_news(line: str) -> bool:
    return line.startswith((" ✅", "bundle"))
