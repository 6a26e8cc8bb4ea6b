"""Reads the body of a function for what it does with its parameters, through the functions it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from slipway.playbooks.crash.annotations import AnnotationReader, arguments_with_defaults, method
from slipway.playbooks.crash.library_usage import of_builtin, of_library, of_method
from slipway.playbooks.crash.shapes import Shape
from slipway.playbooks.crash.source_index import Function, FunctionNode, Module, last_name

_DEPTH = 4
Names = dict[str, Shape]


class UsageReader:
    """Walks statements in order; names are bound to the shapes of what they hold."""

    def __init__(self, annotations: AnnotationReader) -> None:
        self.annotations = annotations
        self.index = annotations.layout.index
        self.running: list[FunctionNode] = []

    def parameters(self, function: Function, module: Module) -> tuple[Names, Shape | None]:
        """Shapes of the parameters and, for a method, of the object."""
        names: Names = {}
        for argument in function.parameters:
            names[argument.arg] = self.annotations.shape(argument.annotation, module)
        own = self._instance(function, module)
        bound = dict(names)
        first = function.node.args.args[:1]
        if own is not None and first and "staticmethod" not in function.decorators:
            bound[first[0].arg] = own
        self._run(function.node, bound, module)
        return names, own

    def _instance(self, function: Function, module: Module) -> Shape | None:
        if function.owner is None or function.decorators & {"staticmethod", "classmethod"}:
            return None
        own = self.annotations.instance(module, function.owner)
        init = method(function.owner, "__init__")
        if init is not None and init is not function.node:
            names = {name: own.arguments.get(name, Shape()) for name in own.arguments}
            if init.args.args:
                own.attributes.clear()
                self._run(init, {**names, init.args.args[0].arg: own}, module)
        return own

    def _run(self, node: FunctionNode, names: Names, module: Module) -> Shape | None:
        if node in self.running or len(self.running) >= _DEPTH:
            return None
        self.running.append(node)
        returned: list[Shape] = []
        for statement in node.body:
            self._statement(statement, names, module, returned)
        self.running.pop()
        return returned[-1] if returned else None

    def _statement(self, node: ast.stmt, names: Names, module: Module, returned: list[Shape]) -> None:  # noqa: C901  (one case for each kind)
        match node:
            case ast.Assign(targets=targets, value=value):
                shape = self._read(value, names, module)
                for target in targets:
                    self._bind(target, shape, names, module)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, self._read(value, names, module), names, module)
            case ast.AugAssign(target=target, op=op, value=value):
                self._number([self._read(value, names, module), self._read(target, names, module)], op)
            case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
                self._loop(target, iterable, names, module)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    shape = self._read(item.context_expr, names, module)
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, shape, names, module)
            case ast.Return(value=ast.expr() as value):
                if (shape := self._read(value, names, module)) is not None:
                    returned.append(shape)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._read(child, names, module)
        for block in ("body", "orelse", "finalbody"):
            for inner in getattr(node, block, ()):
                self._statement(inner, names, module, returned)
        for handler in getattr(node, "handlers", ()):
            for inner in handler.body:
                self._statement(inner, names, module, returned)

    def _bind(self, target: ast.expr, shape: Shape | None, names: Names, module: Module) -> None:
        match target:
            case ast.Name(id=name):
                if shape is not None:
                    names[name] = shape
                else:
                    names.pop(name, None)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in names and shape is not None:
                names[owner].attributes[attr] = shape
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if shape is not None:
                if "split" in shape.kinds and shape.content is not None:
                    separator = ast.literal_eval(shape.literals[0]) if shape.literals else " "
                    shape.content.literals.append(repr(separator.join(["1"] * len(parts))))
                for number, part in enumerate(parts):
                    inner = shape.member() if "split" in shape.kinds else shape.position(number)
                    self._bind(part, inner, names, module)
            case _:
                self._read(target, names, module)

    def _loop(self, target: ast.expr, iterable: ast.expr, names: Names, module: Module) -> None:
        match iterable:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if isinstance(target, ast.Tuple):
                shape = self._read(inner, names, module)
                self._bind(target.elts[1], shape.member() if shape else None, names, module)
            case ast.Call(func=ast.Name(id="zip"), args=inners) if isinstance(target, ast.Tuple):
                for part, inner in zip(target.elts, inners, strict=False):
                    shape = self._read(inner, names, module)
                    self._bind(part, shape.member() if shape else None, names, module)
            case ast.Call(func=ast.Attribute(value=inner, attr="items")) if isinstance(target, ast.Tuple):
                shape = self._read(inner, names, module)
                if shape is not None:
                    shape.be("dict")
                self._bind(target.elts[1], shape.member() if shape else None, names, module)
            case ast.Call(func=ast.Attribute(value=inner, attr="values")):
                shape = self._read(inner, names, module)
                if shape is not None:
                    shape.be("dict")
                self._bind(target, shape.member() if shape else None, names, module)
            case _:
                shape = self._read(iterable, names, module)
                if shape is None:
                    self._bind(target, None, names, module)
                elif "stream" in shape.kinds or "opened" in shape.kinds:
                    self._bind(target, shape.inside("lines").be("str"), names, module)
                else:
                    self._bind(target, shape.member(), names, module)

    def _read(self, node: ast.expr, names: Names, module: Module) -> Shape | None:  # noqa: C901  (one case for each kind)
        """The shape that an expression stands for, noting what the expression shows on the way."""
        match node:
            case ast.Name(id=name):
                return names.get(name)
            case ast.Await(value=value) | ast.Starred(value=value):
                return self._read(value, names, module)
            case ast.NamedExpr(target=target, value=value):
                shape = self._read(value, names, module)
                self._bind(target, shape, names, module)
                return shape
            case ast.Attribute(value=value, attr=attr):
                base = self._read(value, names, module)
                return self._attribute(base, attr, module) if base is not None else None
            case ast.Subscript(value=value, slice=key):
                return self._subscript(self._read(value, names, module), key, names, module)
            case ast.Call():
                return self._call(node, names, module)
            case ast.BinOp(left=left, op=op, right=right):
                self._number(
                    [self._read(left, names, module), self._read(right, names, module)], op, (left, right)
                )
                return None
            case ast.BoolOp(values=values):
                shapes = [self._read(value, names, module) for value in values]
                return next((shape for shape in shapes if shape is not None), None)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._read(test, names, module)
                shapes = [self._read(part, names, module) for part in (body, orelse)]
                return next((shape for shape in shapes if shape is not None), None)
            case ast.Compare():
                self._compare(node, names, module)
                return None
            case (
                ast.ListComp(elt=elt, generators=parts)
                | ast.SetComp(elt=elt, generators=parts)
                | ast.GeneratorExp(elt=elt, generators=parts)
            ):
                inner = self._comprehension(parts, names, module)
                return Shape(kinds={"list"}, element=self._read(elt, inner, module))
            case ast.DictComp(key=key, value=value, generators=parts):
                inner = self._comprehension(parts, names, module)
                self._read(key, inner, module)
                return Shape(kinds={"dict"}, element=self._read(value, inner, module))
            case ast.FormattedValue(value=value, format_spec=spec):
                shape = self._read(value, names, module)
                if (
                    shape is not None
                    and spec is not None
                    and ast.unparse(spec).rstrip("'\"").endswith(("f", "d", "%"))
                ):
                    shape.be("number")
                return None
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._read(child, names, module)
                return None

    def _comprehension(self, parts: list[ast.comprehension], names: Names, module: Module) -> Names:
        inner = dict(names)
        for part in parts:
            self._loop(part.target, part.iter, inner, module)
            for test in part.ifs:
                self._read(test, inner, module)
        return inner

    def _attribute(self, base: Shape, attr: str, module: Module) -> Shape | None:
        if attr not in base.attributes and base.constructor is not None:
            found = self.index.class_named(base.constructor[0], near=module.path)
            getter = method(found[1], attr) if found else None
            if found and getter and getter.args.args:
                return self._run(getter, {getter.args.args[0].arg: base}, found[0])
        return base.attribute(attr)

    def _subscript(self, base: Shape | None, key: ast.expr, names: Names, module: Module) -> Shape | None:
        if not isinstance(key, ast.Constant | ast.Slice):
            self._read(key, names, module)
        if base is None:
            return None
        match key:
            case ast.Constant(value=str()):
                return base.key(repr(key.value))
            case ast.Constant(value=int() as number) if base.positions:
                return base.position(max(number, 0))
            case ast.Slice():
                return base
            case _:
                return base.member()

    def _number(
        self, shapes: Iterable[Shape | None], op: ast.operator, sides: tuple[ast.expr, ...] = ()
    ) -> None:
        texts = any(
            isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str))
            for s in sides
        )
        kind = "str" if texts and isinstance(op, ast.Add) else "number"
        for shape in shapes:
            if shape is not None and not texts | bool(shape.kinds & {"list", "str", "float", "int"}):
                shape.be(kind)
            elif shape is not None and texts and isinstance(op, ast.Add):
                shape.be("str")

    def _compare(self, node: ast.Compare, names: Names, module: Module) -> None:
        left = self._read(node.left, names, module)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self._read(right_node, names, module)
            if left is not None and isinstance(right_node, ast.Constant) and right_node.value is not None:
                kind = type(right_node.value).__name__
                left.be(kind)
                if isinstance(op, ast.Eq) and isinstance(right_node.value, str):
                    left.literals.append(repr(right_node.value))
            if isinstance(op, ast.In | ast.NotIn) and right is not None and not right.kinds:
                right.be("dict" if right.keys else "list")

    def _call(self, node: ast.Call, names: Names, module: Module) -> Shape | None:
        arguments = [self._read(argument, names, module) for argument in node.args]
        keywords = {
            keyword.arg: self._read(keyword.value, names, module)
            for keyword in node.keywords
            if keyword.arg != "key"
        }
        first = arguments[0] if arguments else None
        for keyword in node.keywords:
            if keyword.arg == "key" and isinstance(keyword.value, ast.Lambda) and first is not None:
                self._lambda(keyword.value, first.member(), names, module)
        name = last_name(node.func)
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            whole = f"{ast.unparse(owner)}.{name}"
            if (known := of_library(whole, first)) is not None:
                return known
            base = self._read(owner, names, module)
            if base is not None:
                return self._method(base, name, node, arguments, module)
        elif first is not None and (known := of_builtin(name, first, node)) is not None:
            return known
        return self._own(name, node, arguments, keywords, module)

    def _lambda(self, node: ast.Lambda, element: Shape, names: Names, module: Module) -> None:
        if node.args.args:
            self._read(node.body, {**names, node.args.args[0].arg: element}, module)

    def _method(
        self, base: Shape, name: str, node: ast.Call, arguments: list[Shape | None], module: Module
    ) -> Shape | None:
        is_known, shape = of_method(base, name, node)
        if is_known:
            return shape
        if base.constructor is not None:
            found = self.index.class_named(base.constructor[0], near=module.path)
            target = method(found[1], name) if found else None
            if found and target:
                return self._into(target, arguments, {}, found[0], bound=base)
        return None

    def _own(
        self,
        name: str,
        node: ast.Call,
        arguments: list[Shape | None],
        keywords: dict[str | None, Shape | None],
        module: Module,
    ) -> Shape | None:
        """A call of the repository's own function: what it does with its parameters counts too."""
        if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
            return None
        target = self.index.called(name, near=module.path)
        owner = self.index.module(target.path) if target else None
        if target is None or owner is None or not any((*arguments, *keywords.values())):
            return None
        return self._into(target.node, arguments, keywords, owner)

    def _into(
        self,
        target: FunctionNode,
        arguments: list[Shape | None],
        keywords: dict[str | None, Shape | None],
        module: Module,
        bound: Shape | None = None,
    ) -> Shape | None:
        named = [argument for argument, _ in arguments_with_defaults(target)]
        given: Names = {}
        if bound is not None and named:
            given[named[0].arg] = bound
            named = named[1:]
        pairs = [*zip(named, arguments, strict=False)]
        pairs += [(argument, keywords[argument.arg]) for argument in named if argument.arg in keywords]
        for argument, shape in pairs:
            if shape is not None:
                _adopt(shape, self.annotations.shape(argument.annotation, module))
                given[argument.arg] = shape
        return self._run(target, given, module)


def _adopt(shape: Shape, promised: Shape) -> None:
    """An argument without an annotation of its own takes over what the callee's annotation says."""
    if not shape.kinds and shape.constructor is None and not shape.keys and not shape.attributes:
        shape.kinds |= promised.kinds
        shape.constructor, shape.arguments = promised.constructor, promised.arguments
        shape.attributes, shape.required = promised.attributes, promised.required
        shape.element, shape.fixed = promised.element, promised.fixed
        shape.keys.update(promised.keys)
