"""Keeps an old function name working for a while, with a warning."""

from __future__ import annotations

import ast
from textwrap import indent

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename.definitions import Definition
from slipway.playbooks.rename.types import FunctionNode


def with_alias(text: str, found: Definition, new: str) -> str:
    """The defining file, already renamed, with a function of the old name that warns and passes on."""
    owner = found.owner.rpartition(".")[2]
    body = ast.parse(text).body
    if owner:
        classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
        body = next((node.body for node in classes if node.name == owner), [])
    node = next((each for each in body if isinstance(each, FunctionNode) and each.name == new), None)
    if node is None:
        raise NeedsHuman(
            f"{found.title}: the ticket asks to keep the old name as an alias, which rules do for functions "
            f"and methods only; this needs a language model: set SLIPWAY_MODEL_PROVIDER=bedrock or openai"
        )
    lines = text.splitlines()
    prefix = "    " * (node.col_offset // 4)
    code = indent(_function(node, found.name, new, in_class=bool(owner)), prefix)
    blank = [""] if owner else ["", ""]
    at = node.end_lineno or len(lines)
    text = "\n".join([*lines[:at], *blank, *code.splitlines(), *lines[at:]]) + "\n"
    return text if _imports_warnings(text) else _with_import(text)


def _function(node: FunctionNode, old: str, new: str, *, in_class: bool) -> str:
    arguments = node.args
    decorators = [f"@{ast.unparse(each)}" for each in node.decorator_list]
    if any(each not in {"@staticmethod", "@classmethod"} for each in decorators):
        raise NeedsHuman(f"`{new}` has decorators; its deprecated alias must be written by a person")
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    receiver = positional.pop(0) if in_class and "@staticmethod" not in decorators else ""
    given = [*positional, *([f"*{arguments.vararg.arg}"] if arguments.vararg else [])]
    given += [f"{each.arg}={each.arg}" for each in arguments.kwonlyargs]
    given += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    called = f"{receiver}.{new}" if receiver else new
    is_async = isinstance(node, ast.AsyncFunctionDef)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    head = f"{'async ' if is_async else ''}def {old}({ast.unparse(arguments)}){returns}:"
    return "\n".join(
        [
            *decorators,
            head,
            f'    """Deprecated: use `{new}`."""',
            f'    warnings.warn("{old} is deprecated, use {new}", DeprecationWarning, stacklevel=2)',
            f"    return {'await ' if is_async else ''}{called}({', '.join(given)})",
        ]
    )


def _imports_warnings(text: str) -> bool:
    return any(
        isinstance(node, ast.Import) and any(each.name == "warnings" for each in node.names)
        for node in ast.parse(text).body
    )


def _with_import(text: str) -> str:
    """After the documentation string and `__future__` imports; the linter sorts it in."""
    body = ast.parse(text).body
    at = 0
    for node in body:
        is_doc = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_doc or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            at = node.end_lineno or at
        else:
            break
    lines = text.splitlines()
    following = lines[at + 1 : at + 2] if at else []
    gap = [""] if at else []
    rest = lines[at + 1 :] if following and not lines[at].strip() else lines[at:]
    tail = [] if rest and rest[0].startswith(("import ", "from ")) else [""]
    return "\n".join([*lines[:at], *gap, "import warnings", *tail, *rest]) + "\n"
