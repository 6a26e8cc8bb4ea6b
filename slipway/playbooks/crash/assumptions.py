"""What the code itself says should happen instead of a crash when the ticket does not, and why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.expected import fits, neutral_value
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import Function, Module, own_nodes
from slipway.playbooks.crash.trouble import Trouble
from slipway.playbooks.crash.values import EMPTY, VALUE, is_literal, source_of

_CONDITION = r"\s+(?:if|when|for|on|where|unless|without|as long as)\b"
_OR_VALUE = re.compile(
    r"(?:^|(?:\bor|\breturns?|\bgives?|\bis|[.,;(:])\s+)(?:an?\s+|the\s+)?" + VALUE + _CONDITION
    + r"|\b(?:if|when|for|without)\b[^.\n]{0,60},\s*(?:(?:it\s+)?(?:returns?|gives?|is)\s+)?"
    + VALUE.replace("?P<", "?P<b_")
    + r"|(?P<c_>[,;]\s+)" + VALUE.replace("?P<", "?P<d_") + r"\s+(?:otherwise|else)\b",
    re.IGNORECASE,
)  # fmt: skip
_RAISES = re.compile(r"(?:^|\n)\s*(?:Raises:?\s*\n\s*|:raises?\s+)(?P<name>\w+)\b", re.MULTILINE)
_NONE_OF = re.compile(
    r"\b(?:not|n't|never) (?:get|have|receive|pay|earn|need) (?:an? |any )(?P<a>\w+)"
    r"|\b(?:get|have|pay|earn|receive)s? no (?P<b>\w+)",
    re.IGNORECASE,
)
_CONTAINERS = frozenset({"[]", "{}", "set()", "()", "frozenset()"})
_NUMBERS = frozenset({"0", "0.0"})


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A behaviour that nobody asked for in words, and what suggests it."""

    expectation: Expectation
    because: str

    def __str__(self) -> str:
        """For plans and reasons."""
        return f"{self.expectation}, because {self.because}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """The failing expression and the function that a test would call."""

    trouble: Trouble
    entry: Function
    home: Module
    layout: Layout
    observed: tuple[str, ...] = ()
    prose: str = ""


def assumed(scene: Scene) -> tuple[Assumption, ...]:
    """What the strongest hint suggests; several when it is ambiguous, none when there is no hint."""
    for source in (_told, _documented, _in_function, _read_me, _callers, _siblings, _typed):
        found = tuple({each.expectation: each for each in source(scene)}.values())
        if found:
            return found
    return ()


def _told(scene: Scene) -> Iterator[Assumption]:
    """ "Guests just do not get a discount": there is none of what the function is named after."""
    neutral = neutral_value(scene.entry, scene.home, scene.layout, scene.observed)
    for match in _NONE_OF.finditer(scene.prose):
        noun = (match["a"] or match["b"]).lower()
        if neutral is not None and noun in scene.entry.name.lower().split("_"):
            wish = Expectation(wish=Wish.RETURN, value=neutral, loose=True)
            yield Assumption(expectation=wish, because=f"the ticket says that there is no {noun}")


def _documented(scene: Scene) -> Iterator[Assumption]:
    for function in dict.fromkeys((scene.entry, scene.trouble.function)):
        text = ast.get_docstring(function.node) or ""
        because = f"the docstring of `{function.qualified}` says so"
        for value in _values(text):
            wish = Expectation(wish=Wish.RETURN, value=value, loose=value == EMPTY)
            yield Assumption(expectation=wish, because=because)
        for match in _RAISES.finditer(text):
            wish = Expectation(wish=Wish.RAISE, exception=match["name"])
            yield Assumption(expectation=wish, because=because)


def _values(text: str) -> Iterator[str]:
    for match in _OR_VALUE.finditer(" ".join(text.split())):
        value = source_of(match)
        if value is None:
            inner = list(re.finditer(VALUE, match.group(), re.IGNORECASE))
            value = source_of(inner[-1]) if inner else None
        if value is not None:
            yield value


def _in_function(scene: Scene) -> Iterator[Assumption]:
    """What the same functions do in their other guards and with similar values."""
    trouble = scene.trouble
    for default in _defaults(trouble):
        yield Assumption(
            expectation=Expectation(wish=Wish.TREAT_AS, value=default),
            because=f"`{trouble.function.qualified}` gives similar values this default",
        )
    if trouble.loop is not None and any(isinstance(node, ast.Continue) for node in ast.walk(trouble.loop)):
        yield Assumption(
            expectation=Expectation(wish=Wish.SKIP), because="the loop skips other entries that it cannot use"
        )
        return
    for function in dict.fromkeys((scene.entry, trouble.function)):
        for wish in _guarded(function):
            yield Assumption(
                expectation=wish, because=f"the other checks in `{function.qualified}` do the same"
            )


def _guarded(function: Function) -> list[Expectation]:
    """What a function's guards give: constants returned, or errors raised, inside an if or an except."""
    values: list[str] = []
    raised: list[str] = []
    for node in own_nodes(function.node):
        match node.body if isinstance(node, ast.If | ast.ExceptHandler) else []:
            case [ast.Return(value=None)]:
                values.append("None")
            case [ast.Return(value=ast.expr() as value)] if is_literal(ast.unparse(value)):
                values.append(ast.unparse(value))
            case [ast.Raise(exc=ast.Call(func=ast.Name(id=name)))]:
                raised.append(name)
            case _:
                continue
    if values:
        return [Expectation(wish=Wish.RETURN, value=value) for value in dict.fromkeys(values)]
    return [Expectation(wish=Wish.RAISE, exception=name) for name in dict.fromkeys(raised)]


def _defaults(trouble: Trouble) -> tuple[str, ...]:
    """The defaults that the same function gives other keys."""
    if trouble.exception != "KeyError":
        return ()
    found = [
        ast.unparse(node.args[1])
        for node in ast.walk(trouble.function.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and len(node.args) == 2
        and is_literal(ast.unparse(node.args[1]))
    ]
    return tuple(dict.fromkeys(found))


def _read_me(scene: Scene) -> Iterator[Assumption]:
    """What is said of all functions of a module or class, or of this one in the README."""
    homes = [ast.get_docstring(scene.home.tree) or ""]
    if scene.entry.owner is not None:
        homes.append(ast.get_docstring(scene.entry.owner) or "")
    package = scene.home.path.rpartition("/")[0]
    for path, text in scene.layout.tree.items():
        if path == f"{package}/__init__.py" and (module := scene.layout.index.module(path)):
            homes.append(ast.get_docstring(module.tree) or "")
        elif path.lower().startswith("readme") or path.lower().startswith("docs/"):
            named = [line for line in text.splitlines() if re.search(rf"\b{scene.entry.name}\b", line)]
            homes.append("\n".join(named))
    for text in homes:
        for value in _values(text):
            wish = Expectation(wish=Wish.RETURN, value=value, loose=value == EMPTY)
            yield Assumption(expectation=wish, because="the documentation of the package says so")


def _callers(scene: Scene) -> Iterator[Assumption]:
    """What callers are ready for: they ask whether the answer is None, or pass a default where none is."""
    name, trouble = scene.entry.name, scene.trouble
    for function in scene.layout.index.functions():
        bound = {
            target.id
            for node in ast.walk(function.node)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _calls(node.value, name)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function.node):
            match node:
                case (
                    ast.Compare(left=ast.Name(id=asked), ops=[ast.Is() | ast.IsNot()])
                    | ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=asked))
                ) if asked in bound:
                    yield Assumption(
                        expectation=Expectation(wish=Wish.RETURN, value="None"),
                        because=f"`{function.qualified}` asks whether it got one",
                    )
                case ast.Call() if _calls(node, name) and trouble.cause.endswith("_is_none"):
                    for default in _passed_defaults(node):
                        yield Assumption(
                            expectation=Expectation(wish=Wish.TREAT_AS, value=default),
                            because=f"`{function.qualified}` passes {default} where there is none",
                        )
                case _:
                    continue


def _calls(node: ast.Call, name: str) -> bool:
    return ast.unparse(node.func).rpartition(".")[2] == name


def _passed_defaults(call: ast.Call) -> Iterator[str]:
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        match argument:
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]) if is_literal(
                ast.unparse(default)
            ):
                yield ast.unparse(default)
            case ast.BoolOp(op=ast.Or(), values=[_, default]) if is_literal(ast.unparse(default)):
                yield ast.unparse(default)
            case _:
                continue


def _siblings(scene: Scene) -> Iterator[Assumption]:
    """What other functions of the module or class return for nothing, where that can be a result here."""
    found: list[tuple[str, str]] = []
    for other in scene.home.functions:
        if other.node is scene.entry.node or other.owner is not scene.entry.owner or other.is_nested:
            continue
        for node in other.node.body[:3]:
            match node:
                case ast.If(
                    test=ast.UnaryOp(op=ast.Not()) | ast.Compare(),
                    body=[ast.Return(value=ast.expr() as value)],
                ) if is_literal(ast.unparse(value)):
                    found.append((ast.unparse(value), other.qualified))
                case _:
                    continue
    for given, name in found:
        if fits(given, scene.entry, scene.home, scene.layout, scene.observed):
            wish = Expectation(wish=Wish.RETURN, value=given)
            yield Assumption(expectation=wish, because=f"`{name}` gives that when there is nothing")


def _typed(scene: Scene) -> Iterator[Assumption]:
    """The empty value of the result's type, where one has a plain meaning; entries of a loop have none."""
    trouble = scene.trouble
    neutral = neutral_value(scene.entry, scene.home, scene.layout, scene.observed)
    if trouble.loop is not None or trouble.is_inner:
        around = _operation(trouble)
        if around is not None:
            wish = Expectation(wish=Wish.TREAT_AS, value=around)
            yield Assumption(expectation=wish, because="that changes nothing in the calculation around it")
        return
    is_optional = neutral == "None" and scene.entry.node.returns is not None
    is_nothing = trouble.cause.endswith(("_is_empty", "_is_zero")) or trouble.exception == "ZeroDivisionError"
    is_plain = neutral in _CONTAINERS or (neutral in _NUMBERS and is_nothing)
    if neutral is not None and (is_optional or is_plain):
        kind = "optional" if is_optional else "empty"
        wish = Expectation(wish=Wish.RETURN, value=neutral, loose=True)
        yield Assumption(expectation=wish, because=f"that is the {kind} value of what it returns")


def _operation(trouble: Trouble) -> str | None:
    """0 where the value is added or multiplied."""
    whole = trouble.whole
    for node in ast.walk(trouble.statement):
        match node:
            case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub()) if whole in {left, right}:
                return "0"
            case ast.AugAssign(value=value, op=ast.Add() | ast.Sub()) if value is whole:
                return "0"
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=element), *_]) if (
                element is whole
            ):
                return "0"
            case ast.Call(func=ast.Attribute(attr="join")) if whole in set(ast.walk(node)):
                return "''"
            case _:
                continue
    return None
