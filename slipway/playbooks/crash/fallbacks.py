"""What stands beside a missing entry, and whether an answer is made of its own input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.guard_parts import Guard, segment
from slipway.playbooks.crash.trouble import Trouble

_MOST_ENTRIES = 12
_WORD = re.compile(r"\w{3,}")


def entries_beside(trouble: Trouble) -> tuple[str, ...]:
    """`TABLE[key]` for each key of the table that lacks one; keys that the module falls back to first."""
    look_up = _look_up(trouble)
    if look_up is None:
        return ()
    name = ast.unparse(look_up.value)
    keys = [
        ast.unparse(key)
        for table in _tables(trouble.module.tree, name)
        for key in table.keys
        if isinstance(key, ast.Constant)
    ][:_MOST_ENTRIES]
    used = set(_fallback_keys(trouble.module.tree))
    return tuple(f"{name}[{key}]" for key in sorted(keys, key=lambda key: key not in used))


def falling_back(trouble: Trouble, entry: str) -> Iterator[Guard]:
    """Look up with another entry of the same table as the default."""
    look_up = _look_up(trouble)
    if look_up is None or entry not in entries_beside(trouble):
        return
    table, key = (segment(trouble.module.text, part) for part in (look_up.value, look_up.slice))
    edit = Edit(node=look_up, expression=f"{table}.get({key}, {entry})")
    yield Guard(edits=(edit,), phrase=f"falls back to {entry}")


def repeats_input(value: str, attempt: Attempt) -> bool:
    """Whether the text holds a word of the example's own input: then it is no constant."""
    try:
        text = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return False
    program = "\n".join([*attempt.statements, attempt.expression])
    given = [node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant)]
    if isinstance(text, int | float) and not isinstance(text, bool):
        digits = str(abs(text)).rstrip("0").rstrip(".")
        numbers = {n.strip("0") for part in given for n in re.findall(r"\d+", str(part))} - {"", "1"}
        return len(digits) > 1 and any(number in digits or digits in number for number in numbers)
    if not isinstance(text, str):
        return False
    words = {word for part in given if isinstance(part, str) for word in _WORD.findall(part)}
    return not words.isdisjoint(_WORD.findall(text))


def _look_up(trouble: Trouble) -> ast.Subscript | None:
    """The one subscript of a plain name in the failing expression whose table the module defines."""
    found = [
        node
        for node in ast.walk(trouble.whole or trouble.statement)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and any(_tables(trouble.module.tree, node.value.id))
    ]
    return found[0] if len(found) == 1 else None


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
