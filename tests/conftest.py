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
