"""`python -m local.supervisor --state DIR`: the background form of `slipway up`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from local.supervisor.laptop import bring_up, dead_services, take_down
from local.supervisor.layout import layout


def main() -> int:
    """Bring the laptop up, stay until SIGTERM or until a service dies, take it down."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--state", type=Path, required=True)
    where = layout(arguments.parse_args().state)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _interrupt(ended))
    try:
        record = bring_up(where, say=lambda line: print(line, flush=True))
        while not ended.wait(1):
            if dead := dead_services(record):
                print(f"ended unexpectedly: {', '.join(dead)}; see {where.logs}", flush=True)
                return 1
        return 0
    except KeyboardInterrupt:
        return 0
    finally:
        take_down(where)


def _interrupt(ended: threading.Event) -> None:
    """During start-up unwind at once; afterwards let the loop end."""
    if ended.is_set():
        return
    ended.set()
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
