from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.aws.loopback_guard import is_loopback, refusal

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.1",
        "::1",
        "[::1]",
        "localhost",
        "LOCALHOST.",
        "api.localhost",
        "",
        None,
        b"localhost",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
    ],
)
def test_this_machine_may_be_reached(host: str | bytes | None) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.example.com",
        "10.0.0.1",
        "169.254.169.254",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        b"sts.amazonaws.com",
        "127.0.0.1.nip.io",
    ],
)
def test_other_hosts_may_not(host: str | bytes) -> None:
    assert not is_loopback(host)


def test_the_refusal_names_the_setting_but_not_its_value() -> None:
    text = refusal(
        "api.github.com", {"GITHUB_API_URL": "https://user:secret@api.github.com/v3", "OTHER": "x"}
    )
    assert text.startswith("local mode refuses to reach api.github.com; it is set by GITHUB_API_URL")
    assert "secret" not in text


def test_the_refusal_says_when_no_setting_names_the_host() -> None:
    assert "no setting names it" in refusal("sts.amazonaws.com", {"A": "b"})


def guarded(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own: an audit hook cannot be removed again."""
    script = f"from local.aws import loopback_guard\nloopback_guard.install()\nimport socket\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.getaddrinfo('example.com', 443)",
        "socket.gethostbyname('example.com')",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 53))",
    ],
)
def test_every_way_out_is_closed(code: str) -> None:
    done = guarded(code)
    assert done.returncode == 1
    assert "RemoteHostRefused: local mode refuses to reach" in done.stderr


def test_a_client_shows_the_refusal_and_not_a_connection_error() -> None:
    done = guarded(
        "import urllib.request\nurllib.request.urlopen('http://api.example.com/x')",
        UPSTREAM_URL="http://api.example.com",
    )
    assert "refuses to reach api.example.com; it is set by UPSTREAM_URL" in done.stderr


def test_loopback_and_unix_sockets_stay_open() -> None:
    done = guarded(
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=5)\n"
        "left, right = socket.socketpair()\n"
        "left.sendall(b'x')\n"
        "print(socket.getaddrinfo('localhost', 80)[0][0] is not None, right.recv(1))"
    )
    assert done.stdout == "True b'x'\n", done.stderr
