"""Where everything answers once the laptop is up."""

from __future__ import annotations

from pydantic import BaseModel

from local.supervisor.loopback import require_loopback


class Ports(BaseModel, frozen=True):
    """One loopback port for each service; kept between starts so that printed URLs stay valid."""

    emulator: int
    forge: int
    jira: int
    slack: int
    gateway: int
    sentry: int = 0


class Addresses(BaseModel, frozen=True):
    """Base URLs; every one is checked to be loopback."""

    emulator: str
    forge: str
    jira: str
    slack: str
    gateway: str
    sentry: str = ""

    @classmethod
    def of(cls, ports: Ports) -> Addresses:
        """From ports."""
        return cls(
            **{
                name: require_loopback(name, f"http://127.0.0.1:{port}")
                for name, port in ports.model_dump().items()
            }
        )


class ServiceRecord(BaseModel, frozen=True):
    """A running service as recorded on disk."""

    name: str
    pid: int
    created: float
    health: str
    log: str


class LaptopRecord(BaseModel, frozen=True):
    """`laptop.json`: what is running. `ready` is set once templates are deployed and doubles connected."""

    supervisor_pid: int
    supervisor_created: float
    ports: Ports
    addresses: Addresses
    services: tuple[ServiceRecord, ...] = ()
    ready: bool = False
    api_url: str = ""
    error: str = ""
    step: str = ""
