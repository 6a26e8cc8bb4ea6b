"""Takes credentials out of text before it is stored or shown."""

from __future__ import annotations

import re

from slipway.domain.secret_scan import TOKEN_SHAPES

REDACTED = "[redacted]"

_SECRETS = re.compile(
    "|".join(
        (*TOKEN_SHAPES.values(), r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----")
    ),
    re.DOTALL,
)
_NAMED = re.compile(
    r"(?i)\b(authorization|x-amz-security-token|aws_secret_access_key|aws_session_token|api[_-]?key|"
    r"client[_-]?secret|password|passwd)(['\"]?\s*[:=]\s*)(?:(bearer|basic|token)\s+)?(['\"]?)([^\s'\",;]{6,})"
)
_IN_URL = re.compile(r"(?P<scheme>https?://)[^/\s:@]+:[^/\s@]+@")


def redact(text: str) -> str:
    """The same text with everything that looks like a credential replaced."""
    text = _SECRETS.sub(REDACTED, text)
    text = _IN_URL.sub(rf"\g<scheme>{REDACTED}@", text)
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{found[4]}{REDACTED}", text)
