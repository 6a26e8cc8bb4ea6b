"""The functions and classes of a repository's Python files, found by name, line or text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True, eq=False)
class Function:
    """One function. `owner` is its class; `is_nested` says that only its enclosing function can reach it."""

    path: str
    name: str
    qualified: str
    node: FunctionNode
    owner: ast.ClassDef | None = None
    is_nested: bool = False

    @property
    def decorators(self) -> frozenset[str]:
        """Last parts of the decorators' names, such as `property` and `setter`."""
        return frozenset(last_name(decorator) for decorator in self.node.decorator_list)

    @property
    def is_property(self) -> bool:
        """Whether it is read like an attribute."""
        return bool(self.decorators & {"property", "cached_property"})

    @property
    def is_generator(self) -> bool:
        """Whether calling it only starts an iteration."""
        return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(self.node))

    @property
    def is_async(self) -> bool:
        """Whether it must be awaited."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    def holds(self, line: int) -> bool:
        """Whether the line lies in it."""
        return self.node.lineno <= line <= (self.node.end_lineno or self.node.lineno)

    @property
    def parameters(self) -> tuple[ast.arg, ...]:
        """All named parameters without `self` and `cls`."""
        arguments = self.node.args
        named = [*arguments.posonlyargs, *arguments.args]
        is_bound = self.owner is not None and not self.is_nested and "staticmethod" not in self.decorators
        return (*(named[1:] if is_bound else named), *arguments.kwonlyargs)


@dataclass(frozen=True, kw_only=True, eq=False)
class Module:
    """One parsed file."""

    path: str
    text: str
    tree: ast.Module

    @cached_property
    def lines(self) -> list[str]:
        """The text without line ends."""
        return self.text.splitlines()

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function in it, also methods and nested ones."""
        return tuple(_functions(self.path, self.tree.body, prefix="", owner=None, is_nested=False))

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Its top-level classes by name."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    def enclosing(self, line: int) -> Function | None:
        """The innermost function that holds a line."""
        holding = [function for function in self.functions if function.holds(line)]
        return max(holding, key=lambda function: function.node.lineno, default=None)

    def reachable(self, function: Function) -> Function:
        """The function itself, or the one around it that a test can call."""
        while function.is_nested:
            outer = [
                other
                for other in self.functions
                if other is not function
                and other.holds(function.node.lineno)
                and other.node is not function.node
            ]
            if not outer:
                break
            function = max(outer, key=lambda other: other.node.lineno)
        return function


@dataclass(frozen=True, eq=False)
class SourceIndex:
    """All Python files of one tree that parse."""

    tree: Mapping[str, str]
    _parsed: dict[str, Module | None] = field(default_factory=dict, repr=False)

    def module(self, path: str) -> Module | None:
        """The parsed file; None when it is absent or has a syntax error."""
        if path not in self._parsed:
            self._parsed[path] = _parse(path, self.tree[path]) if path in self.tree else None
        return self._parsed[path]

    @cached_property
    def source_paths(self) -> tuple[str, ...]:
        """Python files that are not tests."""
        return tuple(sorted(path for path in self.tree if path.endswith(".py") and not is_test(path)))

    @cached_property
    def test_paths(self) -> tuple[str, ...]:
        """Python files with tests."""
        return tuple(sorted(path for path in self.tree if path.endswith(".py") and is_test_module(path)))

    def functions(self) -> Iterator[Function]:
        """Every function outside tests."""
        for path in self.source_paths:
            if module := self.module(path):
                yield from module.functions

    def class_named(self, name: str, *, near: str = "") -> tuple[Module, ast.ClassDef] | None:
        """A top-level class by name, in the file `near` first."""
        for path in dict.fromkeys((near, *self.source_paths)):
            module = self.module(path)
            if module and name in module.classes:
                return module, module.classes[name]
        return None

    def called(self, name: str, *, near: str = "") -> Function | None:
        """A module-level function by name, in the file `near` first."""
        for path in dict.fromkeys((near, *self.source_paths)):
            module = self.module(path)
            for function in module.functions if module else ():
                if function.qualified == name:
                    return function
        return None


def is_test(path: str) -> bool:
    """Whether a path belongs to the tests, their fixtures included."""
    parts = PurePosixPath(path).parts
    return (
        is_test_module(path)
        or any(part in {"tests", "test", "testing"} for part in parts[:-1])
        or parts[-1] == "conftest.py"
    )


def is_test_module(path: str) -> bool:
    """Whether pytest or unittest would collect the file."""
    name = PurePosixPath(path).name
    return name.endswith(".py") and (
        name.startswith("test_") or name.endswith("_test.py") or name == "tests.py"
    )


def last_name(node: ast.expr) -> str:
    """`property` for `@functools.property(...)` and the like."""
    match node:
        case ast.Call(func=func):
            return last_name(func)
        case ast.Attribute(attr=attr):
            return attr
        case ast.Name(id=name):
            return name
        case _:
            return ""


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_nodes(child)


def _parse(path: str, text: str) -> Module | None:
    try:
        return Module(path=path, text=text, tree=ast.parse(text))
    except (SyntaxError, ValueError):
        return None  # A file that does not parse cannot be the one that ran; its own tests will tell.


def _functions(
    path: str, body: list[ast.stmt], *, prefix: str, owner: ast.ClassDef | None, is_nested: bool
) -> Iterator[Function]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            qualified = f"{prefix}{node.name}"
            yield Function(
                path=path, name=node.name, qualified=qualified, node=node, owner=owner, is_nested=is_nested
            )
            inner = f"{qualified}.<locals>."
            yield from _functions(path, node.body, prefix=inner, owner=None, is_nested=True)
        elif isinstance(node, ast.ClassDef):
            inner = f"{prefix}{node.name}."
            yield from _functions(path, node.body, prefix=inner, owner=node, is_nested=is_nested)
        else:
            for block in ("body", "orelse", "finalbody"):
                nested = getattr(node, block, None)
                if isinstance(nested, list):
                    yield from _functions(path, nested, prefix=prefix, owner=owner, is_nested=is_nested)
            for handler in getattr(node, "handlers", ()):
                yield from _functions(path, handler.body, prefix=prefix, owner=owner, is_nested=is_nested)
