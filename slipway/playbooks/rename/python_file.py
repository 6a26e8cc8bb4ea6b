"""One Python file with its scopes and imports resolved, and the places in it to write a new name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst
from libcst.metadata import (
    Assignment,
    ImportAssignment,
    MetadataWrapper,
    PositionProvider,
    Scope,
    ScopeProvider,
)

Span = tuple[int, int]


@dataclass(eq=False, kw_only=True)
class PythonFile:
    """`module` is the name it is imported by; `spans` collects what is to be replaced."""

    repository: str
    path: str
    module: str
    text: str
    spans: dict[Span, str] = field(default_factory=dict)

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        return MetadataWrapper(cst.parse_module(self.text), unsafe_skip_copy=True)

    @cached_property
    def tree(self) -> cst.Module:
        """Its concrete syntax tree."""
        return self._wrapper.module

    @cached_property
    def syntax(self) -> ast.Module:
        """Its abstract syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def scopes(self) -> Mapping[cst.CSTNode, Scope]:
        """The scope of every node."""
        resolved = self._wrapper.resolve(ScopeProvider)
        return {node: scope for node, scope in resolved.items() if isinstance(scope, Scope)}

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, object]:
        return self._wrapper.resolve(PositionProvider)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    @property
    def is_package(self) -> bool:
        """Whether it is an `__init__.py`."""
        return self.path.endswith("__init__.py")

    def span(self, node: cst.CSTNode) -> Span:
        """Offsets of a node in the text."""
        where = self._positions[node]
        if not isinstance(where, cst.metadata.CodeRange):
            raise LookupError(f"{self.path}: a node has no position")
        start, end = where.start, where.end
        return self._starts[start.line - 1] + start.column, self._starts[end.line - 1] + end.column

    def put(self, node: cst.CSTNode, text: str) -> None:
        """Replace a node."""
        self.spans[self.span(node)] = text

    def line_of(self, node: cst.CSTNode) -> int:
        """Line on which a node starts."""
        return self.text.count("\n", 0, self.span(node)[0]) + 1

    @property
    def result(self) -> str:
        """The text with everything replaced."""
        text = self.text
        for (start, end), new in sorted(self.spans.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """Every node, outer ones first."""
        return tuple(_walk(self.tree))

    def absolute(self, node: cst.ImportFrom) -> str:
        """The module that a from-import names, relative ones resolved."""
        named = dotted(node.module) if node.module is not None else ""
        level = len(node.relative)
        if not level:
            return named or ""
        parts = self.module.split(".")
        parts = parts if self.is_package else parts[:-1]
        parts = parts[: len(parts) - (level - 1)] if level > 1 else parts
        return ".".join([*parts, *([named] if named else [])])

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names to what they were imported from."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar):
                base = self.absolute(node)
                for alias in node.names:
                    local = alias.evaluated_alias or alias.evaluated_name
                    found[local] = f"{base}.{alias.evaluated_name}"
            elif isinstance(node, cst.Import):
                for alias in node.names:
                    name = alias.evaluated_name
                    if alias.evaluated_alias:
                        found[alias.evaluated_alias] = name
                    else:
                        found[name.partition(".")[0]] = name.partition(".")[0]
        return found

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules whose names are all imported."""
        return tuple(
            self.absolute(node)
            for node in self.nodes
            if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar)
        )

    def meant(self, node: cst.BaseExpression) -> str | None:
        """What an expression such as `q.net_price` names, through the imports; own names get the module's."""
        name = dotted(node)
        if name is None:
            return None
        first, _, rest = name.partition(".")
        root = node
        while isinstance(root, cst.Attribute):
            root = root.value
        scope = self.scopes.get(root)
        assignments = scope[first] if scope is not None and first in scope else ()
        if any(isinstance(each, ImportAssignment) for each in assignments) and first in self.imports:
            base = self.imports[first]
        elif any(isinstance(each, Assignment) and each.scope is self.scopes_global for each in assignments):
            base = f"{self.module}.{first}"
        else:
            return None
        return f"{base}.{rest}" if rest else base

    @cached_property
    def scopes_global(self) -> Scope | None:
        """The module's own scope."""
        return self.scopes.get(self.tree.body[0]) if self.tree.body else None


def dotted(node: cst.CSTNode | None) -> str | None:
    """`a.b.c` of names and attributes; None for anything else."""
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            base = dotted(value)
            return f"{base}.{name}" if base else None
        case _:
            return None


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _walk(child)
