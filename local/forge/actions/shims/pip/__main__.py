"""Entry point of the shim: `pip install ...` is answered here, everything else by the real pip."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

from .install import install


def main() -> int:
    """Answer one pip command line."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["install"]:
        return install(arguments[1:])
    here = str(Path(__file__).resolve().parent.parent)
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or ".") != here]
    for name in [name for name in sys.modules if name == "pip" or name.startswith("pip.")]:
        del sys.modules[name]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
