"""Up and down: the order of starting, the record of what runs, and the end of all of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psutil

from local.supervisor.addresses import Addresses, LaptopRecord, Ports, ServiceRecord
from local.supervisor.deploy import ENVIRONMENT, deploy
from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.layout import Layout
from local.supervisor.loopback import check_environment
from local.supervisor.prepare import prepare
from local.supervisor.process import (
    Running,
    ServiceFailed,
    free_port,
    is_alive,
    reap,
    start,
    start_background,
    stop,
    wait_healthy,
)
from local.supervisor.provision import connect, create_identities, prepare_sample_libraries
from local.supervisor.services import services

Say = Callable[[str], None]


class AlreadyUp(Exception):
    """A supervisor already runs this laptop."""


class NotUp(Exception):
    """No laptop runs."""


def read_record(layout: Layout) -> LaptopRecord | None:
    """What runs now; None when nothing does (a record whose supervisor died counts as nothing)."""
    if not layout.record.exists():
        return None
    record = LaptopRecord.model_validate_json(layout.record.read_text())
    return record if _supervisor_lives(record) else None


def bring_up(layout: Layout, *, say: Say) -> LaptopRecord:
    """Start everything in this process's care, deploy and connect; on failure stop all."""
    check_environment(os.environ)
    if running := read_record(layout):
        raise AlreadyUp(f"the laptop is already up (pid {running.supervisor_pid}, API {running.api_url})")
    _sweep(layout)
    prepare(layout, say=say)
    ports = _ports(layout)
    record = LaptopRecord(
        supervisor_pid=os.getpid(),
        supervisor_created=psutil.Process().create_time(),
        ports=ports,
        addresses=Addresses.of(ports),
    )
    _write(layout, record)
    try:
        return _start_all(layout, record, say=say)
    except BaseException:
        take_down(layout)
        raise


def take_down(layout: Layout) -> bool:
    """Stop what the record names; True when something was running."""
    if not layout.record.exists():
        return False
    record = LaptopRecord.model_validate_json(layout.record.read_text())
    lived = _supervisor_lives(record)
    if lived and record.supervisor_pid != os.getpid():
        os.kill(record.supervisor_pid, signal.SIGTERM)
        _wait_for_end(record)
        reap(record.supervisor_pid)
    for service in reversed(record.services):
        stop(Running(**service.model_dump()))
    _remember_ports(layout, record.ports)
    layout.record.unlink(missing_ok=True)
    return lived


def start_detached(layout: Layout, *, say: Say) -> LaptopRecord:
    """Run a supervisor in the background and wait until it is ready, relaying its steps."""
    check_environment(os.environ)
    log = layout.logs / "supervisor.log"
    argv = [sys.executable, "-m", "local.supervisor", "--state", str(layout.state)]
    child = start_background(argv, cwd=layout.root, log=log)
    told = 0
    while True:
        lines = log.read_text().splitlines()
        for line in lines[told:]:
            say(line)
        told = len(lines)
        record = read_record(layout)
        if record and record.ready and record.supervisor_pid == child.pid:
            return record
        if child.poll() is not None:
            raise ServiceFailed(f"the laptop did not start; see {log}:\n" + "\n".join(lines[-25:]))
        time.sleep(0.1)


def dead_services(record: LaptopRecord) -> tuple[str, ...]:
    """Names of recorded services whose process ended."""
    return tuple(s.name for s in record.services if not is_alive(Running(**s.model_dump())))


def _start_all(layout: Layout, record: LaptopRecord, *, say: Say) -> LaptopRecord:
    started: list[Running] = []
    for service in services(layout, ports=record.ports, addresses=record.addresses):
        started.append(start(service))
        record = record.model_copy(update={"services": tuple(ServiceRecord(**asdict(r)) for r in started)})
        _write(layout, record)
    for running in started:
        wait_healthy(running)
        say(f"{running.name} ready at {running.health.rsplit('/', 1)[0]}")
    identities = create_identities(layout, record.addresses)
    deploy(layout, emulator_url=record.addresses.emulator, say=say)
    api_url = _api_url(record.addresses.emulator)
    connect(addresses=record.addresses, identities=identities, api_url=api_url, say=say)
    prepare_sample_libraries(layout, say=say)
    record = record.model_copy(update={"ready": True, "api_url": api_url})
    _write(layout, record)
    return record


def _api_url(emulator: str) -> str:
    """The deployed API's address as the emulator serves it (no name lookup needed)."""
    stack = (
        emulator_session()
        .client("cloudformation", endpoint_url=checked(emulator))
        .describe_stacks(StackName=f"Slipway-{ENVIRONMENT}-Intake")["Stacks"][0]
    )
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
    return f"{emulator}/_aws/execute-api/{outputs['ApiId']}/$default"


def _ports(layout: Layout) -> Ports:
    remembered = layout.state / "ports.json"
    before = Ports.model_validate_json(remembered.read_text()).model_dump() if remembered.exists() else {}
    ports = Ports(**{name: free_port(before.get(name)) for name in Ports.model_fields})
    _remember_ports(layout, ports)
    return ports


def _remember_ports(layout: Layout, ports: Ports) -> None:
    layout.state.mkdir(parents=True, exist_ok=True)
    (layout.state / "ports.json").write_text(ports.model_dump_json())


def _write(layout: Layout, record: LaptopRecord) -> None:
    layout.state.mkdir(parents=True, exist_ok=True)
    draft = Path(f"{layout.record}.new")
    draft.write_text(record.model_dump_json(indent=2))
    draft.replace(layout.record)


def _sweep(layout: Layout) -> None:
    """Stop what a killed supervisor left behind."""
    if layout.record.exists():
        take_down(layout)


def _supervisor_lives(record: LaptopRecord) -> bool:
    try:
        process = psutil.Process(record.supervisor_pid)
        return (
            abs(process.create_time() - record.supervisor_created) < 1
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def _wait_for_end(record: LaptopRecord, *, deadline_seconds: float = 30) -> None:
    end = time.monotonic() + deadline_seconds
    while _supervisor_lives(record) and time.monotonic() < end:
        time.sleep(0.05)
