"""For every test: nothing beyond loopback is reachable, and no real credential is in the environment."""

from __future__ import annotations

import os

import pytest
from pytest_socket import socket_allow_hosts

FAKE_AWS = {
    "AWS_ACCESS_KEY_ID": "000000000000",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def pytest_configure() -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "SLIPWAY_"))]:
        del os.environ[name]
    os.environ.update(FAKE_AWS)


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a costly fixture share a process; the longest such group starts first."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


def _group(item: pytest.Item) -> str:
    for marker in ("e2e", "emulator"):
        if item.get_closest_marker(marker) is not None:
            return marker
    return str(item.path)
