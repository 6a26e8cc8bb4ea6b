"""Changes single expressions and statements of a source text and leaves every other character alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider


@dataclass(frozen=True, kw_only=True)
class Edit:
    """At one node: put another expression in its place, other statements, or statements before it."""

    node: ast.expr | ast.stmt
    expression: str | None = None
    statements: str | None = None
    before: str | None = None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits done; LookupError when a node cannot be found, SyntaxError when code is bad."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    editor = _Editor([(_start(edit.node, text), edit) for edit in edits], wrapper.module)
    result = wrapper.visit(editor).code
    if editor.done < len(edits):
        raise LookupError("an expression to change was not found in the source")
    ast.parse(result)
    return result


def _start(node: ast.expr | ast.stmt, text: str) -> tuple[int, int, int, int]:
    """Lines from one and columns in characters, as LibCST counts."""
    lines = text.splitlines()

    def characters(line: int, column: int) -> int:
        return len(lines[line - 1].encode()[:column].decode(errors="replace"))

    last = node.end_lineno or node.lineno
    return (
        node.lineno,
        characters(node.lineno, node.col_offset),
        last,
        characters(last, node.end_col_offset or 0),
    )


class _Editor(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, edits: list[tuple[tuple[int, int, int, int], Edit]], module: cst.Module) -> None:
        super().__init__()
        self.edits = edits
        self.module = module
        self.done = 0

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        """Statements first come as lines, expressions as themselves."""
        updated = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseExpression):
            return self._expression(original_node, updated)
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            return self._statement(original_node, updated)
        return updated

    def _expression(self, original: cst.BaseExpression, updated: object) -> object:  # type: ignore[misc]
        span = self._span(original)
        for wanted, edit in self.edits:
            if edit.expression is not None and wanted == span:
                self.done += 1
                self.edits = [(where, other) for where, other in self.edits if other is not edit]
                assert isinstance(updated, cst.BaseExpression)
                fresh = cst.parse_expression(edit.expression, config=self.module.config_for_parsing)
                if updated.lpar and not getattr(fresh, "lpar", ()):
                    fresh = fresh.with_changes(lpar=updated.lpar, rpar=updated.rpar)
                return fresh
        return updated

    def _statement(self, original: cst.CSTNode, updated: object) -> object:
        span = self._span(original)
        for wanted, edit in self.edits:
            code = edit.statements or edit.before
            if code is None or wanted[:2] != span[:2]:
                continue
            self.done += 1
            assert isinstance(updated, cst.SimpleStatementLine | cst.BaseCompoundStatement)
            fresh = list(cst.parse_module(code, config=self.module.config_for_parsing).body)
            above, kept = _blank_lines(updated.leading_lines)
            if edit.before is not None:
                fresh.append(updated.with_changes(leading_lines=kept))
            else:
                above = tuple(updated.leading_lines)
            fresh[0] = fresh[0].with_changes(leading_lines=above)
            return cst.FlattenSentinel(fresh)
        return updated

    def _span(self, node: cst.CSTNode) -> tuple[int, int, int, int]:
        where = self.get_metadata(PositionProvider, node)
        return where.start.line, where.start.column, where.end.line, where.end.column


def _blank_lines(
    lines: Sequence[cst.EmptyLine],
) -> tuple[tuple[cst.EmptyLine, ...], tuple[cst.EmptyLine, ...]]:
    """Blank lines go above what is put in front; a comment stays with its statement."""
    count = 0
    while count < len(lines) and lines[count].comment is None:
        count += 1
    return tuple(lines[:count]), tuple(lines[count:])
