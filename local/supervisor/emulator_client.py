"""boto3 sessions of the emulator that read nothing of the caller's AWS settings."""

from __future__ import annotations

import os

import boto3
import botocore.session

from local.supervisor.loopback import ACCOUNT, REGION, require_loopback

_FROM_NOWHERE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def emulator_session() -> boto3.Session:
    """A session with the emulator's account and region, whatever the environment holds."""
    return boto3.Session(
        botocore_session=botocore.session.Session(session_vars=_FROM_NOWHERE),
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="laptop",
        region_name=REGION,
    )


def checked(emulator_url: str) -> str:
    """The emulator's address, refused when it is not this machine."""
    return require_loopback("the emulator's address", emulator_url)
