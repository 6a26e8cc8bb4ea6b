"""Changes single expressions and statements of a source text and leaves every other character alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from slipway.playbooks.crash.quotes import Style, quote_style, requoted

Span = tuple[int, int, int, int]
"""First line and column, last line and column; columns count characters."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """At one node: put another expression in its place, other statements, or statements before it."""

    node: ast.expr | ast.stmt
    expression: str | None = None
    statements: str | None = None
    before: str | None = None

    def requoted(self, style: Style) -> Edit:
        """The same with its strings quoted as the file quotes."""

        def changed(code: str | None) -> str | None:
            return None if code is None else requoted(code, style)

        return replace(
            self,
            expression=changed(self.expression),
            statements=changed(self.statements),
            before=changed(self.before),
        )


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits done; LookupError when a node cannot be found, SyntaxError when code is bad."""
    style = quote_style(text)
    edits = [edit.requoted(style) for edit in edits]
    wrapper = MetadataWrapper(cst.parse_module(text))
    editor = _Editor([(_start(edit.node, text), edit) for edit in edits], wrapper.module)
    result = wrapper.visit(editor).code
    if editor.done < len(edits):
        raise LookupError("an expression to change was not found in the source")
    ast.parse(result)
    return result


def _start(node: ast.expr | ast.stmt, text: str) -> Span:
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

    def __init__(self, edits: list[tuple[Span, Edit]], module: cst.Module) -> None:
        super().__init__()
        self.edits = edits
        self.config = module.config_for_parsing
        self.done = 0

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        """An expression is replaced where it stands; a statement's change may become several statements."""
        updated = super().on_leave(original_node, updated_node)
        changed: object = updated
        if isinstance(updated, cst.BaseExpression):
            changed = self._expression(self._span(original_node), updated)
        elif isinstance(updated, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            changed = self._statement(self._span(original_node), updated)
        return changed  # type: ignore[return-value]  # LibCST allows any node of the same syntactic role here

    def _expression(self, span: Span, updated: cst.BaseExpression) -> cst.BaseExpression:
        for wanted, edit in self.edits:
            inner = (wanted[0], wanted[1] + 1, wanted[2], wanted[3] - 1)
            is_argument = isinstance(updated, cst.GeneratorExp) and span == inner
            if edit.expression is None or not (span == wanted or is_argument):
                continue
            self.edits = [(where, other) for where, other in self.edits if other is not edit]
            self.done += 1
            fresh = cst.parse_expression(edit.expression, config=self.config)
            if updated.lpar or isinstance(updated, cst.GeneratorExp):
                # Parentheses that a call or the author put there stay the only ones.
                fresh = fresh.with_changes(lpar=updated.lpar, rpar=updated.rpar)
            return fresh
        return updated

    def _statement(
        self, span: Span, updated: cst.SimpleStatementLine | cst.BaseCompoundStatement
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        for wanted, edit in self.edits:
            code = edit.statements or edit.before
            if code is None or wanted[:2] != span[:2]:
                continue
            self.edits = [(where, other) for where, other in self.edits if other is not edit]
            self.done += 1
            fresh: list[cst.BaseStatement] = [
                statement
                for statement in cst.parse_module(code, config=self.config).body
                if isinstance(statement, cst.BaseStatement)
            ]
            above, kept = _blank_lines(updated.leading_lines)
            if edit.before is not None:
                is_definition = isinstance(fresh[0], cst.FunctionDef | cst.ClassDef)
                fresh.append(updated.with_changes(leading_lines=(*(above if is_definition else ()), *kept)))
            else:
                above = tuple(updated.leading_lines)
            return cst.FlattenSentinel([fresh[0].with_changes(leading_lines=above), *fresh[1:]])
        return updated

    def _span(self, node: cst.CSTNode) -> Span:
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
