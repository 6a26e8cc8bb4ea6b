"""One small program that may make a function crash, and how a call of a function is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from slipway.playbooks.crash.source_index import Function

Origin = Literal["ticket", "tests", "built"]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Imports (name to module, or "" for a module), statements, and the expression that should crash."""

    expression: str
    statements: tuple[str, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict, hash=False)
    environment: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    stdin: str | None = None
    argv: tuple[str, ...] = ()
    origin: Origin = "built"
    expected: str | None = None

    def __post_init__(self) -> None:
        """Keep only the imports that the code still names after it was changed."""
        words = set(re.findall(r"\w+", " ".join((*self.statements, self.expression))))
        object.__setattr__(self, "imports", {n: m for n, m in self.imports.items() if n in words})

    @property
    def code(self) -> tuple[str, ...]:
        """The statements with the imports before them."""
        lines = [
            f"from {module} import {name}" if module else f"import {name}"
            for name, module in self.imports.items()
        ]
        return (*lines, *self.statements)

    @property
    def is_self_contained(self) -> bool:
        """Whether a test can repeat it without files, streams or environment."""
        return not (self.environment or self.argv or self.stdin is not None or "_file(" in self.expression)


def call_expression(function: Function, owner: str | None, arguments: Mapping[str, str]) -> str:
    """A call as a person writes it: few arguments by position, a property read, a generator drained."""
    positional = {argument.arg for argument in [*function.node.args.posonlyargs, *function.node.args.args]}
    shown: list[str] = []
    by_position = True
    for parameter in function.parameters:
        if parameter.arg not in arguments:
            by_position = False
            continue
        value = arguments[parameter.arg]
        is_plain = by_position and parameter.arg in positional and len(shown) < 3
        shown.append(value if is_plain else f"{parameter.arg}={value}")
    name = f"{owner}.{function.name}" if owner else function.name
    call = name if function.is_property else f"{name}({', '.join(shown)})"
    if function.name == "__init__" and owner:
        call = f"{owner}({', '.join(shown)})"
    elif owner and (special := _SPECIAL.get(function.name)):
        call = special.format(owner, *shown, *([""] * 2))
    if function.is_async and not function.is_generator:
        return f"asyncio.run({call})"
    if function.is_generator and "contextmanager" not in function.decorators:
        return f"list({call})"
    return call


_SPECIAL = {
    "__getitem__": "{0}[{1}]",
    "__len__": "len({0})",
    "__str__": "str({0})",
    "__repr__": "repr({0})",
    "__contains__": "{1} in {0}",
    "__iter__": "list({0})",
    "__bool__": "bool({0})",
    "__call__": "{0}({1})",
    "__add__": "{0} + {1}",
    "__lt__": "{0} < {1}",
    "__eq__": "{0} == {1}",
    "__float__": "float({0})",
    "__int__": "int({0})",
}


@dataclass(frozen=True, kw_only=True)
class FileCall:
    """`_file(name, content)`: a file that a program makes for its call; `as_text` gives its path as text."""

    source: str
    name: str
    content: str
    as_text: bool


def file_calls(expression: str) -> list[FileCall]:
    """The files that an expression makes, in order."""
    found = []
    for node in ast.walk(ast.parse(expression, mode="eval")):
        match node:
            case ast.Call(
                func=ast.Name(id="_file" | "_text_file" as kind),
                args=[ast.Constant(value=str() as name), ast.Constant(value=str() as content)],
            ):
                source = ast.get_source_segment(expression, node) or ""
                found.append(
                    FileCall(source=source, name=name, content=content, as_text=kind == "_text_file")
                )
            case _:
                continue
    return found
