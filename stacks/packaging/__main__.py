"""Packs the dependencies of every bundle ahead of time: `python -m stacks.packaging [host|aws]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from stacks.packaging.dependencies import AGENTS, LAMBDAS, layer
from stacks.packaging.target import target

_ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Fill the cache, so that a later synth needs no network."""
    chosen = target(sys.argv[1] if len(sys.argv) > 1 else "host")
    for extra in (AGENTS.extended(chosen.extras), LAMBDAS):
        started = time.monotonic()
        packed = layer(_ROOT, extra, chosen, cache=_ROOT / ".slipway" / "cache" / "bundles" / "layers")
        size = packed.path.stat().st_size / 1e6
        print(f"layer {packed.path.name}: {size:.1f} MB, {time.monotonic() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
