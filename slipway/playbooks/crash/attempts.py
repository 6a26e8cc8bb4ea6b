"""Small programs that may make a function crash: the ticket's, the tests' and built ones, ordinary and spoiled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from slipway.playbooks.crash.annotations import AnnotationReader, arguments_with_defaults, method
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.mutations import mutants
from slipway.playbooks.crash.shapes import Renderer, Shape
from slipway.playbooks.crash.source_index import Function, Module
from slipway.playbooks.crash.usage import UsageReader

Origin = Literal["ticket", "tests", "built"]
_TOTAL = 500


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


class AttemptBuilder:
    """Attempts for one function, the most telling first."""

    def __init__(self, claim: CrashClaim, layout: Layout, function: Function, module: Module) -> None:
        self.claim = claim
        self.layout = layout
        self.function = function
        self.module = module
        self.name = layout.module_name(module.path)
        # What the ticket wants to see afterwards is no input.
        wanted = {wish.value for wish in claim.expectations} | {
            repr(wish.message) for wish in claim.expectations
        }
        wanted |= {repr(function.name) for function in layout.index.functions()} | {"'NoneType'"}
        self.texts = tuple(text for text in claim.texts if text not in wanted)[:12]

    def from_ticket(self) -> tuple[Attempt, ...]:
        """The ticket's examples with the imports that their names need."""
        found = []
        for example in self.claim.examples:
            imports = self._imports_for(example.expression, example.statements)
            if imports is None:
                continue
            statements = tuple(s for s in example.statements if _is_kept(s))
            attempt = Attempt(
                expression=self._awaited(example.expression),
                statements=statements,
                imports=imports,
                origin="ticket",
                expected=example.expected,
            )
            found.append(self._with_asyncio(attempt))
        return tuple(found)

    def seeds(self, calls: Iterable[Mapping[str, object]]) -> tuple[Attempt, ...]:
        """Ordinary calls: those of the tests, then built ones."""
        observed = [attempt for call in calls if (attempt := self._observed(call))]
        observed.sort(key=lambda attempt: len(attempt.expression))
        return tuple(dict.fromkeys((*observed[:6], *self._built())))

    def all(self, calls: Iterable[Mapping[str, object]]) -> tuple[Attempt, ...]:
        """Ticket, ordinary, spoiled; without doubles and not too many."""
        ticket = self.from_ticket()
        seeds = self.seeds(calls)
        surroundings = tuple(self._surroundings(seeds))
        spoiled = [self._spoiled(seed) for seed in (*ticket, *seeds)]
        mixed = [mutant for rank in zip_longest(spoiled) for mutant in rank]
        texts = self._documents(seeds)
        return tuple(dict.fromkeys((*ticket, *texts, *seeds, *surroundings, *mixed)))[:_TOTAL]

    def _spoiled(self, seed: Attempt) -> tuple[Attempt, ...]:
        made = mutants(seed.expression, crash=self.claim.crash, texts=self.texts)
        origin: Origin = "built" if seed.origin == "built" else "tests"
        found = [replace(seed, expression=text, origin=origin, expected=None) for text in made]
        for number, statement in enumerate(seed.statements):
            match ast.parse(statement).body:
                case [ast.Assign(value=value)] if not isinstance(value, ast.Name):
                    head = statement[: statement.index("=") + 1]
                    for text in mutants(ast.unparse(value), crash=self.claim.crash, texts=self.texts)[:40]:
                        changed = (
                            *seed.statements[:number],
                            f"{head} {text}",
                            *seed.statements[number + 1 :],
                        )
                        found.append(replace(seed, statements=changed, origin=origin, expected=None))
                case _:
                    continue
        return tuple(found)

    def _observed(self, call: Mapping[str, object]) -> Attempt | None:
        arguments, imports, own = call.get("arguments"), call.get("imports"), call.get("self")
        if not isinstance(arguments, dict) or not isinstance(imports, dict):
            return None
        owner = None
        needed = {str(name): str(module) for name, module in imports.items()}
        if self.function.owner is not None:
            is_method = not self.function.decorators & {"staticmethod", "classmethod"}
            if is_method and self.function.name != "__init__":
                if not isinstance(own, str):
                    return None
                owner = own
            else:
                owner = self.function.owner.name
                needed[owner] = self.name
        else:
            needed[self.function.name] = self.name
        variadic = {arg.arg for arg in (self.function.node.args.vararg, self.function.node.args.kwarg) if arg}
        given = {
            str(name): str(value)
            for name, value in arguments.items()
            if name not in variadic and not self._is_default(str(name), str(value))
        }
        expression = call_expression(self.function, owner, given)
        return self._with_asyncio(Attempt(expression=expression, imports=needed, origin="tests"))

    def _is_default(self, name: str, value: str) -> bool:
        defaults = self.function.node.args
        named = [*defaults.posonlyargs, *defaults.args]
        pairs = dict(zip([a.arg for a in reversed(named)], reversed(defaults.defaults), strict=False))
        pairs |= {a.arg: d for a, d in zip(defaults.kwonlyargs, defaults.kw_defaults, strict=True) if d}
        return name in pairs and ast.unparse(pairs[name]) == value

    def _built(self) -> tuple[Attempt, ...]:
        """From annotations, defaults, constructors and usage: a full one and one with only what is required."""
        reader = UsageReader(AnnotationReader(self.layout))
        shapes, own = reader.parameters(self.function, self.module)
        has_default = {argument.arg: given for argument, given in arguments_with_defaults(self.function.node)}
        found = []
        for complete in (True, False):
            renderer = Renderer(complete=complete)
            given = {
                name: renderer.source(shape)
                for name, shape in shapes.items()
                if not has_default[name] or (complete and _is_telling(shape))
            }
            owner = self._owner(own, renderer)
            imports = dict(renderer.imports)
            if self.function.owner is None:
                imports[self.function.name] = self.name
            elif owner == self.function.owner.name or self.function.name == "__init__":
                owner = self.function.owner.name
                imports[owner] = self.name
            expression = call_expression(self.function, owner, given)
            found.append(self._with_asyncio(Attempt(expression=expression, imports=imports)))
        return tuple(dict.fromkeys(found))

    def _owner(self, own: Shape | None, renderer: Renderer) -> str | None:
        if self.function.owner is None:
            return None
        return renderer.source(own) if own is not None else self.function.owner.name

    def _documents(self, seeds: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
        """The ticket's input files in place of the ordinary ones, or of a plain text."""
        found = []
        for document in self.claim.documents[:4]:
            for seed in seeds:
                changed = re.sub(
                    r"(_file|_text_file|StringIO)\((?:('[^']*'), )?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)",
                    lambda m, document=document: f"{m[1]}({m[2] + ', ' if m[2] else ''}{document!r})",  # type: ignore[misc]
                    seed.expression,
                )
                if changed != seed.expression:
                    found.append(replace(seed, expression=changed, origin="ticket"))
                elif texts := [
                    p
                    for p in self.function.parameters
                    if "str" in ast.unparse(p.annotation or ast.Name("str"))
                ]:
                    owner = (
                        re.match(r"(?:list|asyncio\.run)?\(?(.*)\.\w+\(", seed.expression)
                        if self.function.owner
                        else None
                    )
                    expression = call_expression(
                        self.function, owner[1] if owner else None, {texts[0].arg: repr(document)}
                    )
                    found.append(replace(seed, expression=expression, origin="ticket"))
        return tuple(found)

    def _surroundings(self, seeds: tuple[Attempt, ...]) -> Iterator[Attempt]:
        """Environment variables, standard input and arguments, where the function reads them."""
        text = ast.unparse(self.function.node)
        if self.function.owner is not None and (init := method(self.function.owner, "__init__")):
            text += ast.unparse(init)
        plain = seeds[-1] if seeds else None
        if plain is None:
            return
        values = [ast.literal_eval(t) for t in self.texts if t[:1] in "'\""]
        for name in dict.fromkeys(re.findall(r"(?:environ\[|environ\.get\(|getenv\()['\"](\w+)['\"]", text)):
            for value in (None, "", "abc", *values[:6]):
                yield replace(plain, environment={name: value})
        if re.search(r"(?:environ\[|environ\.get\(|getenv\()[a-z_]", text):
            yield from self._named_variables(seeds, values)
        if re.search(r"\bstdin\b|\binput\(", text):
            for value in ("", "\n", "abc\n", *self.claim.documents, *(f"{value}\n" for value in values[:6])):
                yield replace(plain, stdin=str(value))
        if re.search(r"sys\.argv", text):
            for value in ((), ("",), ("abc",), ("0",), *((str(value),) for value in values[:6])):
                yield replace(plain, argv=("program", *value))

    def _named_variables(self, seeds: tuple[Attempt, ...], values: list[object]) -> Iterator[Attempt]:
        """The function reads a variable whose name it is given; the ticket may show one as NAME=value."""
        shown = re.findall(r"\b([A-Z][A-Z0-9_]+)=([^\s`'\"]+)", self.claim.prose)
        message = self.claim.crash.message.strip("'\"")
        for seed in seeds[:3]:
            names = re.findall(r"[\"']([A-Za-z_]\w*)[\"']", seed.expression)[:1]
            for name, value in shown:
                changed = re.sub(r"[\"'][A-Za-z_]\w*[\"']", repr(name), seed.expression, count=1)
                yield replace(seed, expression=changed, environment={name: value})
            for value in (message, "", "abc", *values[:6]):
                if names:
                    yield replace(seed, environment={names[0]: str(value)})

    def _imports_for(self, expression: str, statements: tuple[str, ...]) -> dict[str, str] | None:
        """Where each free name of an example comes from; None when a name is unknown."""
        try:
            tree = ast.parse("\n".join((*statements, expression)))
        except SyntaxError:
            return None
        bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        bound |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        imports: dict[str, str] = {}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Name) or node.id in bound or node.id in _BUILTINS:
                continue
            is_module = bool(re.search(rf"\b{node.id}\.(?:datetime|date|time|timedelta)\(", expression))
            module = "" if is_module else self._home(node.id)
            if module is None:
                return None
            imports[node.id] = module
        is_about_us = self.function.name in expression or self.function.name in " ".join(statements)
        return imports if imports or bound or is_about_us else None

    def _home(self, name: str) -> str | None:
        """The module that a free name must come from: ours, another of the repository, or the standard library's."""
        if name in _STANDARD:
            return _STANDARD[name]
        if name in _top_level(self.module):
            return self.name
        for path in self.layout.index.source_paths:
            other = self.layout.index.module(path)
            if other and name in _top_level(other):
                return self.layout.module_name(path)
        for path in self.layout.index.source_paths:
            dotted = self.layout.module_name(path)
            if dotted.rpartition(".")[2] == name:
                return dotted.rpartition(".")[0]
        return None

    def _awaited(self, expression: str) -> str:
        if expression.startswith("await "):
            return f"asyncio.run({expression.removeprefix('await ')})"
        is_call = re.match(rf"(?:\w+\.)*{re.escape(self.function.name)}\(", expression) is not None
        if is_call and self.function.is_async:
            return f"asyncio.run({expression})"
        if is_call and self.function.is_generator and "contextmanager" not in self.function.decorators:
            return f"list({expression})"
        return expression

    def _with_asyncio(self, attempt: Attempt) -> Attempt:
        if "asyncio.run(" in attempt.expression:
            return replace(attempt, imports={"asyncio": "", **attempt.imports})
        return attempt


_BUILTINS = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)
_STANDARD = {
    "asyncio": "",
    "datetime": "datetime",
    "json": "",
    "io": "",
    "os": "",
    "sys": "",
    "math": "",
    "re": "",
    "csv": "",
    "Decimal": "decimal",
    "Path": "pathlib",
    "date": "datetime",
    "timedelta": "datetime",
    "SimpleNamespace": "types",
    "StringIO": "io",
    "OrderedDict": "collections",
    "defaultdict": "collections",
}


def zip_longest(groups: list[tuple[Attempt, ...]]) -> Iterator[tuple[Attempt, ...]]:
    """The first of each group, then the second of each, until all are empty."""
    for rank in range(max(map(len, groups), default=0)):
        yield tuple(group[rank] for group in groups if rank < len(group))


def _top_level(module: Module) -> frozenset[str]:
    """Names that a module defines itself."""
    names: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return frozenset(names)


def _is_kept(statement: str) -> bool:
    return not re.match(r"(?:from|import)\s+(?:\.|__future__)", statement)


def _is_telling(shape: Shape) -> bool:
    return bool(
        shape.keys
        or shape.attributes
        or shape.element
        or shape.content
        or shape.kinds & {"numeric", "number"}
    )
