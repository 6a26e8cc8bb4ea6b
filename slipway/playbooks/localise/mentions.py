"""What a text names outright: files, modules, definitions, quoted code, traceback frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

_PATH = re.compile(r"(?<![\w.])(?:[\w.-]+/)*[\w.-]+\.[A-Za-z]{1,5}\b")
_MODULE = re.compile(r"\b[a-z_]\w*(?:\.[A-Za-z_]\w*)+")
_QUOTED = re.compile(r"`+([^`\n]{2,120})`+")
_FRAME = re.compile(r'File "([^"\n]+)", line \d+(?:, in ([\w<>.]+))?')
_CALL = re.compile(r"\b([A-Za-z_]\w{2,})\(")
_CODE_NAME = re.compile(
    r"\b(?:[A-Za-z]+_\w+|_\w+|[A-Z]\w*[a-z]\w*[A-Z]\w*|[A-Z]{2,}[A-Z0-9_]+|[a-z]+[A-Z]\w*)\b"
)
_NAME = re.compile(r"[A-Za-z_]\w+")
_DEFINITION = re.compile(
    r"^\s*(?:(?:async\s+)?def|class|func|function|type|interface|struct)\s+\(?([A-Za-z_]\w*)"
    r"|^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Lower ones are weaker: `names` look like code, `frames` ran."""

    paths: tuple[str, ...]
    frames: tuple[str, ...]
    modules: tuple[str, ...]
    names: frozenset[str]
    quoted: frozenset[str]


def mentions(text: str) -> Mentions:
    """Everything in a text that can be looked up in code."""
    frames = _FRAME.findall(text)
    quoted = {name for span in _QUOTED.findall(text) for name in _NAME.findall(span) if len(name) > 2}
    names = {
        *_CALL.findall(text),
        *_CODE_NAME.findall(text),
        *(function for _, function in frames if function),
    }
    return Mentions(
        paths=tuple(dict.fromkeys(_PATH.findall(text))),
        frames=tuple(path for path, _ in frames),
        modules=tuple(dict.fromkeys(_MODULE.findall(text))),
        names=frozenset(names),
        quoted=frozenset(quoted),
    )


def definitions(source: str) -> frozenset[str]:
    """Names of functions, classes and variables that a file defines."""
    return frozenset(one or other for one, other in _DEFINITION.findall(source))


def same_ending(path: str, mentioned: str) -> int:
    """How many last parts of two paths agree."""
    agreeing = 0
    for one, other in zip(
        reversed(PurePosixPath(path).parts), reversed(PurePosixPath(mentioned).parts), strict=False
    ):
        if one != other:
            break
        agreeing += 1
    return agreeing


def module_match(path: str, module: str) -> int:
    """How many parts of a dotted name this file answers to; 0 when it is not the one meant."""
    parts = [part for part in PurePosixPath(path).with_suffix("").parts if part not in {"src", "lib", "."}]
    if parts and parts[-1] == "__init__":
        parts = parts[:-1]
    dotted = module.split(".")
    for length in range(len(dotted), 0, -1):
        if parts[-length:] == dotted[:length]:
            return length if length > 1 or len(parts) == 1 else 0
    return 0
