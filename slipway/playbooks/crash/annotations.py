"""Reads annotations and classes of a repository as shapes."""

from __future__ import annotations

import ast

from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.shapes import Shape
from slipway.playbooks.crash.source_index import FunctionNode, Module, last_name

_SIMPLE = {
    "str": "str",
    "int": "int",
    "float": "float",
    "complex": "float",
    "bool": "bool",
    "bytes": "bytes",
    "datetime": "datetime",
    "date": "date",
    "time": "time",
    "timedelta": "timedelta",
    "Decimal": "Decimal",
    "Path": "path",
    "PurePath": "path",
    "PathLike": "path",
    "TextIO": "stream",
    "IO": "stream",
    "StringIO": "stream",
    "TextIOBase": "stream",
    "Callable": "callable",
    "Number": "number",
}
_LISTS = {
    "list",
    "List",
    "Sequence",
    "MutableSequence",
    "Iterable",
    "Iterator",
    "Collection",
    "Generator",
    "deque",
    "Deque",
    "AsyncIterable",
    "AsyncIterator",
    "Container",
    "Reversible",
}
_SETS = {"set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"}
_DICTS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict", "Counter"}
_TRANSPARENT = {
    "Annotated",
    "Final",
    "ClassVar",
    "Required",
    "NotRequired",
    "ReadOnly",
    "Awaitable",
    "Type",
    "type",
}
_DEPTH = 5


class AnnotationReader:
    """Shapes from annotations; classes of the repository become constructor calls."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def shape(self, annotation: ast.expr | None, module: Module, depth: int = 0) -> Shape:
        """The shape that an annotation promises; an empty one when it says nothing."""
        match annotation:
            case None:
                return Shape()
            case ast.Constant(value=None):
                return Shape(fixed="None", is_optional=True)
            case ast.Constant(value=str() as text):
                try:
                    return self.shape(ast.parse(text, mode="eval").body, module, depth)
                except SyntaxError:
                    return Shape()
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._union([left, right], module, depth)
            case ast.Subscript(value=value, slice=inner):
                parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
                return self._generic(last_name(value), parts, module, depth)
            case ast.Name() | ast.Attribute():
                return self._named(last_name(annotation), module, depth)
            case _:
                return Shape()

    def _union(self, options: list[ast.expr], module: Module, depth: int) -> Shape:
        shapes = [self.shape(option, module, depth) for option in options]
        real = [shape for shape in shapes if shape.fixed != "None"]
        is_optional = len(real) < len(shapes) or any(shape.is_optional for shape in shapes)
        if not real:
            return Shape(fixed="None", is_optional=True)
        paths = [shape for shape in real if "path" in shape.kinds]
        chosen = paths[0] if paths else real[0]
        chosen.is_optional = is_optional
        return chosen

    def _generic(self, name: str, parts: list[ast.expr], module: Module, depth: int) -> Shape:
        if name == "Optional":
            return self._union([parts[0], ast.Constant(value=None)], module, depth)
        if name == "Union":
            return self._union(parts, module, depth)
        if name == "Literal":
            return Shape(literals=[ast.unparse(part) for part in parts])
        if name in _TRANSPARENT:
            return self.shape(parts[0], module, depth)
        if name in _LISTS | _SETS:
            shape = Shape(kinds={"set" if name in _SETS else "list"})
            shape.element = self.shape(parts[0], module, depth + 1)
            return shape
        if name in {"tuple", "Tuple"}:
            if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...:
                return Shape(kinds={"tuple"}, element=self.shape(parts[0], module, depth + 1))
            return Shape(
                kinds={"tuple"},
                positions={n: self.shape(part, module, depth + 1) for n, part in enumerate(parts)},
            )
        if name in _DICTS:
            return Shape(kinds={"dict"}, element=self.shape(parts[-1], module, depth + 1))
        return self._named(name, module, depth)

    def _named(self, name: str, module: Module, depth: int) -> Shape:
        if name in _SIMPLE:
            return Shape(kinds={_SIMPLE[name]})
        if name in _LISTS | _SETS | _DICTS | {"tuple", "Tuple"}:
            kind = (
                "set"
                if name in _SETS
                else "dict"
                if name in _DICTS
                else "tuple"
                if "uple" in name
                else "list"
            )
            return Shape(kinds={kind})
        if found := self.layout.index.class_named(name, near=module.path):
            return self.instance(*found, depth=depth)
        if alias := _alias(name, module):
            return self.shape(alias, module, depth + 1) if depth < _DEPTH else Shape()
        return Shape()

    def instance(self, module: Module, node: ast.ClassDef, *, depth: int = 0) -> Shape:
        """A class of the repository as the shape of one of its instances."""
        if depth > _DEPTH:
            return Shape(fixed="None")
        bases = {last_name(base) for base in node.bases}
        if bases & {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"}:
            return self._member(module, node)
        fields = self._fields(module, node)
        if "TypedDict" in bases:
            shape = Shape(kinds={"dict"})
            for name, (annotation, _, owner) in fields.items():
                shape.keys[repr(name)] = self.shape(annotation, owner, depth + 1)
            return shape
        if "Protocol" in bases:
            shape = Shape()
            for name, (annotation, _, owner) in fields.items():
                shape.attributes[name] = self.shape(annotation, owner, depth + 1)
            return shape
        shape = Shape(constructor=(node.name, self.layout.module_name(module.path)))
        for name, (annotation, has_default, owner) in fields.items():
            value = self.shape(annotation, owner, depth + 1)
            shape.arguments[name] = shape.attributes[name] = value
            if not has_default:
                shape.required.add(name)
        return shape

    def _member(self, module: Module, node: ast.ClassDef) -> Shape:
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                return Shape(
                    fixed=f"{node.name}.{statement.targets[0].id}",
                    constructor=(node.name, self.layout.module_name(module.path)),
                )
        return Shape()

    def _fields(
        self, module: Module, node: ast.ClassDef, seen: frozenset[str] = frozenset()
    ) -> dict[str, tuple[ast.expr | None, bool, Module]]:
        """What the constructor takes: name to annotation, whether it has a default, and where it stands."""
        fields: dict[str, tuple[ast.expr | None, bool, Module]] = {}
        if init := method(node, "__init__"):
            return {
                argument.arg: (argument.annotation, has_default, module)
                for argument, has_default in arguments_with_defaults(init)[1:]
            }
        for base in node.bases:
            found = self.layout.index.class_named(last_name(base), near=module.path)
            if found and found[1].name not in seen | {node.name}:
                fields |= self._fields(*found, seen=seen | {node.name})
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                if last_name(getattr(statement.annotation, "value", statement.annotation)) == "ClassVar":
                    continue
                if isinstance(statement.value, ast.Call) and _never_given(statement.value):
                    continue
                has_default = statement.value is not None and not _is_bare_field(statement.value)
                fields[statement.target.id] = (statement.annotation, has_default, module)
        return fields


def arguments_with_defaults(node: FunctionNode) -> list[tuple[ast.arg, bool]]:
    """Named parameters, each with whether it has a default; `self` included."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    found = [(argument, number >= first_default) for number, argument in enumerate(positional)]
    keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found + [(argument, default is not None) for argument, default in keyword_only]


def method(node: ast.ClassDef, name: str) -> FunctionNode | None:
    """A method that the class itself defines."""
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
            return statement
    return None


def _alias(name: str, module: Module) -> ast.expr | None:
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                return value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                return value
            case _:
                continue
    return None


def _never_given(call: ast.Call) -> bool:
    return any(
        keyword.arg == "init" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in call.keywords
    )


def _is_bare_field(value: ast.expr) -> bool:
    """`field()` and pydantic's `Field(...)` without a default."""
    if not isinstance(value, ast.Call) or last_name(value) not in {"field", "Field"}:
        return False
    given = {keyword.arg for keyword in value.keywords}
    if given & {"default", "default_factory", "factory"}:
        return False
    return not value.args or (isinstance(value.args[0], ast.Constant) and value.args[0].value is ...)
