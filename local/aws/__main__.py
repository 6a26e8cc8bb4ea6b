"""`python -m local.aws`: make the emulator's environment if needed, then become the emulator in it.

The environment is made in SLIPWAY_EMULATOR_ENVIRONMENT (default `.slipway/emulator`); every other
setting is described in `local.aws.configuration`.
"""

from __future__ import annotations

import os
from pathlib import Path

from local.aws import environment

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Replace this process by the emulator, so that its process id stays the caller's."""
    directory = Path(os.environ.get("SLIPWAY_EMULATOR_ENVIRONMENT", ROOT / ".slipway" / "emulator")).resolve()
    python = str(environment.ensure(directory))
    # Its modules come from the source tree, its packages from its own environment.
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    os.execve(python, [python, "-m", "local.aws.server"], variables)


if __name__ == "__main__":
    main()
