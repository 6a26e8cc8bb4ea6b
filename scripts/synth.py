"""`make synth`: every environment in every region, with the seconds that each took."""

from __future__ import annotations

import sys
import time

from local.supervisor.layout import layout
from scripts.output import result, say, table
from scripts.synthesis import synthesize_all


def main() -> int:
    """Synthesize with the real arm64 bundles; the first time they are built, later they are found."""
    folder = layout().tools / "synth"
    started = time.monotonic()
    rows = []
    for assembly in synthesize_all(folder, context={"wheels": "aws"}):
        built = sum(": built in " in note for note in assembly.notes)
        for note in assembly.notes if built else ():
            say(note)
        rows.append(
            (
                assembly.target.environment,
                assembly.target.region,
                str(len(assembly.templates)),
                f"{built} built, {len(assembly.notes) - built} unchanged",
                f"{assembly.seconds:.1f}",
            )
        )
    result.print(table(("environment", "region", "templates", "bundles", "seconds"), rows))
    result.print(
        f"{len(rows)} assemblies in {folder}, {time.monotonic() - started:.1f} s; no credentials, no lookups"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
