"""What a value looks like as far as code shows: kind, keys, attributes, elements, content of a file."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field

_SAMPLES = {
    "bool": "True",
    "float": "1.5",
    "number": "2",
    "int": "2",
    "bytes": "b'a'",
    "datetime": "datetime(2024, 1, 15, 12, 0)",
    "date": "date(2024, 1, 15)",
    "time": "time(12, 0)",
    "timedelta": "timedelta(days=1)",
    "Decimal": "Decimal('1.5')",
    "callable": "lambda *values: values[0]",
}
_IMPORTS = {
    "datetime": {"datetime": "datetime"},
    "date": {"date": "datetime"},
    "time": {"time": "datetime"},
    "timedelta": {"timedelta": "datetime"},
    "Decimal": {"Decimal": "decimal"},
}
_DEPTH = 6


@dataclass(eq=False)
class Shape:
    """Grows while code is read. `constructor` is a class of the repository (name, module)."""

    kinds: set[str] = field(default_factory=set)
    keys: dict[str, Shape] = field(default_factory=dict)
    attributes: dict[str, Shape] = field(default_factory=dict)
    positions: dict[int, Shape] = field(default_factory=dict)
    element: Shape | None = None
    content: Shape | None = None
    literals: list[str] = field(default_factory=list)
    fixed: str | None = None
    constructor: tuple[str, str] | None = None
    arguments: dict[str, Shape] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    is_optional: bool = False
    is_used: bool = False

    def key(self, source: str) -> Shape:
        """The value under a key of a dictionary."""
        self.kinds.add("dict")
        return self.keys.setdefault(source, Shape())

    def attribute(self, name: str) -> Shape:
        """The value of an attribute."""
        self.is_used = True
        return self.attributes.setdefault(name, Shape())

    def member(self) -> Shape:
        """What iterating yields."""
        if not self.kinds & {"dict", "str"}:
            self.kinds.add("list")
        if self.element is None:
            self.element = Shape()
        return self.element

    def position(self, number: int) -> Shape:
        """One part of a tuple."""
        return self.positions.setdefault(number, Shape())

    def inside(self, kind: str) -> Shape:
        """What the text or file holds: `json`, `csv` (one row), `lines` (one line)."""
        self.kinds.add(kind)
        if self.content is None:
            self.content = Shape()
        return self.content

    def be(self, *kinds: str) -> Shape:
        """Note a kind."""
        self.kinds.update(kinds)
        return self


class Renderer:
    """Writes ordinary values of a shape as source and collects the imports that they need."""

    def __init__(self, *, complete: bool = True) -> None:
        self.complete = complete
        self.imports: dict[str, str] = {}

    def source(self, shape: Shape, depth: int = 0) -> str:
        """One ordinary value; `complete` also gives what has a default, when the code uses it."""
        if shape.constructor is not None:
            self.imports[shape.constructor[0]] = shape.constructor[1]
        if shape.fixed is not None:
            return shape.fixed
        if depth > _DEPTH:
            return "None"
        if shape.constructor is not None:
            return self._constructed(shape, shape.constructor, depth)
        if shape.kinds & {"path", "path_text", "stream"}:
            return self._file(shape, depth)
        if shape.kinds & {"json", "csv", "lines"} and "list" not in shape.kinds:
            return repr(self._text(shape, depth)[1])
        if shape.keys:
            pairs = [f"{key}: {self.source(value, depth + 1)}" for key, value in shape.keys.items()]
            return "{" + ", ".join(pairs) + "}"
        if shape.positions:
            parts = [self.source(shape.position(n), depth + 1) for n in range(max(shape.positions) + 1)]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if shape.attributes and not shape.kinds & {"str", "list", "dict"}:
            self.imports["SimpleNamespace"] = "types"
            parts = [f"{name}={self.source(value, depth + 1)}" for name, value in shape.attributes.items()]
            return f"SimpleNamespace({', '.join(parts)})"
        return self._simple(shape, depth)

    def _simple(self, shape: Shape, depth: int) -> str:
        inner = self.source(shape.element, depth + 1) if shape.element else None
        if "dict" in shape.kinds:
            return f"{{'a': {inner or '1'}}}"
        if shape.kinds & {"set", "frozenset"}:
            return f"{{{inner or '1'}}}"
        if shape.kinds & {"list", "tuple"} or (inner and "str" not in shape.kinds):
            return f"({inner or '1'},)" if "tuple" in shape.kinds else f"[{inner or '1'}]"
        if "str" in shape.kinds and shape.literals:
            return next((text for text in shape.literals if text[:1] in "'\""), shape.literals[0])
        if "str" in shape.kinds or "numeric" in shape.kinds:
            return "'1'" if "numeric" in shape.kinds else "'a'"
        if shape.literals:
            return shape.literals[0]
        for kind, sample in _SAMPLES.items():
            if kind in shape.kinds:
                self.imports.update(_IMPORTS.get(kind, {}))
                return sample
        return "1"

    def _constructed(self, shape: Shape, constructor: tuple[str, str], depth: int) -> str:
        given = [
            f"{argument}={self.source(value, depth + 1)}"
            for argument, value in shape.arguments.items()
            if argument in shape.required or (self.complete and _is_shown(value))
        ]
        return f"{constructor[0]}({', '.join(given)})"

    def _file(self, shape: Shape, depth: int) -> str:
        name, text = self._text(shape, depth)
        if "stream" in shape.kinds and not shape.kinds & {"path", "path_text"}:
            self.imports["io"] = ""
            return f"io.StringIO({text!r})"
        return f"{'_text_file' if 'path_text' in shape.kinds else '_file'}({name!r}, {text!r})"

    def _text(self, shape: Shape, depth: int) -> tuple[str, str]:
        """A usual name and the content; JSON is written from source, so that it changes like source."""
        content = shape.content or Shape()
        if "json" in shape.kinds:
            return "input.json", json_text(self.source(content, depth + 1))
        if "csv" in shape.kinds:
            columns = [key.strip("'\"") for key in content.keys] or ["a", "b"]
            cells = [self._cell(content.keys.get(repr(column), Shape()), depth) for column in columns]
            return "input.csv", f"{','.join(columns)}\n{','.join(cells)}\n"
        line = self._cell(content, depth) if shape.content else "a"
        return "input.txt", f"{line}\n"

    def _cell(self, shape: Shape, depth: int) -> str:
        source = self.source(shape, depth + 1)
        return source.strip("'\"") if source[:1] in "'\"" else source if source[:1].isdigit() else "1"


def json_text(source: str) -> str:
    """JSON for a literal's source; anything else becomes an empty object."""
    try:
        return json.dumps(ast.literal_eval(source))
    except (ValueError, SyntaxError, TypeError):
        return "{}"


def _is_shown(shape: Shape) -> bool:
    """Whether code was seen to look into the value."""
    return bool(
        shape.is_used or shape.keys or shape.attributes or shape.element or shape.literals or shape.content
    )
