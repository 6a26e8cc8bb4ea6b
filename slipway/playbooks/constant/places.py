"""Every place in a repository where a value is written down under a name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from slipway.playbooks.crash.layout import Layout

Value = str | int | float | bool | None
Kind = Literal["variable", "default", "entry", "argument", "text", "setting"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """`start` and `end` bound the literal in the text; `wrapper` is the call around it, such as Decimal."""

    repository: str
    path: str
    name: str
    owner: str
    kind: Kind
    value: Value
    start: int
    end: int
    source: str
    context: str = ""
    wrapper: str = ""
    key: str = ""

    @property
    def title(self) -> str:
        """For people."""
        return f"{'.'.join(part for part in (self.owner, self.name) if part)} = {self.source} ({self.path})"


def code_places(repository: str, layout: Layout) -> Iterator[Place]:
    """All of a repository's code but its tests; texts inside of functions come as places without a name."""
    for path in layout.index.source_paths:
        module = layout.index.module(path)
        if module is not None:
            yield from _Reader(repository, path, module.text).read(module.tree)


class _Reader:
    def __init__(self, repository: str, path: str, text: str) -> None:
        self.repository, self.path, self.text = repository, path, text
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = text.splitlines()
        self.named: set[tuple[int, int]] = set()
        self.known: Mapping[str, int | float] = {}

    def read(self, tree: ast.Module) -> Iterator[Place]:
        """Named values first; then the texts that have no name."""
        self.known = _numbers(tree)
        # An option's default is met as a statement and inside of its function.
        found = list({(each.start, each.end): each for each in self._body(tree.body, "")}.values())
        self.named = {(place.start, place.end) for place in found}
        yield from found
        yield from self._texts(tree, "")

    def _body(self, body: list[ast.stmt], owner: str) -> Iterator[Place]:
        for node in body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield from self._value(name, owner, value, "variable", node)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    yield from self._value(name, owner, value, "variable", node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    inner = f"{owner}.{node.name}".lstrip(".")
                    yield from self._defaults(node, inner)
                    yield from self._decorators(node, inner)
                    yield from self._body(node.body, inner)
                    yield from self._arguments(node.body, inner)
                case ast.ClassDef():
                    yield from self._body(node.body, f"{owner}.{node.name}".lstrip("."))
                case ast.Expr(value=ast.Call()):
                    yield from self._arguments([node], owner)
                case ast.If() | ast.With() | ast.Try() | ast.For() | ast.While():
                    for block in ("body", "orelse", "finalbody"):
                        yield from self._body(getattr(node, block, []), owner)
                case _:
                    pass

    def _value(self, name: str, owner: str, value: ast.expr, kind: Kind, node: ast.AST) -> Iterator[Place]:
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    inner = f"{owner}.{name}".lstrip(".")
                    yield from self._value(key.value, inner, item, "entry", item)
            return
        if isinstance(value, ast.Call):
            yield from self._call(name, owner, value, kind, node)
            return
        known, result = evaluated(value, self.known)
        if known and any(isinstance(each, ast.Constant) for each in ast.walk(value)):
            yield self._place(name, owner, kind, value, result, node)

    def _call(self, name: str, owner: str, call: ast.Call, kind: Kind, node: ast.AST) -> Iterator[Place]:
        """`Decimal("1")`, `timedelta(seconds=3)`, `field(default=3)`, `os.environ.get("X", "3")`."""
        wrapper = ast.unparse(call.func)
        values = [*call.args, *(each.value for each in call.keywords if each.arg in {"default", None})]
        literal = [each for each in values if evaluated(each)[0]]
        if not literal and len(call.keywords) == 1:
            literal = [call.keywords[0].value] if evaluated(call.keywords[0].value)[0] else []
        if literal and wrapper.rpartition(".")[2] in {"get", "getenv"}:
            literal = literal[1:]
        if len(call.keywords) == 1 and not call.args and call.keywords[0].arg not in {"default", None}:
            wrapper = f"{wrapper}({call.keywords[0].arg}="
        if len(literal) == 1 or (literal and "default" in {each.arg for each in call.keywords}):
            yield self._place(name, owner, kind, literal[-1], evaluated(literal[-1])[1], node, wrapper)
        else:
            for nested in call.args:
                if isinstance(nested, ast.Call):
                    yield from self._call(name, owner, nested, kind, node)

    def _defaults(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Iterator[Place]:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        pairs: list[tuple[ast.arg, ast.expr | None]] = list(
            zip(named[len(named) - len(arguments.defaults) :], arguments.defaults, strict=True)
        )
        pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        for argument, default in pairs:
            if default is not None:
                yield from self._value(argument.arg, owner, default, "default", default)

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Iterator[Place]:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call):
                named = next((each.value for each in decorator.args if isinstance(each, ast.Constant)), None)
                for keyword in decorator.keywords:
                    known, value = evaluated(keyword.value)
                    if keyword.arg and known:
                        option = str(named).lstrip("-").replace("-", "_") if named else ""
                        name = option if keyword.arg == "default" and option else keyword.arg
                        yield self._place(name, owner, "argument", keyword.value, value, decorator)

    def _arguments(self, body: list[ast.stmt], owner: str) -> Iterator[Place]:
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    option = next(
                        (
                            str(each.value).lstrip("-").replace("-", "_")
                            for each in node.args
                            if isinstance(each, ast.Constant) and str(each.value).startswith("--")
                        ),
                        "",
                    )
                    for keyword in node.keywords:
                        known, value = evaluated(keyword.value)
                        if keyword.arg and known:
                            name = option if keyword.arg == "default" and option else keyword.arg
                            yield self._place(name, owner, "argument", keyword.value, value, node)

    def _texts(self, node: ast.AST, owner: str) -> Iterator[Place]:
        for child in ast.iter_child_nodes(node):
            inner = owner
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{owner}.{child.name}".lstrip(".")
            is_text = isinstance(child, ast.JoinedStr) or (
                isinstance(child, ast.Constant) and isinstance(child.value, str)
            )
            if not is_text or not isinstance(child, ast.expr):
                yield from self._texts(child, inner)
                continue
            place = self._place("", owner, "text", child, _text_of(child), child)
            if (place.start, place.end) not in self.named:
                yield place

    def _place(
        self,
        name: str,
        owner: str,
        kind: Kind,
        literal: ast.expr,
        value: Value,
        node: ast.AST,
        wrapper: str = "",
    ) -> Place:
        start = self._offset(literal.lineno, literal.col_offset)
        end = self._offset(literal.end_lineno or literal.lineno, literal.end_col_offset or 0)
        return Place(
            repository=self.repository,
            path=self.path,
            name=name,
            owner=owner,
            kind=kind,
            value=value,
            start=start,
            end=end,
            source=self.text[start:end],
            context=self._comment(getattr(node, "lineno", literal.lineno)),
            wrapper=wrapper,
        )

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode(errors="replace"))

    def _comment(self, line: int) -> str:
        """The comment on the line, those right above it, and a documentation string right below."""
        said = [self.lines[line - 1].partition("#")[2]]
        above = line - 2
        while above >= 0 and self.lines[above].lstrip().startswith("#"):
            said.append(self.lines[above].lstrip("# "))
            above -= 1
        if line < len(self.lines) and self.lines[line].lstrip().startswith('"""'):
            said.append(self.lines[line].strip(' "'))
        return " ".join(said)


def _numbers(tree: ast.Module) -> dict[str, int | float]:
    """Names that a module gives one number and never another, such as `KIB = 1024`."""
    stored = Counter(
        each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )
    found: dict[str, int | float] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if stored[name] == 1:
                known, number = evaluated(value, found)
                if known and isinstance(number, int | float) and not isinstance(number, bool):
                    found[name] = number
            case _:
                pass
    return found


def evaluated(node: ast.expr, names: Mapping[str, int | float] = MappingProxyType({})) -> tuple[bool, Value]:
    """Literals and arithmetic of literals and of a module's own numbers."""
    match node:
        case ast.Constant(value=str() | int() | float() | bool() | None as value):
            return True, value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            known, value = evaluated(operand)
            return (True, -value) if known and isinstance(value, int | float) else (False, None)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Pow() | ast.Add() | ast.Sub() as operator, right=right):
            (one, first), (two, second) = _operand(left, names), _operand(right, names)
            if not (one and two and isinstance(first, int | float) and isinstance(second, int | float)):
                return False, None
            match operator:
                case ast.Mult():
                    return True, first * second
                case ast.Pow():
                    return (True, float(first**second)) if abs(second) < 64 else (False, None)
                case ast.Add():
                    return True, first + second
                case _:
                    return True, first - second
        case _:
            return False, None


def _operand(node: ast.expr, names: Mapping[str, int | float]) -> tuple[bool, Value]:
    if isinstance(node, ast.Name):
        return node.id in names, names.get(node.id)
    return evaluated(node, names)


def _text_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{" + ast.unparse(part)[3:-2] + "}"
        for part in parts
    )
