"""Reads tracebacks however they were pasted: plain, quoted, indented, from Sentry, pytest, rich or IPython."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import pairwise

from slipway.playbooks.crash.claim import Crash, Frame

# Exceptions that are named in prose without a traceback; a traceback may end in any.
KNOWN = (
    "AttributeError",
    "KeyError",
    "IndexError",
    "ZeroDivisionError",
    "ValueError",
    "TypeError",
    "StopIteration",
    "JSONDecodeError",
    "UnicodeDecodeError",
    "UnboundLocalError",
    "FileNotFoundError",
    "InvalidOperation",
    "StatisticsError",
    "LookupError",
    "ArithmeticError",
    "OverflowError",
    "NameError",
    "RuntimeError",
)

_FRAME = re.compile(
    r"""(?:
        \bFile\s+["'“]?(?P<path1>[^\s"'”,]+?\.pyx?|<[\w ]+>)["'”]?,?\s*(?:at\s+)?line\s+(?P<line1>\d+)
            (?:,?\s+in\s+(?P<function1>[\w.<>]+))?
      | \bFile\s+(?P<path2>[^\s"',:]+\.py):(?P<line2>\d+)(?:,\s+in\s+(?P<function2>[\w.<>]+))?
      | (?P<path3>[\w./\\~:-]+\.py)\s+in\s+(?P<function3>[\w.<>]+)(?:\(\))?\s+(?:at\s+)?(?:on\s+)?line\s+(?P<line3>\d+)
      | (?P<path4>[\w./\\~-]+\.py):(?P<line4>\d+)\s+in\s+(?:`)?(?P<function4>[\w.<>]+)
      | (?P<path5>[\w./\\~-]+\.py),?\s+line\s+(?P<line5>\d+),?\s+in\s+(?P<function5>[\w.<>]+)
    )""",
    re.VERBOSE,
)
_PYTEST_PLACE = re.compile(r"^(?P<path>[\w./\\-]+\.py):(?P<line>\d+):\s*(?P<exception>\w+)?\s*$")
_RAISED = re.compile(
    r"^(?:E\s+)?(?:Uncaught\s+)?(?:[A-Za-z_]\w*\.)*"
    r"(?P<name>[A-Z]\w*(?:Error|Exception|Exists|Iteration|Exit|Operation|Interrupt|NotFound|Warning)|[A-Z]\w+)"
    r"(?::\s?(?P<message>.*))?$"
)
_INLINE = re.compile(
    r"(?<![\w.])(?:[a-z_]\w*\.)*(?P<name>" + "|".join(KNOWN) + r")\b`?(?::[ \t]*`?(?P<message>[^\n`]*))?"
)
_DECORATION = re.compile(r"^[\s│|┃]*|[\s│|┃]*$")
_LOG_PREFIX = re.compile(r"^[\w.-]{1,40}\s+\|\s(?=\s*(?:File|Traceback|[A-Z]\w+(?:Error|Exception)\b|\S))")
_CARETS = re.compile(r"^[\s~^]+$")
_MARKER = re.compile(r"^(?:❱\s*\d*|-+>\s*\d+|\d+\s*[│|])\s*|^>\s{2,}")
_NUMBERED = re.compile(r"^(?:❱\s*)?\d+\s+[│|]?\s?")


def crashes(text: str) -> tuple[Crash, ...]:
    """Every traceback of the text, in order."""
    lines = [_undecorated(line) for line in _plain(text).splitlines()]
    found: list[Crash] = []
    frames: list[Frame] = []
    defined: str | None = None
    pending: str | None = None
    for number, line in enumerate(lines):
        bare = line.strip()
        if match := _FRAME.search(bare):
            frames.append(_frame(match, bare, lines[number + 1 : number + 12]))
            continue
        if definition := re.match(r"(?:async\s+)?def\s+(\w+)\s*\(", bare):
            defined = definition[1]
        if re.match(r">\s+\S", line) and not bare.startswith(">>>"):
            pending = bare[1:].strip()
        if place := _PYTEST_PLACE.match(bare):
            if defined or pending or place["exception"]:
                frames.append(
                    Frame(
                        path=_path(place["path"]), line=int(place["line"]), function=defined, source=pending
                    )
                )
            defined = pending = None
            if place["exception"] and found and frames and found[-1].exception == place["exception"]:
                # pytest names the place below the exception, so the last frame comes after it.
                found[-1] = replace(found[-1], frames=(*found[-1].frames, *frames))
                frames = []
            continue
        raised = _RAISED.match(bare)
        if raised and (frames or bare.startswith("E  ")) and _ends_a_traceback(raised["name"], line, frames):
            message = (raised["message"] or "").strip()
            found.append(Crash(exception=raised["name"], message=message, frames=tuple(frames)))
            frames = []
    if frames:
        found.extend(_headed(text, tuple(frames)))
    return tuple(replace(crash, frames=_outermost_first(crash.frames)) for crash in found)


def mentioned(text: str) -> Crash | None:
    """The exception that prose names, such as `KeyError: 'email'`, without frames; one with a message first."""
    found = [
        Crash(exception=match["name"], message=_tidy(match["message"] or ""))
        for match in _INLINE.finditer(_plain(text))
    ]
    telling = [crash for crash in found if crash.message and crash.exception == found[0].exception]
    return next(iter((*telling, *found)), None)


def without_tracebacks(text: str) -> str:
    """The prose: what is left when the lines of tracebacks are taken out."""
    kept: list[str] = []
    after_frame = False
    for line in _plain(text).splitlines():
        bare = _undecorated(line).strip()
        if _FRAME.search(bare) or "Traceback (most recent call last)" in bare or _PYTEST_PLACE.match(bare):
            after_frame = bool(_FRAME.search(bare)) or after_frame
            continue
        if after_frame and (line[:2].isspace() or _CARETS.match(bare or "x")) and bare:
            continue
        raised = _RAISED.match(bare)
        if after_frame and raised and (raised["message"] is not None or raised["name"].endswith("Error")):
            after_frame = False
            continue
        if bare.startswith("E   ") or re.match(r">\s{3,}\S", line):
            continue
        kept.append(line)
    return "\n".join(kept)


def _headed(text: str, frames: tuple[Frame, ...]) -> tuple[Crash, ...]:
    """Sentry puts the exception above its frames, sometimes far above, and the innermost frame first."""
    crash = mentioned(text)
    return () if crash is None else (Crash(exception=crash.exception, message=crash.message, frames=frames),)


def _outermost_first(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """Some tools list the innermost call first; the source of a frame names the function it calls."""

    def calls(caller: Frame, callee: Frame) -> bool:
        name = callee.function
        return bool(name and caller.source and re.search(rf"\b{re.escape(name)}\s*\(", caller.source))

    forwards = sum(calls(outer, inner) for outer, inner in pairwise(frames))
    backwards = sum(calls(outer, inner) for inner, outer in pairwise(frames))
    return tuple(reversed(frames)) if backwards > forwards else frames


def _ends_a_traceback(name: str, line: str, frames: list[Frame]) -> bool:
    if line.strip().startswith("E  "):
        return name.endswith(("Error", "Exception", "Iteration", "Operation", "Exit"))
    conventional = name in KNOWN or name.endswith(("Error", "Exception", "Iteration", "Operation", "Exit"))
    return bool(frames) and (conventional or (not line[:1].isspace() and ":" in line and " " not in name))


def _plain(text: str) -> str:
    text = html.unescape(text) if "&quot;" in text or "&#39;" in text or "&lt;" in text else text
    text = text.replace("\r\n", "\n").replace("\t", "    ").replace("\u00a0", " ")
    return "\n".join(_unfolded(line) for line in text.split("\n"))


def _unfolded(line: str) -> str:
    """A traceback that lost its line breaks gets those back that its frames show."""
    if len(re.findall(r'\bFile "', line)) + ("Traceback (most" in line) < 2:
        return line
    line = re.sub(r'\s+(?=File ")', "\n  ", line)
    return re.sub(r"\s+(?=(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Iteration)\b:?[^\n]*$)", "\n", line)


def _undecorated(line: str) -> str:
    if line.lstrip()[:1] in "│┃|":
        line = line.strip().strip("│┃|").rstrip()
    quoted = re.match(r"^\s{0,3}>\s(?=\s*(?:File|Traceback|\w+(?:Error|Exception)\b|\s{2,}\S))", line)
    if quoted and not re.match(r"^>\s{3,}(?!File)\S", line):
        line = line[quoted.end() :]
    if prefix := _LOG_PREFIX.match(line):
        line = line[prefix.end() :]
    return line.rstrip()


def _frame(match: re.Match[str], line: str, following: list[str]) -> Frame:
    groups = match.groupdict()
    one = next(number for number in "12345" if groups[f"path{number}"])
    function = groups.get(f"function{one}")
    return Frame(
        path=_path(groups[f"path{one}"] or ""),
        line=int(groups[f"line{one}"] or 0) or None,
        function=function.split(".")[-1] if function and not function.endswith(">") else function,
        source=_same_line_source(line[match.end() :]) or _source(following),
    )


def _same_line_source(rest: str) -> str | None:
    """A traceback whose line breaks were lost has the source behind its function's name."""
    rest = re.split(r"\s+(?=File\s+[\"'])|\s+(?=[A-Z]\w*Error\b)", rest.strip())[0].strip().strip("`")
    return rest if rest and re.search(r"[\w)\]]", rest) and not rest.startswith("(") else None


def _source(following: list[str]) -> str | None:
    """The code below a frame: the marked line where one is marked, else the first."""
    block: list[str] = []
    for line in following:
        if _FRAME.search(line) or (
            line.strip() and not line[:1].isspace() and not _MARKER.match(line.strip())
        ):
            break
        block.append(line.strip())
    marked = [line for line in block if _MARKER.match(line)]
    plain = [line for line in block if line and not _CARETS.match(line)]
    if marked:
        return _NUMBERED.sub("", _MARKER.sub("", marked[0])).strip()
    return plain[0] if plain else None


def _path(path: str) -> str:
    return re.sub(r"^[A-Za-z]:", "", path.replace("\\", "/"))


def _tidy(message: str) -> str:
    message = re.split(r"\s+(?:at|in)\s+\S+\.py\b", message)[0]
    first = re.split(
        r"(?<=[\w'\")])\.?\s+(?=(?:It|This|That|The|When|We|I)\b)|\.\s+(?=[A-Z`])", message.strip()
    )[0]
    return first.strip().rstrip(".,;`").strip()
