"""What calls of builtins, methods and the standard library show about the values that they are given."""

from __future__ import annotations

import ast

from slipway.playbooks.crash.shapes import Shape
from slipway.playbooks.crash.source_index import last_name

_SAME_TEXT = {
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "title",
    "casefold",
    "capitalize",
    "replace",
    "encode",
    "removeprefix",
    "removesuffix",
    "zfill",
    "format",
    "copy",
}
_TEXT_TESTS = {"startswith", "endswith", "isdigit", "isnumeric", "isalpha", "find", "index", "count", "join"}
_SAME_LIST = {
    "list",
    "tuple",
    "sorted",
    "reversed",
    "iter",
    "set",
    "frozenset",
    "sum",
    "max",
    "min",
    "any",
    "all",
    "mean",
    "median",
    "stdev",
    "fmean",
    "deque",
    "Counter",
}
_NUMERIC = {"int", "float", "Decimal", "Fraction"}


def of_library(name: str, first: Shape | None) -> Shape | None:
    """Calls into the standard library that show what a text or file holds."""
    if first is None:
        return None
    if name.endswith("StringIO"):
        return first.be("str")
    if name in {"json.loads", "json.load", "yaml.safe_load"}:
        if name == "json.loads":
            first.be("str")
        return first.inside("json")
    if name in {"csv.DictReader", "csv.reader"}:
        row = first.inside("csv")
        return Shape(kinds={"list"}, element=row.be("dict" if name.endswith("DictReader") else "list"))
    if name in {"datetime.strptime", "datetime.datetime.strptime"}:
        first.be("str").literals.append("'2024-01-15'")
    if name.endswith((".fromisoformat", "dateutil.parser.parse")):
        first.be("str").literals.append("'2024-01-15'")
    return None


def of_builtin(name: str, first: Shape, node: ast.Call) -> Shape | None:
    """What a builtin shows about its first argument, and the shape of what it gives."""
    if name == "open":
        first.be("path" if not first.kinds & {"str"} else "path_text").be("opened")
        return first
    if name == "Path":
        return first.be("path_text")
    if name in _NUMERIC and not first.kinds & {"int", "float", "number"}:
        first.be("numeric")
    elif name in _SAME_LIST:
        if not first.kinds & {"dict", "str"}:
            first.member()
        return first
    elif name == "len" and not first.kinds & {"str", "dict", "set", "tuple"}:
        first.be("list")
    elif name == "next":
        return first.member()
    elif name in {"abs", "round", "range"}:
        first.be("number")
    elif name == "isinstance" and len(node.args) == 2:
        first.be(last_name(node.args[1]))
    return None


def of_method(base: Shape, name: str, node: ast.Call) -> tuple[bool, Shape | None]:  # noqa: C901  (one case for each kind)
    """Whether the method is one of a text, list, dictionary or file, and the shape of what it gives."""
    key = node.args[0] if node.args else None
    if name in {"get", "pop", "setdefault"} and isinstance(key, ast.Constant) and isinstance(key.value, str):
        return True, base.key(repr(key.value))
    if name in {"read", "readlines"} and base.kinds & {"opened", "stream"}:
        return True, base
    if name == "read_text":
        return True, base.be("opened", "path" if "path_text" not in base.kinds else "path_text")
    if name == "open":
        return True, base.be("path", "opened")
    if name in {"split", "rsplit", "partition", "splitlines"}:
        if base.kinds & {"opened", "stream"}:
            return True, Shape(kinds={"list"}, element=base.inside("lines").be("str"))
        base.be("str")
        separator = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else " "
        separator = "\n" if name == "splitlines" else separator
        return True, Shape(kinds={"split"}, content=base, literals=[repr(separator)], element=Shape())
    if name in _SAME_TEXT:
        return True, base if base.kinds & {"opened", "stream"} else base.be("str") if name != "copy" else base
    if name in _TEXT_TESTS and not base.kinds & {"list", "opened"}:
        base.be("str")
        return True, None
    if name in {"items", "keys", "values"}:
        return True, base.be("dict")
    if name in {"append", "extend", "sort", "insert", "remove", "popleft"} or (
        name == "pop" and not node.args
    ):
        base.be("list")
        return True, base.member() if name.startswith("pop") else None
    return False, None
