"""Run the forge: `python -m local.forge --host 127.0.0.1 --port 8081 --state DIR`."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path

import uvicorn

from local.forge.actions.runner import act_runner
from local.forge.app import create_app
from local.forge.forge import Forge, Settings
from local.sandbox.choice import open_executor

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> None:
    """Serve until the process is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.forge", description="A local GitHub.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (loopback)")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that survives restarts")
    parser.add_argument("--public-url", help="address written into bodies (default: http://HOST:PORT)")
    parser.add_argument(
        "--toolchain",
        type=Path,
        default=os.environ.get("SLIPWAY_SANDBOX_TOOLCHAIN"),
        help="virtual environment that workflow steps use (default: $SLIPWAY_SANDBOX_TOOLCHAIN);"
        " without one, workflow runs stay queued",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    base_url = options.public_url or f"http://{options.host}:{options.port}"
    forge = Forge(Settings(state=options.state.resolve(), base_url=base_url))
    if options.toolchain is not None:
        toolchain = Path(options.toolchain).resolve()
        executor = open_executor(toolchain)
        logger.info("executor=<%s> | workflows run in this sandbox", executor.description)
        forge.run_workflows_with(act_runner(executor, toolchain=toolchain))
    uvicorn.run(
        create_app(forge),
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
