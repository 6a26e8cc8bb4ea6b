"""Repairs those of mypy's complaints that say themselves what to write."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor, ImportItem

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.crash.layout import Layout

_ERROR = re.compile(
    r"^(?P<path>\S+?\.pyi?):(?P<line>\d+)(?::\d+)*: error: (?P<message>.+?)(?:\s+\[[\w-]+\])?$",
    re.MULTILINE,
)
_DEFAULT = re.compile(
    r'Incompatible default for (?:argument|parameter) "(?P<name>\w+)" \(default has type "?None"?'
)
_NEEDS = re.compile(r'Need type annotation for "(?P<name>\w+)" \(hint: "\w+: (?P<hint>.+?) = ')
_SHOWN = 5


@dataclass(frozen=True)
class _Edit:
    line: int
    change: Callable[[list[str]], None]
    imported: tuple[str, str] | None = None


def fixed(text: str, layout: Layout) -> Mapping[str, str | None]:
    """All files of the complaints; NeedsHuman when one of them needs thought."""
    complaints = list(_ERROR.finditer(text))
    if not complaints:
        raise NeedsHuman("the log holds no complaint of mypy that can be read")
    unclear = []
    edits: dict[str, list[_Edit]] = {}
    for each in complaints:
        path = next(
            (path for path in layout.tree if path == each["path"] or each["path"].endswith(f"/{path}")), None
        )
        edit = _edit(each, layout.tree[path], layout) if path is not None else None
        if path is None or edit is None:
            unclear.append(f"{each['path']}:{each['line']}: {each['message']}")
        else:
            edits.setdefault(path, []).append(edit)
    if unclear:
        raise NeedsHuman(f"mypy's complaints need a person's decision: {'; '.join(unclear[:_SHOWN])}")
    return {path: _edited(layout.tree[path], found) for path, found in edits.items()}


def _edit(complaint: re.Match[str], text: str, layout: Layout) -> _Edit | None:
    line, message = int(complaint["line"]), complaint["message"]
    if message.startswith('Unused "type: ignore"'):
        return _Edit(line, _without_ignore(line))
    if message.startswith("Function is missing a return type annotation"):
        node = _function(text, line)
        return _Edit(line, _returning_none(node)) if node is not None and _returns_nothing(node) else None
    if default := _DEFAULT.match(message):
        node = _function(text, line) or _enclosing(text, line)
        return _optional(node, default["name"], text, layout) if node is not None else None
    if needs := _NEEDS.match(message):
        hint = needs["hint"]
        changed = re.sub(r"<type>", "Any", hint)
        imported = ("typing", "Any") if changed != hint else None
        return _Edit(line, _annotated(line, needs["name"], changed), imported)
    return None


def _edited(text: str, edits: list[_Edit]) -> str:
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda each: -each.line):
        edit.change(lines)
    text = "".join(lines)
    items = [ImportItem(*edit.imported) for edit in edits if edit.imported]
    if items:
        text = AddImportsVisitor(CodemodContext(), items).transform_module(cst.parse_module(text)).code
    return text


def _without_ignore(line: int) -> Callable[[list[str]], None]:
    def change(lines: list[str]) -> None:
        lines[line - 1] = re.sub(r"\s*#\s*type:\s*ignore(?:\[[^\]]*\])?[ \t]*(?=\n|$|#)", "", lines[line - 1])

    return change


def _annotated(line: int, name: str, annotation: str) -> Callable[[list[str]], None]:
    def change(lines: list[str]) -> None:
        lines[line - 1] = re.sub(rf"\b{name}\s*=(?!=)", f"{name}: {annotation} =", lines[line - 1], count=1)

    return change


def _function(text: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno == line:
            return node
    return None


def _enclosing(text: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= line <= node.body[0].lineno
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def _returns_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return not any(
        isinstance(each, ast.Yield | ast.YieldFrom)
        or (isinstance(each, ast.Return) and each.value is not None)
        for each in ast.walk(node)
    )


def _returning_none(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Callable[[list[str]], None]:
    def change(lines: list[str]) -> None:
        for index in range(node.lineno - 1, node.body[0].lineno):
            match = re.match(r"^(.*\))(\s*:\s*(?:#.*)?\n?)$", lines[index])
            if match is not None:
                lines[index] = f"{match[1]} -> None{match[2]}"
                return

    return change


def _optional(
    node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, text: str, layout: Layout
) -> _Edit | None:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    annotation = next((each.annotation for each in arguments if each.arg == name), None)
    if annotation is None or annotation.end_lineno != annotation.lineno:
        return None
    is_modern = "from __future__ import annotations" in text or _least_python(layout) >= (3, 10)
    line, start, end = annotation.lineno, annotation.col_offset, annotation.end_col_offset or 0

    def change(lines: list[str]) -> None:
        raw = lines[line - 1].encode()
        old = raw[start:end].decode()
        new = f"{old} | None" if is_modern else f"Optional[{old}]"
        lines[line - 1] = f"{raw[:start].decode()}{new}{raw[end:].decode()}"

    return _Edit(line, change, None if is_modern else ("typing", "Optional"))


def _least_python(layout: Layout) -> tuple[int, int]:
    try:
        wanted = (
            tomllib.loads(layout.tree.get("pyproject.toml", "")).get("project", {}).get("requires-python", "")
        )
    except tomllib.TOMLDecodeError:
        return (3, 8)
    found = re.search(r">=\s*3\.(\d+)", str(wanted))
    return (3, int(found[1])) if found else (3, 8)
