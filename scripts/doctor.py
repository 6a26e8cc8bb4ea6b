"""`slipway doctor`: whether this machine has what the laptop needs, and what an absence costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import typer

from local.sandbox.choice import open_executor
from local.supervisor.laptop import read_record
from local.supervisor.layout import Layout, layout
from local.supervisor.loopback import NotLoopback, check_environment
from local.supervisor.node import node
from scripts.output import Output, OutputOption, emit, table


@dataclass(frozen=True)
class Finding:
    """One check: `ok`, `note` (works, with a cost) or `problem` (must be mended)."""

    check: str
    level: Literal["ok", "note", "problem"]
    found: str
    advice: str = ""


def doctor(output: OutputOption = Output.TEXT) -> None:
    """Check this machine; exit 1 when something must be mended.

    Example: slipway doctor
    """
    findings = [check(layout()) for check in CHECKS]
    emit(
        {
            "healthy": all(f.level != "problem" for f in findings),
            "checks": [asdict(f) for f in findings],
        },
        output=output,
        text=lambda: table(
            ("check", "", "found", "what to do"), [(f.check, f.level, f.found, f.advice) for f in findings]
        ),
    )
    if any(f.level == "problem" for f in findings):
        raise typer.Exit(1)


def _python(_: Layout) -> Finding:
    return Finding("Python", "ok", ".".join(map(str, sys.version_info[:3])))


def _git(_: Layout) -> Finding:
    if not shutil.which("git"):
        return Finding("git", "problem", "not found", "install git")
    version = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    return Finding("git", "ok", version.strip().removeprefix("git version "))


def _node(where: Layout) -> Finding:
    if not (where.root / "node_modules" / "aws-cdk").exists():
        return Finding("CDK CLI", "problem", "not installed", "run `make setup`")
    version = subprocess.run([str(node()), "--version"], capture_output=True, text=True, check=True).stdout
    return Finding("CDK CLI", "ok", f"Node {version.strip()}")


def _emulator(where: Layout) -> Finding:
    if (where.emulator_environment / "bin" / "python").exists():
        return Finding("AWS emulator", "ok", str(where.emulator_environment))
    return Finding("AWS emulator", "problem", "not installed", "run `make setup`")


def _sandbox(where: Layout) -> Finding:
    if not (where.toolchain / "bin" / "python").exists():
        return Finding("sandbox", "problem", "toolchain not installed", "run `make setup`")
    executor = open_executor(where.toolchain)
    if executor.isolates_network:
        return Finding("sandbox", "ok", executor.description)
    return Finding(
        "sandbox",
        "note",
        executor.description,
        "code under test could reach the network: install bubblewrap (apt-get install bubblewrap)",
    )


def _environment(_: Layout) -> Finding:
    try:
        check_environment(os.environ)
    except NotLoopback as error:
        return Finding("local means local", "problem", str(error), "unset it")
    ignored = sorted(n for n in os.environ if n in {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"})
    if ignored:
        return Finding("local means local", "note", f"{', '.join(ignored)} set", "the laptop ignores them")
    return Finding("local means local", "ok", "no AWS settings in the environment")


def _laptop(where: Layout) -> Finding:
    record = read_record(where)
    return Finding("laptop", "ok", f"up, API {record.api_url}" if record else "down")


CHECKS: tuple[Callable[[Layout], Finding], ...] = (
    _python,
    _git,
    _node,
    _emulator,
    _sandbox,
    _environment,
    _laptop,
)
