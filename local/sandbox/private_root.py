"""Builds a private root in a fresh mount namespace, gives up the rights that made it, runs a program.

Started as a plain script (`python -I -S private_root.py LAYOUT PROGRAM ARGUMENT...`) through `unshare` with
new user, mount, network and PID namespaces. The standard library offers no mount(2), hence ctypes.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypedDict

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
# statvfs flags to mount flags that a read-only bind of another's mount must keep (mount_namespaces(7)).
LOCKED_FLAGS = {2: MS_NOSUID, 4: MS_NODEV, 8: MS_NOEXEC, 1024: 1024, 2048: 2048, 4096: MS_RELATIME}
KERNEL_SETTINGS = ("sys", "sysrq-trigger", "irq", "bus")
DEVICES = ("null", "zero", "full", "random", "urandom")


class Layout(TypedDict):
    """What the root holds: links as (target, link), binds as (outside, inside)."""

    symlinks: list[tuple[str, str]]
    read_only: list[tuple[str, str]]
    writable: list[tuple[str, str]]


def main(arguments: Sequence[str]) -> NoReturn:
    """Enter the layout of the first argument and become the program that follows."""
    layout: Layout = json.loads(arguments[0])
    try:
        enter(layout)
        drop_privileges()
    except OSError as error:
        sys.exit(f"sandbox: no private root: {error.strerror or error} {error.filename or ''}".rstrip())
    os.execv(arguments[1], list(arguments[1:]))


def enter(layout: Layout) -> None:
    """Make the layout our root, with an own /proc, /dev and /tmp, and the loopback device up."""
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    root = Path("/tmp")  # A mount point that exists everywhere; a fresh file system covers it.
    outside = {source: os.open(source, os.O_PATH) for source, _ in layout["read_only"] + layout["writable"]}
    devices = {name: os.open(f"/dev/{name}", os.O_PATH) for name in DEVICES}
    _mount("tmpfs", str(root), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
    for folder in ("tmp", "proc", "dev", "dev/shm", "etc"):
        (root / folder).mkdir(mode=0o777)
    for target, link in layout["symlinks"]:
        (root / link.lstrip("/")).symlink_to(target)
    for name, descriptor in devices.items():
        _bind(descriptor, root / "dev" / name, is_folder=False)
        _make_read_only(root / "dev" / name)  # Devices can still be written to, but not their modes changed.
    (root / "dev/fd").symlink_to("/proc/self/fd")
    _mount("tmpfs", str(root / "tmp"), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    _mount("tmpfs", str(root / "dev/shm"), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    for source, inside in layout["read_only"]:
        place = root / inside.lstrip("/")
        _bind(outside[source], place, is_folder=Path(f"/proc/self/fd/{outside[source]}").is_dir())
        _make_read_only(place)
    for source, inside in layout["writable"]:
        _bind(outside[source], root / inside.lstrip("/"), is_folder=True)
    _mount("proc", str(root / "proc"), "proc", MS_NOSUID | MS_NODEV)
    _protect_kernel_settings(root / "proc")
    for descriptor in (*outside.values(), *devices.values()):
        os.close(descriptor)
    _pivot(root)
    _make_read_only(Path("/"))
    _raise_loopback()


def drop_privileges() -> None:
    """Give up every capability for good, so that the command cannot undo what `enter` did."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(
            PR_CAPBSET_DROP, capability, 0, 0, 0
        )  # Numbers beyond the kernel's last one are refused: fine.
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "no_new_privs")


def _pivot(root: Path) -> None:
    """Swap the root and drop the old one; "." twice stacks them, as pivot_root(2) describes."""
    os.chdir(root)
    libc = ctypes.CDLL(None, use_errno=True)
    system_call = {"x86_64": 155, "aarch64": 41, "riscv64": 41}.get(os.uname().machine)
    if system_call is None or libc.syscall(ctypes.c_long(system_call), b".", b".") != 0:
        raise OSError(ctypes.get_errno(), "pivot_root is not possible here")
    if libc.umount2(b".", MNT_DETACH) != 0:
        raise OSError(ctypes.get_errno(), "the old root could not be dropped")
    os.chdir("/")


def _bind(descriptor: int, place: Path, *, is_folder: bool) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if is_folder:
        place.mkdir(exist_ok=True)
    elif not place.exists():
        place.touch()
    _mount(f"/proc/self/fd/{descriptor}", str(place), None, MS_BIND | MS_REC)


def _make_read_only(place: Path) -> None:
    held = os.statvfs(place).f_flag
    kept = sum(flag for seen, flag in LOCKED_FLAGS.items() if held & seen)
    _mount(None, str(place), None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    encoded = [None if text is None else text.encode() for text in (source, target, kind)]
    given = None if options is None else options.encode()
    if libc.mount(*encoded, ctypes.c_ulong(flags), given) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), target)


def _protect_kernel_settings(proc: Path) -> None:
    """Settings belong to the machine's root, and that is who we still are when root started us."""
    for place in (proc / name for name in KERNEL_SETTINGS):
        if place.exists():
            descriptor = os.open(place, os.O_PATH)
            _bind(descriptor, place, is_folder=place.is_dir())
            os.close(descriptor)
            _make_read_only(place)


def _raise_loopback() -> None:
    """A fresh network namespace has its loopback down; tests that serve on 127.0.0.1 need it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle, contextlib.suppress(OSError):
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


if __name__ == "__main__":
    main(sys.argv[1:])
