"""Runs the pinned CDK CLI with the wheel's Node: `python -m scripts.cdk synth -c env=prod`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.supervisor.layout import ROOT
from local.supervisor.node import cdk_cli, node


def main() -> int:
    """Pass every argument on; the exit code is cdk's."""
    environment = {
        **os.environ,
        "JSII_NODE": str(node()),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(node().parent), os.environ["PATH"]]),
    }
    return subprocess.run([*cdk_cli(ROOT), *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
