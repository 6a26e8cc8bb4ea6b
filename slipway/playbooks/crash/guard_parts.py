"""What guards are made of: edits with a phrase, fresh names, pieces of the source as they stand."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass

from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.source_index import last_name
from slipway.playbooks.crash.trouble import Trouble

Edits = tuple[Edit, ...]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Edits of one file and a phrase for what they do."""

    edits: Edits
    phrase: str


def fresh_name(trouble: Trouble, node: ast.expr) -> str:
    """A name for a value that has none yet, after what it is made from."""
    match node:
        case ast.Call(func=func) if last_name(func) in {"match", "search", "fullmatch"}:
            name = "match"
        case ast.Call(func=func) if re.match(
            r"(?:get|find|load|fetch|lookup|read|parse)_\w", last_name(func)
        ):
            name = last_name(func).split("_", 1)[1]
        case ast.Call(args=[inner, *_]) if found := re.findall(r"[a-z]\w*", ast.unparse(inner)):
            name = found[-1]
        case ast.Subscript(slice=ast.Constant(value=str() as key)) if key.isidentifier():
            name = key
        case ast.Attribute(attr=attr):
            name = attr
        case _:
            name = "found"
    used = {n.id for n in ast.walk(trouble.function.node) if isinstance(n, ast.Name)} | set(dir(builtins))
    used |= module_names(trouble.module.tree)
    used |= {n.arg for n in ast.walk(trouble.function.node) if isinstance(n, ast.arg)}
    options = [name, f"{name}_value", "found", "outcome", f"{name}_or_default"]
    return next((option for option in options if option not in used and option.isidentifier()), f"{name}_2")


def module_names(tree: ast.Module) -> set[str]:
    """Names that a module binds at its top."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return names


def segment(text: str, node: ast.expr | ast.stmt) -> str:
    """A node's source as the author wrote it."""
    return ast.get_source_segment(text, node) or ast.unparse(node)


def aligned(lines: str, column: int) -> str:
    """Lines after the first lose the indentation that the first one had."""
    first, *rest = lines.split("\n")
    return "\n".join([first, *(line[column:] if line[:column].isspace() else line for line in rest)])


def indent(trouble: Trouble) -> str:
    """One level as the file indents."""
    function = trouble.function.node
    return " " * max(function.body[0].col_offset - function.col_offset, 1)
