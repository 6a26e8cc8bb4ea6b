"""What reading knows about the classes of all repositories: members, bases, types of expressions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from slipway.playbooks.rename.python_file import PythonFile

_BUILT_IN = frozenset(
    name
    for kind in (str, bytes, list, dict, set, frozenset, tuple, int, float, complex, range, bytearray)
    for name in dir(kind)
) | {
    "close",
    "read",
    "write",
    "open",
    "name",
    "run",
    "start",
    "stop",
    "send",
    "value",
    "args",
    "path",
    "parent",
}
_LITERALS: Mapping[type, str] = {
    ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
    ast.SetComp: "set", ast.JoinedStr: "str", ast.Tuple: "tuple",
}  # fmt: skip
_MAKERS = frozenset(
    {"str", "bytes", "bytearray", "list", "dict", "set", "frozenset", "tuple", "int", "float"}
    | {"defaultdict", "deque", "Counter", "OrderedDict"}
)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class _Class:
    bases: set[str]
    members: dict[str, str | None] = field(default_factory=dict)
    """Member to the name of its type, or of what calling it returns."""


@dataclass
class Types:
    """Classes are known by their last name; functions by theirs, where it is unique."""

    classes: dict[str, _Class] = field(default_factory=dict)
    functions: dict[str, str | None] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    """Of modules: an annotation that names one is an alias or a type variable."""
    _defined: dict[str, FunctionNode | None] = field(default_factory=dict)
    """Functions of modules; None where several have the name."""
    _calls: dict[str, list[tuple[ast.Call, list[ast.AST]]]] = field(default_factory=dict)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, files: Sequence[PythonFile]) -> Types:
        """Read every file."""
        types = cls()
        for file in files:
            types._read(file.syntax.body)
        for file in files:
            types._read_calls(file.syntax)
        return types

    def family(self, owner: str) -> frozenset[str]:
        """A class with all classes below it."""
        found = {owner}
        while True:
            more = {name for name, each in self.classes.items() if each.bases & found}
            if more <= found:
                return frozenset(found)
            found |= more

    def ancestors_with(self, owner: str, member: str) -> frozenset[str]:
        """Known classes above that have the member."""
        found: set[str] = set()
        waiting = list(self.classes[owner].bases) if owner in self.classes else []
        while waiting:
            name = waiting.pop()
            if name in self.classes and name not in found:
                found.add(name)
                waiting += self.classes[name].bases
        return frozenset(name for name in found if member in self.classes[name].members)

    def is_unique(self, member: str, family: frozenset[str]) -> bool:
        """Whether nothing else that is known has a member of this name."""
        return member not in _BUILT_IN and not any(
            member in each.members for name, each in self.classes.items() if name not in family
        )

    def is_open(self, kind: str | None) -> bool:
        """Whether a type's name does not say which class it is."""
        return kind in {"Any", "object"} or (kind in self.variables and kind not in self.classes)

    def is_inherited(
        self, node: ast.expr, member: str, scope: list[ast.AST], family: frozenset[str]
    ) -> bool | None:
        """Whether `super()` in a class of the family means the family's member; None when it may not."""
        match node:
            case ast.Call(func=ast.Name(id="super"), args=[]):
                pass
            case _:
                return None
        owner = next((each.name for each in reversed(scope) if isinstance(each, ast.ClassDef)), "")
        bases = self.classes[owner].bases if owner in self.classes else set()
        others = {each for each in bases - family if each not in self.classes or each in self._with(member)}
        return True if bases & family and not others else None

    def _with(self, member: str) -> set[str]:
        """Classes that have a member, themselves or from above."""
        return {name for name in self.classes if self._has(name, member)}

    def _has(self, name: str, member: str) -> bool:
        return member in self.classes[name].members or bool(self.ancestors_with(name, member))

    def type_of(self, node: ast.expr, scope: list[ast.AST]) -> str | None:
        """The class of an expression's value; None when it is not known. `scope` is what encloses it."""
        match node:
            case ast.Constant(value=value):
                return type(value).__name__
            case ast.Name(id=name):
                return self._variable(name, scope)
            case ast.Call(func=ast.Name(id=name)):
                if name in self.classes:
                    return name
                return name if name in _MAKERS and name not in self.functions else self.functions.get(name)
            case ast.Call(func=ast.Attribute(value=value, attr=name)):
                owner = value.id if isinstance(value, ast.Name) and value.id in self.classes else None
                owner = owner or self.type_of(value, scope)
                return name if name in self.classes else self._member(owner, name)
            case ast.Attribute(value=value, attr=name):
                return self._member(self.type_of(value, scope), name)
            case ast.Await(value=value):
                return self.type_of(value, scope)
            case _:
                return _LITERALS.get(type(node))

    def _member(self, owner: str | None, name: str) -> str | None:
        seen: set[str] = set()
        waiting = [owner] if owner else []
        while waiting:
            current = waiting.pop(0)
            if current in seen or current not in self.classes:
                continue
            seen.add(current)
            if name in self.classes[current].members:
                found = self.classes[current].members[name]
                return owner if found == "Self" else found
            waiting += self.classes[current].bases
        return None

    def _variable(self, name: str, scope: list[ast.AST]) -> str | None:
        if name in self.classes:
            return name
        if name in {"self", "cls"}:
            return next((each.name for each in reversed(scope) if isinstance(each, ast.ClassDef)), None)
        for outer in reversed(scope):
            if isinstance(outer, FunctionNode):
                arguments = outer.args
                for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                    if each.arg == name:
                        return annotated(each.annotation) or self._given(outer, name)
            if isinstance(outer, FunctionNode | ast.Module):
                found = self._assigned(name, outer, scope)
                if found is not None:
                    return found
        return None

    def _given(self, function: FunctionNode, parameter: str) -> str | None:
        """Of a parameter without annotation: what every call passes whose argument's class is known."""
        if self._defined.get(function.name) is not function or (function.name, parameter) in self._asked:
            return None
        self._asked.add((function.name, parameter))
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        found: set[str | None] = set()
        for call, scope in self._calls.get(function.name, ()):
            given = [each.value for each in call.keywords if each.arg == parameter]
            if parameter in positional and not any(isinstance(each, ast.Starred) for each in call.args):
                at = positional.index(parameter)
                given += call.args[at : at + 1]
            found |= {self.type_of(each, scope) for each in given}
        self._asked.discard((function.name, parameter))
        kinds = found - {None, "NoneType"}
        return kinds.pop() if len(kinds) == 1 else None

    def _read_calls(self, syntax: ast.Module) -> None:
        for node, scope in scoped(syntax, []):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in self._defined:
                    self._calls.setdefault(name, []).append((node, scope))
                case _:
                    pass

    def _assigned(self, name: str, outer: ast.AST, scope: list[ast.AST]) -> str | None:
        """By the first annotation; else by its assignments, when all say the same."""
        found: list[str | None] = []
        for node in ast.walk(outer):
            match node:
                case ast.AnnAssign(target=ast.Name(id=target), annotation=annotation) if target == name:
                    return annotated(annotation)
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    if not any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value)):
                        found.append(self.type_of(value, scope))
                case _:
                    pass
        kinds = set(found) - {"NoneType"}
        return kinds.pop() if len(kinds) == 1 else None

    def _read(self, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                known = self.classes.setdefault(node.name, _Class(bases=set()))
                known.bases |= {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
                for member in node.body:
                    self._read_member(known, member)
                self._read([each for each in node.body if isinstance(each, ast.ClassDef)])
            elif isinstance(node, FunctionNode):
                returns = annotated(node.returns)
                self._defined[node.name] = None if node.name in self._defined else node
                self.functions[node.name] = None if node.name in self.functions else returns
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.variables |= {each.id for each in targets if isinstance(each, ast.Name)}
            elif isinstance(node, ast.If | ast.Try):
                self._read(node.body)

    def _read_member(self, known: _Class, member: ast.stmt) -> None:
        match member:
            case (
                ast.FunctionDef(name=name, returns=returns) | ast.AsyncFunctionDef(name=name, returns=returns)
            ):
                known.members[name] = annotated(returns)
                for attribute, kind in _stored(member):
                    is_new = attribute not in known.members or known.members[attribute] == kind
                    known.members[attribute] = kind if is_new else None
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                known.members[name] = annotated(annotation)
            case ast.Assign(targets=targets):
                known.members.update({each.id: None for each in targets if isinstance(each, ast.Name)})
            case _:
                pass


def _stored(function: ast.AST) -> Iterator[tuple[str, str | None]]:
    """What a method stores on its object, with the class where the value alone says it."""
    arguments = getattr(function, "args", None)
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs] if arguments else []
    parameters = {each.arg: annotated(each.annotation) for each in given}
    said: set[str] = set()
    for node in ast.walk(function):
        kind: str | None = None
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                kind = _LITERALS.get(type(value))
                match value:
                    case ast.Name(id=given_name):
                        kind = parameters.get(given_name)
                    case ast.Call(func=ast.Name(id=maker)) if maker in _MAKERS:
                        kind = maker
                    case _:
                        pass
            case ast.AnnAssign(
                target=ast.Attribute(value=ast.Name(id="self"), attr=name), annotation=said_type
            ):
                kind = annotated(said_type)
            case _:
                continue
        said.add(name)
        yield name, kind
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()) if name not in said:
                yield name, None
            case _:
                pass


def annotated(annotation: ast.expr | None) -> str | None:
    """The class that an annotation names; of `X | None` and `Optional[X]` it is X."""
    if annotation is None:
        return None
    text = ast.unparse(annotation).strip("\"'")
    optional = re.fullmatch(r"(?:typing\.)?Optional\[(.+)\]", text)
    parts = [each.strip() for each in (optional[1] if optional else text).split("|")]
    parts = [each for each in parts if each != "None"]
    return parts[0].partition("[")[0].rpartition(".")[2] if len(parts) == 1 else None


def scoped(node: ast.AST, scope: list[ast.AST]) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Every node with the module, classes and functions around it."""
    inner = [*scope, node] if isinstance(node, ast.Module | ast.ClassDef | FunctionNode) else scope
    for child in ast.iter_child_nodes(node):
        yield child, inner
        yield from scoped(child, inner)
