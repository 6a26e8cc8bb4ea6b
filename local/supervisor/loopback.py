"""Local means local: the environment of every child, and the refusal of an address outside this machine."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

REGION = "eu-west-1"
ACCOUNT = "000000000000"

_LEAKS = ("AWS_", "CDK_", "GITHUB_", "GH_", "SLACK_", "JIRA_", "SENTRY_", "OPENAI_", "ANTHROPIC_", "SLIPWAY_")
_KEPT = frozenset({"SLIPWAY_LAPTOP"})


class NotLoopback(Exception):
    """A setting points outside this machine while the laptop runs."""


def require_loopback(setting: str, url: str) -> str:
    """Return `url` when its host is this machine; otherwise raise NotLoopback naming the setting."""
    host = urlsplit(url).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NotLoopback(
            f"{setting}={url!r} points to {host or 'no host'}, which is not this machine. "
            f"The laptop never contacts AWS or another service: unset {setting}."
        )
    return url


def check_environment(environ: Mapping[str, str]) -> None:
    """Refuse an endpoint override that leaves this machine, before anything is started."""
    for name, value in sorted(environ.items()):
        if name.startswith("AWS_ENDPOINT_URL") and value:
            require_loopback(name, value)


def clean_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without credentials, profiles and endpoints of real services."""
    source = os.environ if environ is None else environ
    return {name: value for name, value in source.items() if name in _KEPT or not name.startswith(_LEAKS)}


def aws_environment(emulator_url: str, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """`clean_environment` plus settings under which any AWS SDK or CLI reaches only the emulator."""
    return {
        **clean_environment(environ),
        "AWS_ENDPOINT_URL": require_loopback("AWS_ENDPOINT_URL", emulator_url),
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "laptop",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
    }
