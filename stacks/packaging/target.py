"""The machine that a bundle's wheels are for."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass


class UnknownTarget(ValueError):
    """`-c wheels=` is neither `aws` nor `host`."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Platform and Python of the wheels; `compiles` when this interpreter writes the target's bytecode.

    `extras` are what agents need there whatever the environment is configured with.
    """

    name: str
    install_options: tuple[str, ...]
    compiles: bool
    extras: tuple[str, ...] = ()


AWS = Target(
    name="arm64-cp313",
    install_options=("--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13"),
    compiles=False,
)
"""Lambda python3.13 and AgentCore PYTHON_3_13, both on Amazon Linux 2023 for arm64."""


def host() -> Target:
    """This machine and this interpreter: the laptop runs the asset with the Python that built it."""
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    return Target(
        name=f"host-{platform.machine().lower()}-cp{version}",
        install_options=("--python", sys.executable),
        compiles=True,
        # A laptop is pointed at another model without a build.
        extras=("openai",),
    )


def target(wheels: str) -> Target:
    """The target that `-c wheels=` names."""
    if wheels == "aws":
        return AWS
    if wheels == "host":
        return host()
    raise UnknownTarget(
        f"wheels={wheels!r} is unknown; use -c wheels=aws (arm64, Python 3.13) or -c wheels=host"
    )
