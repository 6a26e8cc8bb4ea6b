"""Finds credentials in text that is about to leave: token shapes, keys, random-looking assignments."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

TOKEN_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "AWS access key id": r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])",
        "GitHub token": r"\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}",
        "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}",
        "Slack webhook": r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,}",
        "Atlassian API token": r"\bATATT[A-Za-z0-9_=-]{20,}",
        "Sentry token": r"\bsntry[su]_[A-Za-z0-9+/=_-]{30,}",
        "model vendor's key": r"\bsk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}",
        "Google API key": r"\bAIza[A-Za-z0-9_-]{35}",
        "Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{16,}",
        "package registry token": r"\bnpm_[A-Za-z0-9]{36}|\bpypi-AgE[A-Za-z0-9_-]{50,}",
        "JSON web token": r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+",
    }
)
"""What each issuer's credentials look like; every match is a credential or made to look like one."""

_TOKENS = {kind: re.compile(shape) for kind, shape in TOKEN_SHAPES.items()}
# Code that only mentions the header has no key behind it; "\n" is how a key is written into one line.
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n)*[A-Za-z0-9+/=]{24,}")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@'\"]{1,64}:(?P<value>[^/\s@'\"{}<>$]{6,128})@")
_ASSIGNMENT = re.compile(
    r"(?i)(?<![A-Za-z0-9])(?P<name>[A-Za-z0-9_.-]{0,60}?"
    r"(?:secret|token|password|passwd|pwd|api[_-]?key|access[_-]?key|private[_-]?key|credentials?))"
    r"['\"]?\s{0,8}(?::=|=>|=|:)\s{0,8}(?P<quote>['\"]?)"
    r"(?P<value>[A-Za-z0-9+/=_\-.~!@#%^&*]{16,512})(?P=quote)(?=[\s,;)\]}]|$)"
)
_STAND_IN = re.compile(
    r"(?i)example|sample|change.?me|placeholder|dummy|fake|redacted|your[_-]|xxxx|\*\*\*\*|^arn:|://|^0+$"
)
_MASKED_SHOWS = 4
_RANDOM_PART = 12
_RANDOM_BITS = 3.0


@dataclass(frozen=True, kw_only=True)
class SecretFinding:
    """One credential: what it is, on which line, and enough of it to find it, never all of it."""

    kind: str
    line: int
    masked: str

    def __str__(self) -> str:
        return f"{self.kind} on line {self.line} ({self.masked})"


def scan(text: str) -> tuple[SecretFinding, ...]:
    """Every credential in a text, in order; one that several rules see is reported by the first."""
    return tuple(
        SecretFinding(kind=kind, line=text.count("\n", 0, start) + 1, masked=_masked(text[start:end]))
        for start, end, kind in _found(text)
    )


def without_credentials(text: str) -> str:
    """The text with every credential replaced by what kind it was."""
    for start, end, kind in reversed(_found(text)):
        text = f"{text[:start]}[{kind} removed]{text[end:]}"
    return text


def scan_values(value: object, *, path: str = "") -> Iterator[tuple[str, SecretFinding]]:
    """Every credential in the strings of a JSON value, with where it is, such as `files[2].content`."""
    if isinstance(value, str):
        yield from ((path, finding) for finding in scan(value) or _named(path, value))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from scan_values(item, path=f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for index, item in enumerate(value):
            yield from scan_values(item, path=f"{path}[{index}]")


def _found(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for kind, start, end in _matches(text):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in found):
            found.append((start, end, kind))
    return sorted(found)


def _matches(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _PRIVATE_KEY.finditer(text):
        yield "private key", found.start(), found.end()
    for kind, pattern in _TOKENS.items():
        for found in pattern.finditer(text):
            if not _STAND_IN.search(found[0].removeprefix("https://")):
                yield kind, found.start(), found.end()
    for found in _ADDRESS.finditer(text):
        if not _STAND_IN.search(found["value"]) and found["value"].lower() not in _NAMES_OF_PASSWORDS:
            yield "password in an address", found.start("value"), found.end("value")
    for found in _ASSIGNMENT.finditer(text):
        if _looks_random(found["value"]):
            yield f"value of {found['name']}", found.start("value"), found.end("value")


def _named(path: str, value: str) -> tuple[SecretFinding, ...]:
    """A JSON value is an assignment too: `{"password": "..."}`."""
    return scan(f"{path.rpartition('.')[2]}={value}") if value and "\n" not in value else ()


_NAMES_OF_PASSWORDS = frozenset({"password", "passwd", "secret", "postgres", "mysecret"})


def _looks_random(value: str) -> bool:
    """Random text mixes letters with digits in one long part; words, versions, dates and paths do not."""
    if _STAND_IN.search(value):
        return False
    return any(
        len(part) >= _RANDOM_PART
        and sum(each.isdigit() for each in part) >= 2
        and sum(each.isalpha() for each in part) >= 4
        and _bits_per_character(part) >= _RANDOM_BITS
        for part in re.split(r"[/_.=\-]", value)
    )


def _bits_per_character(text: str) -> float:
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def _masked(secret: str) -> str:
    return f"{secret[:_MASKED_SHOWS]}… {len(secret)} characters"
