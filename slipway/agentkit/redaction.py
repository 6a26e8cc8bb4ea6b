"""Takes credentials out of text before it is stored or shown."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

_SECRETS = re.compile(
    r"""
      gh[opsur]_[A-Za-z0-9]{20,}                      # GitHub tokens
    | github_pat_[A-Za-z0-9_]{20,}
    | xox[abeoprs]-[A-Za-z0-9-]{10,}                  # Slack tokens
    | xapp-[A-Za-z0-9-]{10,}
    | ATATT[A-Za-z0-9_=-]{20,}                        # Atlassian API tokens
    | (?:AKIA|ASIA)[A-Z0-9]{16}                       # AWS access key ids
    | sk-[A-Za-z0-9_-]{20,}                           # model vendors' keys
    | eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+      # JSON web tokens
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?-----END[ ][A-Z ]*PRIVATE[ ]KEY-----
    """,
    re.VERBOSE | re.DOTALL,
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
