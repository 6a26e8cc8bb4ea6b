"""Spoils one part of an ordinary value: what is missing, None, empty, zero or unreadable in real life."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from slipway.playbooks.crash.claim import Crash
from slipway.playbooks.crash.text_mutations import message_literal, spoiled_texts

MAX_MUTANTS = 240
_WEIRD = ("''", "'abc'", "' '", "'-'", "'1'", "'a=b=c'", "'a,b'", "'a:b'")
_NUMBERS = ("0", "-1")
_FAR = 1000
_FILES = {"_file", "_text_file"}


def mutants(source: str, *, crash: Crash, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Every expression that differs from `source` in one spoiled part, the likeliest first.

    `texts` are literals from the ticket.
    """
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError:
        return ()
    scored: dict[str, int] = {}
    for path, node in _parts(tree):
        for order, (likelihood, replacement) in enumerate(_spoiled(node, crash, texts)):
            if not path and not isinstance(node, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.Set):
                continue  # The call itself is what must crash.
            mutant = ast.unparse(_replaced(tree, path, replacement))
            score = likelihood * 1000 - order - 2 * len(path)
            scored[mutant] = max(score, scored.get(mutant, score))
    scored.pop(ast.unparse(tree), None)
    ranked = sorted(scored, key=lambda mutant: (-scored[mutant], len(mutant), mutant))
    return tuple(ranked[:MAX_MUTANTS])


Path = tuple[tuple[str, int | None], ...]
Spoiled = Iterator[tuple[int, ast.expr | None]]


def _parts(node: ast.expr, path: Path = ()) -> Iterator[tuple[Path, ast.expr]]:
    """Every value inside an expression with the way to it; names of functions are no values."""
    yield path, node
    for name, child in ast.iter_fields(node):
        if isinstance(node, ast.Call) and name == "func":
            # A method's object is a value too: Cart([]).total().
            if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Call):
                yield from _parts(child.value, (*path, ("func", None), ("value", None)))
            continue
        if isinstance(child, ast.expr):
            if not (isinstance(node, ast.Attribute) and isinstance(child, ast.Name)):
                yield from _parts(child, (*path, (name, None)))
        elif isinstance(child, list) and not (isinstance(node, ast.Dict) and name == "keys"):
            for number, item in enumerate(child):
                if isinstance(item, ast.keyword):
                    yield from _parts(item.value, (*path, (name, number), ("value", None)))
                elif isinstance(item, ast.expr):
                    yield from _parts(item, (*path, (name, number)))


def _replaced(tree: ast.expr, path: Path, replacement: ast.expr | None) -> ast.expr:
    """A copy with another part; None takes the part out of the container or call that holds it."""
    if not path:
        return replacement or tree
    root = deepcopy(tree)
    steps: list[ast.AST] = [root]
    for name, number in path[:-1]:
        child = getattr(steps[-1], name)
        steps.append(child if number is None else child[number])
    holder, (name, number) = steps[-1], path[-1]
    if replacement is None and isinstance(holder, ast.keyword):
        arguments = getattr(steps[-2], path[-2][0])
        arguments.remove(holder)
    elif number is None:
        setattr(holder, name, replacement)
    elif replacement is None:
        del getattr(holder, name)[number]
    else:
        getattr(holder, name)[number] = replacement
    return root


def _spoiled(node: ast.expr, crash: Crash, texts: tuple[str, ...]) -> Spoiled:  # noqa: C901  (one case for each kind)
    """Replacements for one value, each with how well it fits the exception (0 to 3)."""
    none_wanted = crash.exception in {"AttributeError", "TypeError"} or "NoneType" in crash.message
    match node:
        case ast.Dict():
            yield from _without_keys(node, crash)
            yield (2 if crash.exception in {"KeyError", "StopIteration"} else 1), ast.Dict(keys=[], values=[])
        case ast.List() | ast.Tuple() | ast.Set() if node.elts:
            is_empty_wanted = crash.exception in {
                "IndexError",
                "ZeroDivisionError",
                "StopIteration",
                "StatisticsError",
            }
            is_empty_wanted |= "empty" in crash.message
            empty = ast.parse(
                "set()" if isinstance(node, ast.Set) else "()" if isinstance(node, ast.Tuple) else "[]"
            )
            assert isinstance(empty.body[0], ast.Expr)
            yield (3 if is_empty_wanted else 1), empty.body[0].value
            for keep in range(1, min(len(node.elts), 4)):
                yield 1, type(node)(elts=node.elts[:keep])
        case ast.Call(
            func=ast.Name(id=name),
            args=[ast.Constant(value=str() as file), ast.Constant(value=str() as text)],
        ) if name in _FILES:
            for changed in spoiled_texts(text, crash=crash, texts=texts, mutants=mutants):
                yield 2, _call(name, file, changed)
        case ast.Call(func=ast.Attribute(attr="StringIO"), args=[ast.Constant(value=str() as text)]):
            for changed in spoiled_texts(text, crash=crash, texts=texts, mutants=mutants):
                yield 2, _expression(f"io.StringIO({changed!r})")
        case ast.Call(func=ast.Name(id="SimpleNamespace")):
            pass
        case ast.Constant(value=str() as text):
            yield from _instead_of_text(text, crash, texts)
        case ast.Constant(value=bool()):
            yield 0, ast.Constant(value=not node.value)
        case ast.Constant(value=int() | float()):
            if crash.exception == "IndexError":
                yield 2, ast.Constant(value=_FAR)
            for number in _NUMBERS:
                yield (
                    (
                        3
                        if crash.exception in {"ZeroDivisionError", "InvalidOperation"} and number == "0"
                        else 1
                    ),
                    _expression(number),
                )
            for text in texts:
                if not text.startswith(("'", '"')):
                    yield 2, _expression(text)
            if key := message_literal(crash):
                yield 2, _expression(key)
        case _:
            pass
    if not (isinstance(node, ast.Constant) and node.value is None) and not isinstance(node, ast.Lambda):
        yield (3 if none_wanted else 0), ast.Constant(value=None)


def _without_keys(node: ast.Dict, crash: Crash) -> Spoiled:
    for number, key in enumerate(node.keys):
        kept = [other for other in range(len(node.keys)) if other != number]
        is_named = key is not None and ast.unparse(key) == message_literal(crash)
        likelihood = 3 if is_named else 2 if crash.exception == "KeyError" else 0
        yield likelihood, ast.Dict(keys=[node.keys[n] for n in kept], values=[node.values[n] for n in kept])


def _instead_of_text(text: str, crash: Crash, texts: tuple[str, ...]) -> Spoiled:
    for offered in texts:
        yield 2, _expression(offered)
    if key := message_literal(crash):
        yield (3 if crash.exception in {"KeyError", "ValueError"} else 2), _expression(key)
    for weird in _WEIRD:
        yield (2 if crash.exception in {"ValueError", "IndexError"} else 1), _expression(weird)
    for changed in spoiled_texts(text, crash=crash, texts=texts, mutants=mutants):
        yield 1, ast.Constant(value=changed)


def _call(name: str, *arguments: str) -> ast.expr:
    return _expression(f"{name}({', '.join(map(repr, arguments))})")


def _expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body
