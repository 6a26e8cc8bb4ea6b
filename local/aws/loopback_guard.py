"""Stops a process from reaching any host but this machine, by an audit hook that cannot be removed."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping

_WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})
_NAME_LOOKUPS = frozenset({"socket.gethostbyname", "socket.gethostbyaddr"})


class RemoteHostRefused(RuntimeError):
    """A process of the laptop tried to reach a host outside it.

    Not an OSError: clients retry those and hide their message.
    """


def install() -> None:
    """Refuse every connection that leaves the machine, for the rest of this process."""
    sys.addaudithook(_refuse_remote)


def is_loopback(host: str | bytes | None) -> bool:
    """Whether a host name or address stays on this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    name = name.strip("[]").partition("%")[0].rstrip(".").lower()
    if name in {"", "localhost"} or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or address.is_unspecified or (mapped is not None and mapped.is_loopback)


def refusal(host: str, environment: Mapping[str, str]) -> str:
    """Say which host was refused and which settings name it."""
    names = sorted(name for name, value in environment.items() if host and host in value)
    source = f"it is set by {', '.join(names)}" if names else "no setting names it: it is a client's default"
    return f"local mode refuses to reach {host}; {source}. Point it at a service of the laptop instead"


def _refuse_remote(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED:
        host = arguments[0] if event == "socket.getaddrinfo" else _host_of(arguments[1])
    elif event in _NAME_LOOKUPS:
        host = arguments[0]
    else:
        return
    if not isinstance(host, str | bytes) or is_loopback(host):
        return
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    raise RemoteHostRefused(refusal(text, os.environ))


def _host_of(address: object) -> object:
    """The host in a socket address; None for Unix sockets, netlink and connected datagrams."""
    return address[0] if isinstance(address, tuple) and len(address) >= 2 else None
