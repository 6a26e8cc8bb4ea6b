"""Synthesizes every environment in every supported region, without credentials, lookups or the CDK CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local.supervisor.layout import ROOT
from local.supervisor.node import node

ENVIRONMENTS = ("dev", "staging", "prod")
REGIONS = ("eu-west-1", "us-east-1")
_PARALLEL = 2


class SynthesisFailed(RuntimeError):
    """The app raised, or wants a lookup that only a real account could answer."""


@dataclass(frozen=True, kw_only=True, order=True)
class Target:
    """One environment in one region."""

    environment: str
    region: str

    def __str__(self) -> str:
        return f"{self.environment} in {self.region}"


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """What one synthesis wrote; `notes` are the lines that packaging printed."""

    target: Target
    folder: Path
    seconds: float
    notes: tuple[str, ...]

    @property
    def templates(self) -> list[Path]:
        """Its CloudFormation templates."""
        return sorted(self.folder.glob("*.template.json"))


TARGETS = tuple(
    Target(environment=environment, region=region) for environment in ENVIRONMENTS for region in REGIONS
)


def synthesize_all(into: Path, *, context: dict[str, object]) -> Iterator[Assembly]:
    """Every target's assembly as it is done; the first one alone, because it fills the bundle cache."""
    first, *others = TARGETS
    yield synthesize(first, into=into, context=context)
    with ThreadPoolExecutor(_PARALLEL) as pool:
        yield from pool.map(lambda target: synthesize(target, into=into, context=context), others)


def synthesize(target: Target, *, into: Path, context: dict[str, object]) -> Assembly:
    """Run the app as the CDK CLI would, with nothing of AWS in its environment."""
    folder = into / f"{target.environment}-{target.region}"
    for stale in _files(folder):
        stale.unlink()
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    chosen = {
        **flags,
        "aws:cdk:enable-path-metadata": True,
        "env": target.environment,
        "region": target.region,
        **context,
    }
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))},
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(chosen),
            "JSII_NODE": str(node()),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    # Findings of rule packs end the app with an error after everything has been written.
    if done.returncode and "ValidationFailed" not in done.stdout + done.stderr:
        raise SynthesisFailed(f"{target}: app.py ended with {done.returncode}:\n{done.stderr[-4000:]}")
    if missing := json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("missing"):
        raise SynthesisFailed(f"{target}: synthesis must not look anything up, but asks for {missing}")
    notes = tuple(line for line in done.stderr.splitlines() if line.startswith("bundle "))
    return Assembly(target=target, folder=folder, seconds=seconds, notes=notes)


def _files(folder: Path) -> Iterable[Path]:
    return [path for path in folder.glob("*") if path.is_file()]
