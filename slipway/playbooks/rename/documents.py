"""Renames what documents, comments and manifests say."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection

from slipway.playbooks.rename.python_file import PythonFile

_HISTORY = re.compile(
    r"(?:^|/)(?:change(?:s|log)|history|news|release)[^/]*$|(?:^|/)(?:changelog|releases)/", re.I
)
_DOCUMENT = re.compile(r"\.(?:md|rst|txt|adoc)$")
_MANIFEST = re.compile(r"(?:^|/)(?:pyproject\.toml|setup\.cfg|setup\.py)$")
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?^[ \t]*\1[^\n]*$", re.M | re.S)
# reStructuredText: an indented block after a paragraph that ends with `::`, or after a code directive.
_LITERAL = re.compile(
    r"(?P<head>^(?P<indent>[ \t]*)(?:(?!\.\. )[^\n]*::|"
    r"\.\. (?:code|code-block|sourcecode|parsed-literal|doctest|testcode)::[^\n]*)[ \t]*\n)"
    r"(?P<body>(?:(?P=indent)[ \t]+:[^\n]*\n)*(?:[ \t]*\n)+(?:(?P=indent)[ \t]+[^\n]*(?:\n|\Z)|[ \t]*\n)+)",
    re.M,
)
_DOCTEST = re.compile(r"^[ \t]*(?:>>>|\.\.\.)[ \t][^\n]*$", re.M)
_INLINE = re.compile(r"``[^`\n]+``|`[^`\n]+`")


def in_document(
    path: str, text: str, *, old: str, new: str, owner: str = "", names: Collection[str] = ()
) -> str:
    """A document with the name changed in code blocks and inline code; histories tell what was and stay."""
    if not _DOCUMENT.search(path) or _HISTORY.search(path):
        return text
    pattern = _pattern(old, owner, names)
    if path.endswith((".rst", ".txt")):
        text = _LITERAL.sub(lambda match: match["head"] + pattern.sub(new, match["body"]), text)
    for code in (_FENCE, _DOCTEST, _INLINE):
        text = code.sub(lambda match: pattern.sub(new, match[0]), text)
    return text


def calls_in_document(path: str, text: str, *, function: str, old: str, new: str) -> str:
    """A document with the keyword changed in calls of the function and in its signature, within code."""
    if not _DOCUMENT.search(path) or _HISTORY.search(path):
        return text
    called = re.compile(rf"(?<![\w]){re.escape(function)}\((?P<given>(?:[^()]|\([^()]*\))*)\)")
    keyword = re.compile(rf"(?<![\w.\"']){old}(?=\s*(?:=(?!=)|:|,|$))")
    string = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\([^()]*\)")

    def changed(match: re.Match[str]) -> str:
        given, at = match["given"], 0
        parts = []
        for kept in [*string.finditer(given), None]:
            end = kept.start() if kept else len(given)
            parts.append(keyword.sub(new, given[at:end]))
            if kept:
                parts.append(kept[0])
                at = kept.end()
        return f"{function}({''.join(parts)})"

    for code in (_FENCE, _DOCTEST, _INLINE):
        text = code.sub(lambda match: called.sub(changed, match[0]), text)
    return text


def members_in_document(path: str, text: str, *, old: str, new: str, classes: Collection[str]) -> str:
    """A document with the member changed where a code block makes an object of the class and uses it."""
    if not _DOCUMENT.search(path) or _HISTORY.search(path):
        return text
    made = re.compile(
        rf"^[ \t]*(?:>>> )?(\w+)\s*=\s*(?:\w+\.)*(?:{'|'.join(map(re.escape, classes))})\(", re.M
    )

    def changed(match: re.Match[str]) -> str:
        objects = [*dict.fromkeys(made.findall(match[0]))]
        direct = "|".join(map(re.escape, classes))
        held = rf"(?<![\w.])(?:{'|'.join(objects)})\." if objects else r"(?!)"
        return re.sub(rf"(?P<of>{held}|\b(?:{direct})\([^()\n]*\)\.){old}(?!\w)", rf"\g<of>{new}", match[0])

    return _FENCE.sub(changed, text)


def in_manifest(path: str, text: str, *, old: str, new: str, names: Collection[str]) -> str:
    """Entry points such as `package.module:name`."""
    if _MANIFEST.search(path):
        for name in names:
            module = re.escape(name.rpartition(".")[0])
            text = re.sub(rf"(?<![\w.]){module}:{old}(?!\w)", f"{name.rpartition('.')[0]}:{new}", text)
    return text


def in_comments(
    file: PythonFile, *, old: str, new: str, owner: str = "", names: Collection[str] = ()
) -> None:
    """Comments and documentation strings that name it as code, where nothing else was replaced."""
    pattern = _pattern(old, owner, names)
    starts = [0]
    for line in file.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    docstrings = set(_docstring_spans(file))
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and start in docstrings):
            if any(one < end and start < other for one, other in file.spans):
                continue
            changed = pattern.sub(new, token.string)
            if changed != token.string:
                file.spans[start, end] = changed


def _docstring_spans(file: PythonFile) -> list[int]:
    found = []
    lines = file.text.splitlines(keepends=True)
    for node in ast.walk(file.syntax):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="replace"))
            found.append(sum(map(len, lines[: node.lineno - 1])) + column)
    return found


def _pattern(old: str, owner: str, names: Collection[str]) -> re.Pattern[str]:
    """A name that is also a word counts only where it is called, imported or an attribute.

    After a dot it counts where what is before the dot is a module that has it: `Other.Name` stays.
    """
    if owner:
        return re.compile(rf"(?<=\b{re.escape(owner)}\.){old}(?!\w)")
    modules = {name.rpartition(".")[0] for name in names}
    bases = modules | {module.rpartition(".")[2] for module in modules}
    dotted = "".join(rf"|(?<=(?<![\w.]){re.escape(base)}\.){old}" for base in sorted(bases) if base)
    if "_" in old or old != old.lower():
        return re.compile(rf"(?:(?<![\w.]){old}{dotted})(?!\w)")
    called = rf"(?:(?<![\w.]){old}{dotted})(?=\()"
    return re.compile(rf"{called}|(?<=import ){old}(?!\w)")
