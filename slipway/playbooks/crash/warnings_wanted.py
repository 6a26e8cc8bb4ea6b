"""Guards that also say in the log what they leave out, with the logger that the module has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.guard_parts import Guard
from slipway.playbooks.crash.trouble import Trouble


def warned(trouble: Trouble, found: Iterator[Guard]) -> Iterator[Guard]:
    """Each guard with a warning before its `continue`; guards that have none cannot say anything."""
    logger, definition = _logger(trouble.module.tree)
    for guard in found:
        edits = tuple(_with_warning(edit, logger, _shown(trouble)) for edit in guard.edits)
        if edits == guard.edits:
            continue
        if definition is not None:
            edits = (*edits, definition)
        yield replace(guard, edits=edits, phrase=f"{guard.phrase} with a warning")


def _with_warning(edit: Edit, logger: str, shown: str | None) -> Edit:
    def told(code: str | None) -> str | None:
        if code is None:
            return None
        lines = []
        for line in code.split("\n"):
            if line.strip() == "continue":
                margin = line[: len(line) - len(line.lstrip())]
                told_of = f'"skipped %r", {shown}' if shown else '"skipped an entry"'
                lines.append(f"{margin}{logger}.warning({told_of})")
            lines.append(line)
        return "\n".join(lines)

    return replace(edit, statements=told(edit.statements), before=told(edit.before))


def _shown(trouble: Trouble) -> str | None:
    """The name of the loop's entry."""
    match trouble.loop:
        case ast.For(target=ast.Name(id=name)) | ast.AsyncFor(target=ast.Name(id=name)):
            return name
        case ast.For(target=ast.Tuple(elts=[*_, ast.Name(id=name)])):
            return name
        case _:
            return None


def _logger(tree: ast.Module) -> tuple[str, Edit | None]:
    """The module's logger, or `logging` itself; the edit that brings it in where there is neither."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)) if ast.unparse(
                func
            ).endswith("getLogger"):
                return name, None
            case _:
                continue
    for node in tree.body:
        if isinstance(node, ast.Import) and any(alias.name == "logging" for alias in node.names):
            return "logging", None
    first = next(
        (
            node
            for node in tree.body
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
            and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ),
        None,
    )
    return "logging", Edit(node=first, before="import logging") if first is not None else None
