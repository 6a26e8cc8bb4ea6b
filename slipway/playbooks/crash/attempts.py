"""Programs that may make a function crash: the ticket's, the tests' and built ones, ordinary and spoiled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import zip_longest

from slipway.playbooks.crash.annotations import AnnotationReader, arguments_with_defaults
from slipway.playbooks.crash.attempt import Attempt, Origin, call_expression
from slipway.playbooks.crash.claim import CrashClaim, Example
from slipway.playbooks.crash.example_imports import imports_for
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.mutations import mutants
from slipway.playbooks.crash.shapes import Renderer, Shape
from slipway.playbooks.crash.source_index import Function, Module
from slipway.playbooks.crash.surroundings import surrounded, with_documents
from slipway.playbooks.crash.usage import UsageReader

_TOTAL = 500


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
        for shown in self.claim.examples:
            example = self._called(shown)
            if example is None:
                continue
            imports = imports_for(
                example.expression,
                example.statements,
                layout=self.layout,
                module=self.module,
                function=self.function,
            )
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

    def _called(self, example: Example) -> Example | None:
        """An input without a call is for the function at hand, where that takes one argument."""
        if not example.argument:
            return example
        defaults = self.function.node.args.defaults
        takes_one = len(self.function.parameters) - len(defaults) == 1 or len(self.function.parameters) == 1
        if self.function.owner is not None or not takes_one:
            return None
        return replace(example, expression=f"{self.function.name}({example.argument})")

    def seeds(self, calls: Iterable[Mapping[str, object]]) -> tuple[Attempt, ...]:
        """Ordinary calls: those of the tests, then built ones."""
        observed = [attempt for call in calls if (attempt := self._observed(call))]
        observed.sort(key=lambda attempt: len(attempt.expression))
        return tuple(dict.fromkeys((*observed[:6], *self._built())))

    def all(self, calls: Iterable[Mapping[str, object]]) -> tuple[Attempt, ...]:
        """Ticket, ordinary, spoiled; without doubles and not too many."""
        ticket = self.from_ticket()
        seeds = self.seeds(calls)
        surroundings = tuple(surrounded(seeds, self.claim, self.function, self.texts))
        spoiled = [self._spoiled(seed) for seed in (*ticket, *seeds)]
        mixed = [mutant for rank in zip_longest(*spoiled) for mutant in rank if mutant is not None]
        texts = with_documents(seeds, self.claim.documents, self.function)
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
        """From annotations, constructors and usage: once in full, once with only what is required."""
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
