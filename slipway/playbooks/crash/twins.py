"""Harmless versions of a crashing program: the bad entry left out, or the missing value filled in.

What the unchanged code answers for them is what the repaired code must answer for the crashing one.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.text_content import json_in, table_in

_LIMIT = 60


def without_entries(attempt: Attempt) -> tuple[Attempt, ...]:
    """Each element of each collection, and each line of each text, left out once."""
    return _variants(attempt, _shorter)


def with_value(attempt: Attempt, value: str, key: str | None) -> tuple[Attempt, ...]:
    """The value in place of each None and each text, or under the missing key of each dictionary."""

    def filled(node: ast.expr) -> Iterator[ast.expr]:
        yield from _filled(node, value, key)

    return _variants(attempt, filled)


def without_value(attempt: Attempt) -> tuple[Attempt, ...]:
    """Each key of each dictionary, each variable of the environment and each named argument left out once."""

    def shorter(node: ast.expr) -> Iterator[ast.expr]:
        match node:
            case ast.Dict():
                yield from _shorter(node)
            case ast.Call(keywords=keywords):
                for number in range(len(keywords)):
                    rest = [*keywords[:number], *keywords[number + 1 :]]
                    yield ast.Call(func=node.func, args=node.args, keywords=rest)
            case ast.Constant(value=str() as text) if isinstance(json_in(text), dict):
                content = json_in(text)
                assert isinstance(content, dict)
                for key in content:
                    yield ast.Constant(value=json.dumps({k: v for k, v in content.items() if k != key}))
            case _:
                return

    unset = tuple(
        replace(attempt, environment={**attempt.environment, name: None}) for name in attempt.environment
    )
    return (*unset, *_variants(attempt, shorter))


def _variants(attempt: Attempt, change: object) -> tuple[Attempt, ...]:
    assert callable(change)
    found = []
    tree = ast.parse(attempt.expression, mode="eval").body
    for path, node in _walk(tree):
        for changed in change(node):
            found.append(replace(attempt, expression=ast.unparse(_with(tree, path, changed)), expected=None))
    for number, statement in enumerate(attempt.statements):
        match ast.parse(statement).body:
            case [ast.Assign(value=value)]:
                for path, node in _walk(value):
                    for changed in change(node):
                        target = statement[: statement.index("=") + 1]
                        code = f"{target} {ast.unparse(_with(value, path, changed))}"
                        lines = (*attempt.statements[:number], code, *attempt.statements[number + 1 :])
                        found.append(replace(attempt, statements=lines, expected=None))
            case _:
                continue
    return tuple(dict.fromkeys(found))[:_LIMIT]


Path = tuple[tuple[str, int | None], ...]


def _walk(node: ast.AST, path: Path = ()) -> Iterator[tuple[Path, ast.expr]]:
    if isinstance(node, ast.expr):
        yield path, node
    for name, child in ast.iter_fields(node):
        if isinstance(child, list):
            for number, item in enumerate(child):
                if isinstance(item, ast.AST):
                    yield from _walk(item, (*path, (name, number)))
        elif isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
            yield from _walk(child, (*path, (name, None)))


def _with(tree: ast.expr, path: Path, replacement: ast.expr) -> ast.expr:
    if not path:
        return replacement
    root = deepcopy(tree)
    holder: ast.AST = root
    for name, number in path[:-1]:
        child = getattr(holder, name)
        holder = child if number is None else child[number]
    name, number = path[-1]
    if number is None:
        setattr(holder, name, replacement)
    else:
        getattr(holder, name)[number] = replacement
    return root


def _shorter(node: ast.expr) -> Iterator[ast.expr]:  # noqa: C901  (one case for each kind)
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for number in range(len(parts)):
                yield type(node)(elts=[*parts[:number], *parts[number + 1 :]], ctx=ast.Load())
        case ast.Dict(keys=keys, values=values):
            for number in range(len(keys)):
                yield ast.Dict(
                    keys=[*keys[:number], *keys[number + 1 :]],
                    values=[*values[:number], *values[number + 1 :]],
                )
        case ast.Constant(value=str() as text):
            content = json_in(text)
            if isinstance(content, list):
                for number in range(len(content)):
                    yield ast.Constant(value=json.dumps([*content[:number], *content[number + 1 :]]))
            lines = text.splitlines(keepends=True)
            for number in range(len(lines)):
                yield ast.Constant(value="".join([*lines[:number], *lines[number + 1 :]]))
            for separator in (",", ";", " "):
                parts_ = text.split(separator)
                for number in range(len(parts_) if len(parts_) > 1 else 0):
                    yield ast.Constant(value=separator.join([*parts_[:number], *parts_[number + 1 :]]))
        case _:
            return


def _filled(node: ast.expr, value: str, key: str | None) -> Iterator[ast.expr]:
    fresh = ast.parse(value, mode="eval").body
    match node:
        case ast.Dict(keys=keys, values=values) if key is not None:
            if key not in {ast.unparse(k) for k in keys if k is not None}:
                yield ast.Dict(keys=[*keys, ast.parse(key, mode="eval").body], values=[*values, fresh])
        case ast.Constant(value=None) if key is None:
            yield fresh
        case ast.Constant(value=str() as text):
            yield from _filled_text(text, value, key)
        case _:
            return


def _filled_text(text: str, value: str, key: str | None) -> Iterator[ast.expr]:
    try:
        plain = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return
    content = json_in(text)
    if content is not None and key is not None:
        for changed in _filled_json(content, ast.literal_eval(key), plain):
            yield ast.Constant(value=json.dumps(changed))
    if table := table_in(text):
        for number in range(1, len(table.rows)):
            row = table.rows[number]
            for column in range(len(row)):
                filled = [*row[:column], str(plain), *row[column + 1 :]]
                yield ast.Constant(
                    value=table.text([*table.rows[:number], filled, *table.rows[number + 1 :]])
                )
        if key is not None:
            header = [*table.rows[0], str(ast.literal_eval(key))]
            body = [[*row, str(plain)] for row in table.rows[1:]]
            yield ast.Constant(value=table.text([header, *body]))
    elif key is None and content is None:
        yield ast.Constant(value=str(plain))


def _filled_json(content: object, key: object, plain: object) -> Iterator[object]:
    """The content with the key added to one dictionary that lacks it."""
    if isinstance(content, dict):
        if isinstance(key, str) and key not in content:
            yield {**content, key: plain}
        for name, inner in content.items():
            for changed in _filled_json(inner, key, plain):
                yield {**content, name: changed}
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            for changed in _filled_json(inner, key, plain):
                yield [*content[:number], changed, *content[number + 1 :]]
