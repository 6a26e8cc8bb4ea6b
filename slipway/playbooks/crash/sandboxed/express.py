"""Writes values as Python source that rebuilds them, so that what ran once can be run again in a test."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import fractions
import inspect
import io
import math
import pathlib
import re
import types
import uuid

MAX_ITEMS = 40
MAX_DEPTH = 7
MAX_TEXT = 6000


class NotExpressible(Exception):
    """The value has no source: an open connection, a generator, an object with hidden state."""


class Writer:
    """Collects the imports that the sources it writes need: name to module."""

    def __init__(self) -> None:
        self.imports: dict[str, str] = {}

    def source(self, value: object, depth: int = 0) -> str:
        """Source of one value, or NotExpressible."""
        if depth > MAX_DEPTH:
            raise NotExpressible("too deep")
        if value is None or isinstance(value, bool):
            return repr(value)
        if isinstance(value, enum.Enum):
            return f"{self._named(type(value))}.{value.name}"
        if isinstance(value, (str, bytes)) and type(value) in (str, bytes):
            return self._short(value)
        if isinstance(value, (int, float)) and type(value) in (int, float):
            return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            return self._container(value, depth)
        if isinstance(value, pathlib.PurePath):
            return self._path(value)
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return self._named(value)
        return self._object(value, depth)

    def _short(self, value: str | bytes) -> str:
        if len(value) > MAX_TEXT:
            raise NotExpressible("too long")
        return repr(value)

    def _container(self, value: object, depth: int) -> str:
        assert isinstance(value, (list, tuple, set, frozenset, dict))
        if len(value) > MAX_ITEMS:
            raise NotExpressible("too many items")
        if isinstance(value, dict):
            pairs = [
                f"{self.source(key, depth + 1)}: {self.source(item, depth + 1)}"
                for key, item in value.items()
            ]
            inner = "{" + ", ".join(pairs) + "}"
            if type(value) is dict:
                return inner
            if type(value).__name__ in ("Counter", "OrderedDict"):
                return f"{self._named(type(value))}({inner})"
            raise NotExpressible("a kind of dict")
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return self._call(type(value), {name: getattr(value, name) for name in value._fields}, depth)
        items = [self.source(item, depth + 1) for item in value]
        if type(value) is list:
            return f"[{', '.join(items)}]"
        if type(value) is tuple:
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        if type(value) in (set, frozenset):
            items.sort()
            inner = f"{{{', '.join(items)}}}" if items else ""
            return inner if items and type(value) is set else f"{type(value).__name__}({inner})"
        raise NotExpressible("a kind of container")

    def _path(self, value: pathlib.PurePath) -> str:
        """A file that exists is written with its content, so that a test can make its own."""
        path = pathlib.Path(value)
        try:
            if path.is_file() and path.stat().st_size <= MAX_TEXT:
                return f"_file({path.name!r}, {path.read_text(encoding='utf-8')!r})"
        except (OSError, UnicodeDecodeError) as error:
            raise NotExpressible(str(error)) from error
        if path.is_absolute():
            raise NotExpressible("a path of this machine")
        self.imports["Path"] = "pathlib"
        return f"Path({str(value)!r})"

    def _object(self, value: object, depth: int) -> str:
        kind = type(value)
        if isinstance(value, (datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo)):
            text = repr(value)
            if text.startswith("datetime.") and "zoneinfo" not in text:
                self.imports.update(dict.fromkeys(re.findall(r"datetime\.(\w+)", text), "datetime"))
                return text.replace("datetime.", "")
            raise NotExpressible("a time zone")
        if isinstance(value, (decimal.Decimal, fractions.Fraction, uuid.UUID)):
            return f"{self._named(kind)}({str(value)!r})"
        if isinstance(value, types.SimpleNamespace):
            return self._call(kind, vars(value), depth)
        if isinstance(value, io.StringIO):
            self.imports["io"] = ""
            return f"io.StringIO({value.getvalue()!r})"
        if dataclasses.is_dataclass(value):
            given = {field.name: getattr(value, field.name) for field in _given_fields(value)}
            return self._call(kind, given, depth)
        if isinstance(fields := getattr(kind, "model_fields", None), dict):
            chosen = getattr(value, "model_fields_set", fields)
            return self._call(kind, {name: getattr(value, name) for name in fields if name in chosen}, depth)
        return self._call(kind, _constructor_arguments(value), depth)

    def _call(self, kind: type, arguments: dict[str, object], depth: int) -> str:
        inner = [f"{name}={self.source(item, depth + 1)}" for name, item in arguments.items()]
        return f"{self._named(kind)}({', '.join(inner)})"

    def _named(self, thing: type | types.FunctionType | types.BuiltinFunctionType) -> str:
        """The name under which a module-level class or function is imported."""
        module, name = thing.__module__ or "", thing.__qualname__
        if module == "builtins":
            return name
        if "<" in name or module == "__main__" or module.startswith(("_pytest", "conftest")):
            raise NotExpressible(f"{name} cannot be imported")
        first = name.split(".")[0]
        if self.imports.setdefault(first, module) != module:
            raise NotExpressible(f"two things are called {first}")
        return name


def _given_fields(value: object) -> list[dataclasses.Field[object]]:
    """The fields of a dataclass that its constructor takes and that differ from their defaults."""
    chosen = []
    for field in dataclasses.fields(value):  # type: ignore[arg-type]  # checked by the caller
        if not field.init:
            continue
        current = getattr(value, field.name)
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        if default is dataclasses.MISSING or default != current:
            chosen.append(field)
    return chosen


def _constructor_arguments(value: object) -> dict[str, object]:
    """What the constructor must have been given, when the object kept it under the parameter's name."""
    kind = type(value)
    if kind.__module__ in ("builtins", "io", "_io") or (kind.__init__ is object.__init__ and _state(value)):
        raise NotExpressible(f"a {kind.__name__} with hidden state")
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError) as error:
        raise NotExpressible(str(error)) from error
    state = _state(value)
    found: dict[str, object] = {}
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        names = [
            name
            for name in (parameter.name, f"_{parameter.name}", f"_{kind.__name__}__{parameter.name}")
            if name in state
        ]
        if names:
            if parameter.kind is parameter.POSITIONAL_ONLY:
                raise NotExpressible("a positional-only parameter")
            if parameter.default is parameter.empty or state[names[0]] is not parameter.default:
                found[parameter.name] = state[names[0]]
        elif parameter.default is parameter.empty:
            raise NotExpressible(f"{kind.__name__} does not keep {parameter.name}")
    return found


def _state(value: object) -> dict[str, object]:
    slots = [name for part in type(value).__mro__ for name in getattr(part, "__slots__", ())]
    kept = {name: getattr(value, name) for name in slots if isinstance(name, str) and hasattr(value, name)}
    return {**kept, **getattr(value, "__dict__", {})}
