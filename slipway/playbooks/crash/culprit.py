"""Finds the functions that a crash passed through, from its frames or from what the ticket names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Trees
from slipway.playbooks.crash.claim import Crash, CrashClaim, Frame
from slipway.playbooks.crash.source_index import Function, Module, SourceIndex, is_test

_THIRD_PARTY = re.compile(r"site-packages|dist-packages|/lib/python\d|(?:^|/)python\d\.\d+/|^<|^/usr/lib/")
_INSTALLED = re.compile(r"(?:site|dist)-packages/(?P<module>.+)$")
_BY_MESSAGE = (
    re.compile(r"^(?P<key>'[^']*'|\"[^\"]*\")$"),
    re.compile(r"object has no attribute '(?P<attribute>\w+)'"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Site:
    """A function of a repository that was running, and the line it was at, where known."""

    repository: str
    function: Function
    line: int | None = None


def locate(claim: CrashClaim, trees: Trees, *, ranked: Iterable[str] = ()) -> tuple[Site, ...]:
    """Every function of one repository on the way to the crash, outermost first; the last one raised.

    `ranked` are repositories in the order in which they matter; it breaks ties.
    """
    order = [*dict.fromkeys((*(name for name in ranked if name in trees), *sorted(trees)))]
    indexes = {name: SourceIndex(trees[name]) for name in order}
    frames = [frame for frame in claim.crash.frames if _is_ours(frame, trees)]
    best: tuple[Site, ...] = ()
    for name in order:
        sites = tuple(site for frame in frames if (site := _match(frame, name, indexes[name])))
        if sites and (not best or len(sites) > len(best)):
            best = sites
    if best:
        return best
    if claim.crash.frames:
        _refuse_foreign(claim.crash, frames)
    for name in order:
        if site := _named(claim, name, indexes[name]):
            return (site,)
    for name in order:
        site = (
            _by_message(claim.crash, name, indexes[name])
            or _in_named_file(claim, name, indexes[name])
            or _by_words(claim, name, indexes[name])
        )
        if site:
            return (site,)
    raise NeedsHuman(
        f"looked for the function that raises {claim.crash.exception}: the ticket has no traceback into "
        f"{', '.join(order) or 'any repository'} and names no function found there; add the traceback"
    )


def _is_ours(frame: Frame, trees: Trees) -> bool:
    """Not a library's file; a repository's own package may be installed like one."""
    if installed := _INSTALLED.search(frame.path):
        module = installed["module"]
        return any(path in tree for tree in trees.values() for path in (module, f"src/{module}"))
    if not _THIRD_PARTY.search(frame.path):
        return True
    # An application may be deployed below such a folder: its whole path in the repository ends the frame's.
    return any("/" in path and frame.path.endswith(f"/{path}") for tree in trees.values() for path in tree)


def _refuse_foreign(crash: Crash, ours: list[Frame]) -> None:
    paths = ", ".join(dict.fromkeys(frame.path for frame in crash.frames[-3:]))
    if not ours:
        raise NeedsHuman(
            f"the traceback of {crash.exception} is only in third-party code ({paths}); no frame is in a "
            "repository of ours, so nothing here can be guarded: report it upstream or name the calling code"
        )
    if any(frame.function and not frame.function.startswith("<") for frame in ours):
        raise NeedsHuman(
            f"looked for the frames of {crash.exception} ({paths}) in the repositories and found no such "
            "file or function; name the repository, or give a traceback of its current code"
        )


def _match(frame: Frame, repository: str, index: SourceIndex) -> Site | None:
    wanted = PurePosixPath(frame.path).parts
    scored = []
    for path in index.source_paths:
        module = index.module(path)
        shared = _shared_suffix(wanted, PurePosixPath(path).parts)
        if module is None:
            continue
        line, certainty = _line(frame, module)
        has_function = any(function.name == frame.function for function in module.functions)
        exact = bool(frame.source) and certainty >= 2
        if shared and (has_function or certainty or not frame.function or frame.function.startswith("<")):
            scored.append(((shared * 10 + has_function * 5 + certainty * 4), path, line))
        elif has_function and exact:
            scored.append((6, path, line))
    if not scored or is_test(frame.path.rpartition("/")[2]):
        return None
    _, path, line = max(scored, key=lambda item: (item[0], -len(item[1])))
    module = index.module(path)
    function = _function(frame, module, line) if module else None
    return Site(repository=repository, function=function, line=line) if function else None


def _shared_suffix(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    shared = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other:
            break
        shared += 1
    return shared


def _line(frame: Frame, module: Module) -> tuple[int | None, int]:
    """Where the frame's source stands today, and how sure that is (0 to 3): line numbers drift, text less."""
    named = [function for function in module.functions if function.name == frame.function]
    if frame.source:
        wanted = _squeezed(frame.source)
        same = [n for n, line in enumerate(module.lines, 1) if wanted and _squeezed(line) == wanted]
        if not same and len(wanted) > 12:
            same = [n for n, line in enumerate(module.lines, 1) if wanted in _squeezed(line)]
        inside = [n for n in same if any(function.holds(n) for function in named)] or same
        if inside:
            nearest = min(inside, key=lambda n: abs(n - (frame.line or n)))
            return nearest, 3 if nearest == frame.line else 2
    if frame.line and any(function.holds(frame.line) for function in named):
        return frame.line, 1
    is_unnamed = frame.function is None or frame.function.startswith("<")
    if frame.line and is_unnamed and not frame.source and module.enclosing(frame.line):
        return frame.line, 1
    return None, 0


def _squeezed(line: str) -> str:
    return re.sub(r"\s+", "", line.split("  #")[0])


def _function(frame: Frame, module: Module, line: int | None) -> Function | None:
    enclosing = module.enclosing(line) if line else None
    if enclosing:
        return enclosing
    named = [function for function in module.functions if function.name == frame.function]
    if len(named) <= 1:
        return named[0] if named else None
    return min(named, key=lambda function: abs(function.node.lineno - (frame.line or 0)))


def _named(claim: CrashClaim, repository: str, index: SourceIndex) -> Site | None:
    """A function that the ticket names; one whose code can raise the exception is preferred."""
    called: list[str] = []
    for example in claim.examples:
        called += reversed(re.findall(r"([A-Za-z_]\w*)\s*(?=\()|\.(?:[A-Za-z_]\w*)$", example.expression))
        called += reversed(re.findall(r"\.([A-Za-z_]\w*)", example.expression))
    names = [name.rpartition(".")[2] for name in claim.names if not name.endswith(".py")]
    functions = list(index.functions())
    for wanted in filter(None, (*called, *names)):
        found = [function for function in functions if function.name == wanted]
        if found:
            found.sort(key=lambda function: -_raises(function, claim.crash))
            return Site(repository=repository, function=found[0])
    return None


def _raises(function: Function, crash: Crash) -> int:
    """How directly the message points into the function: 2 its key or attribute, 1 a fitting operation."""
    for pattern in _BY_MESSAGE:
        match = pattern.search(crash.message)
        if match and any(_uses(node, match.groupdict()) for node in ast.walk(function.node)):
            return 2
    kinds: Mapping[str, tuple[type[ast.AST], ...]] = {
        "ZeroDivisionError": (ast.Div, ast.FloorDiv, ast.Mod),
        "KeyError": (ast.Subscript,),
        "IndexError": (ast.Subscript,),
        "AttributeError": (ast.Attribute,),
    }
    wanted = kinds.get(crash.exception, (ast.Call,))
    return int(any(isinstance(node, wanted) for part in function.node.body for node in ast.walk(part)))


def _uses(node: ast.AST, wanted: Mapping[str, str | None]) -> bool:
    match node:
        case ast.Subscript(slice=ast.Constant(value=value)):
            return repr(value) == wanted.get("key")
        case ast.Attribute(attr=attr):
            return attr == wanted.get("attribute")
        case _:
            return False


def _by_message(crash: Crash, repository: str, index: SourceIndex) -> Site | None:
    """The only function whose code the message or the ticket's words fit."""
    fitting = [
        function for function in index.functions() if _raises(function, crash) == 2 and not function.is_nested
    ]
    if len(fitting) == 1:
        return Site(repository=repository, function=fitting[0])
    return None


def _in_named_file(claim: CrashClaim, repository: str, index: SourceIndex) -> Site | None:
    """The only function that can raise the exception in a file that the ticket names, or at all."""
    named = [name for name in claim.names if name.endswith(".py")]
    able = [
        function
        for function in index.functions()
        if _raises(function, claim.crash) and not function.is_nested
    ]
    for wanted in (*named, ""):
        here = [function for function in able if function.path.endswith(wanted)]
        if len(here) == 1:
            return Site(repository=repository, function=here[0])
    return None


def _by_words(claim: CrashClaim, repository: str, index: SourceIndex) -> Site | None:
    """The function all of whose name's words the ticket uses, the longest name first."""
    spoken = set(_words(claim.prose))
    fitting = [
        function
        for function in index.functions()
        if len(_words(function.name)) >= 2
        and set(_words(function.name)) <= spoken
        and _raises(function, claim.crash)
    ]
    longest = max((len(_words(function.name)) for function in fitting), default=0)
    best = [function for function in fitting if len(_words(function.name)) == longest]
    return Site(repository=repository, function=best[0]) if len(best) == 1 else None


def _words(text: str) -> list[str]:
    return [word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text)]
