"""Lint and format: the tool that the log shows runs on the files that the log names, and on no others."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from slipway.domain.errors import NeedsHuman
from slipway.domain.repository_config import repository_config
from slipway.playbooks.base import Tree
from slipway.playbooks.ci.log_lines import plain_lines
from slipway.playbooks.ci.tool_runs import Fixing, changed_by

_AT_LINE = re.compile(r"^(?P<path>\S+\.(?:pyi?|ipynb)):\d+(?::\d+)?:? \[?(?P<code>[A-Z]{1,4}\d{3,4})\b")
_CODE = re.compile(r"^(?P<code>[A-Z]{1,4}\d{3,4}) (?:\[\*\] )?\S")
_ARROW = re.compile(r"^\s*--> (?P<path>\S+\.(?:pyi?|ipynb)):\d+:\d+$")
_HOOK = re.compile(r"^(?P<name>[\w -]+?)\.{3,}(?:\(.*\))?Failed$")
_UNFORMATTED = re.compile(r"^(?:[Ww]ould reformat:? |ERROR: )(?P<path>\S+\.pyi?)\b")
_BLACK = re.compile(r"^(?:All done!|Oh no!|would reformat )|files? would be left unchanged")
_ISORT = "Imports are incorrectly sorted"


@dataclass(frozen=True)
class _Named:
    """What the log says to repair; empty where it does not say."""

    codes: tuple[str, ...]
    paths: tuple[str, ...]
    hooks: tuple[str, ...]


def fix_lint(log: str, tree: Tree) -> Fixing:
    """Ruff's own repairs of the rules that were broken; NeedsHuman when one is left that it cannot repair."""
    lines = plain_lines(log)
    named = _violations(lines, tree)
    by_hook = any("ruff" in hook.lower() for hook in named.hooks)
    if not named.codes and not by_hook:
        return (yield from _own_fix(tree, "the linter that complains"))
    files = _arguments(named.paths)
    rules = f" --select {','.join(named.codes)}" if named.codes else ""
    commands = [f"ruff check --fix-only{rules} {files}"]
    if _is_formatted_by_ruff(tree) or any("format" in hook for hook in named.hooks):
        commands.append(f"ruff format {files}")
    check = f"ruff check --output-format concise{rules} {files}"
    return (yield from changed_by(commands, tree, check=check))


def fix_format(log: str, tree: Tree) -> Fixing:
    """What the formatter that complained would write."""
    lines = plain_lines(log)
    named = [match["path"] for line in lines if (match := _UNFORMATTED.match(line))]
    files = _arguments(_in_tree(named, tree))
    if any(_ISORT in line for line in lines):
        return (yield from changed_by([f"ruff check --fix-only --select I {files}"], tree))
    hooks = [match["name"].lower() for line in lines if (match := _HOOK.match(line))]
    if any(hook.startswith("black") for hook in hooks) or any(_BLACK.search(line) for line in lines):
        return (yield from changed_by([f"black {files}"], tree, check=f"black --check {files}"))
    if named or any("ruff" in hook for hook in hooks):
        return (yield from changed_by([f"ruff format {files}"], tree, check=f"ruff format --check {files}"))
    return (yield from _own_fix(tree, "the formatter that complains"))


def _own_fix(tree: Tree, tool: str) -> Fixing:
    config = repository_config(tree)
    if not config.fix:
        raise NeedsHuman(
            f"{tool} cannot be run here, and the repository does not say how to repair; add a `fix` command "
            f"to .slipway.yml, or repair it by hand"
        )
    return (yield from changed_by(config.fix, tree))


def _violations(lines: tuple[str, ...], tree: Tree) -> _Named:
    codes: list[str] = []
    paths: list[str] = []
    hooks: list[str] = []
    for line, after in zip(lines, (*lines[1:], ""), strict=False):
        if match := _AT_LINE.match(line):
            codes.append(match["code"])
            paths.append(match["path"])
        elif (match := _CODE.match(line)) and (arrow := _ARROW.match(after)):
            codes.append(match["code"])
            paths.append(arrow["path"])
        elif match := _HOOK.match(line):
            hooks.append(match["name"])
    return _Named(
        codes=tuple(sorted(set(codes))), paths=_in_tree(paths, tree), hooks=tuple(dict.fromkeys(hooks))
    )


def _in_tree(named: Iterable[str], tree: Tree) -> tuple[str, ...]:
    """The repository's paths; a runner may show them with the folder that it checked out into."""
    found = []
    for name in dict.fromkeys(named):
        fits = [path for path in tree if name == path or name.removeprefix("./") == path]
        found += fits or [path for path in tree if name.endswith(f"/{path}")]
    return tuple(sorted(set(found)))


def _arguments(paths: tuple[str, ...]) -> str:
    return " ".join(map(shlex.quote, paths)) or "."


def _is_formatted_by_ruff(tree: Tree) -> bool:
    return any("ruff format" in command for command in repository_config(tree).format)
