"""What stands beside a missing entry, and whether an answer is made of its own input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.trouble import Trouble

_MOST_ENTRIES = 12
_WORD = re.compile(r"\w{3,}")


def entries_beside(trouble: Trouble) -> tuple[str, ...]:
    """`TABLE[key]` for each key of the table that lacks one; keys that the module falls back to first."""
    whole = trouble.whole
    if not (isinstance(whole, ast.Subscript) and isinstance(whole.value, ast.Name)):
        return ()
    keys = [
        ast.unparse(key)
        for table in _tables(trouble.module.tree, whole.value.id)
        for key in table.keys
        if isinstance(key, ast.Constant)
    ][:_MOST_ENTRIES]
    used = set(_fallback_keys(trouble.module.tree))
    return tuple(f"{whole.value.id}[{key}]" for key in sorted(keys, key=lambda key: key not in used))


def repeats_input(value: str, attempt: Attempt) -> bool:
    """Whether the text holds a word of the example's own input: then it is no constant."""
    try:
        text = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return False
    if not isinstance(text, str):
        return False
    program = "\n".join([*attempt.statements, attempt.expression])
    given = {
        word
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in _WORD.findall(node.value)
    }
    return not given.isdisjoint(_WORD.findall(text))


def _tables(tree: ast.Module, name: str) -> Iterator[ast.Dict]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Dict() as table) if found == name:
                yield table
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.Dict() as table) if found == name:
                yield table


def _fallback_keys(tree: ast.Module) -> Iterator[str]:
    """Keys that some `table.get(key, table[fallback])` of the module falls back to."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, ast.Subscript(slice=key)]):
                yield ast.unparse(key)
