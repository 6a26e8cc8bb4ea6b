"""Runs the extended ministack in this process until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket

from local.aws import extensions, loopback_guard, patching
from local.aws.configuration import HOST, Configuration, without_cloud_settings
from local.aws.context import Context
from local.aws.http_front import HttpFront
from local.aws.snapshots import Snapshots, save_periodically

GRACE_SECONDS = 1.0


class PortInUse(RuntimeError):
    """Something already listens where the emulator should."""


def main() -> None:
    """Serve with the settings of the environment; the process ends with SIGTERM or SIGINT."""
    configuration = Configuration.from_environment(os.environ)
    prepare_process(configuration)
    refuse_used_port(configuration.port)
    patching.require_pinned_version()
    loopback_guard.install()
    context = Context(configuration)
    extensions.install_all(context)
    try:
        asyncio.run(serve(context))
    finally:
        for action in reversed(context.stop_actions):
            action()


def prepare_process(configuration: Configuration) -> None:
    """Settle the environment that ministack reads when it is imported."""
    clean = without_cloud_settings(os.environ)
    os.environ.clear()
    os.environ.update({**clean, **configuration.ministack_environment()})
    configuration.state_directory.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=os.environ.get("LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )


def refuse_used_port(port: int) -> None:
    """Say so when another emulator already runs here."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise PortInUse(
                f"{HOST}:{port} is already in use; stop what listens there or set SLIPWAY_EMULATOR_PORT"
            )


async def serve(context: Context) -> None:
    """Listen on the loopback until a signal asks to stop."""
    import ministack.app

    # hypercorn is in the emulator's environment only.
    from hypercorn.asyncio import serve as serve_asgi
    from hypercorn.config import Config

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    config = Config()
    config.bind = [f"{HOST}:{context.configuration.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE_SECONDS
    config.accesslog = None
    front = HttpFront(ministack.app.app, context)
    snapshots = Snapshots(context.configuration.state_directory / "services")
    context.on_stop(
        save_periodically(
            snapshots,
            interval_seconds=context.configuration.snapshot_seconds,
            changes=lambda: front.changes,
        )
    )
    await serve_asgi(front, config, shutdown_trigger=stopping.wait)


if __name__ == "__main__":
    main()
