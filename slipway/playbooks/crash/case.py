"""One reproduced crash with all that is known about it: the code around, the files that may change."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.reproduction import Reproduction
from slipway.playbooks.crash.source_index import Function
from slipway.playbooks.crash.trouble import Trouble, call_site, understand


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One reproduction in one repository, and what is known about the function that the example calls."""

    reproduction: Reproduction
    repository: str
    layout: Layout
    allowed: frozenset[str]
    observed: tuple[str, ...] = ()

    @property
    def attempt(self) -> Attempt:
        """The program that crashes."""
        return self.reproduction.attempt

    @property
    def entry(self) -> Function | None:
        """The first function of the repository that the program runs."""
        place = self.reproduction.outcome.places[0]
        module = self.layout.index.module(place.path)
        return module.enclosing(place.line) if module else None

    def troubles(self) -> tuple[Trouble, ...]:
        """Where the exception came through, innermost first, in files that may change."""
        outcome = self.reproduction.outcome
        found: list[Trouble] = []
        for number, place in enumerate(reversed(outcome.places)):
            module = self.layout.index.module(place.path)
            function = module.enclosing(place.line) if module else None
            if module is None or function is None or place.path not in self.allowed:
                continue
            read = understand if number == 0 else call_site
            trouble = read(module, function, place, outcome)
            if trouble is not None and all(trouble.node is not other.node for other in found):
                found.append(trouble)
        return tuple(found)


def gives_plain_object(case: Case) -> bool:
    """Whether the entry returns instances of a class that says nothing about equality."""
    entry = case.entry
    for node in ast.walk(entry.node) if entry is not None else ():
        match node:
            case ast.Return(value=ast.Call(func=ast.Name(id=name))):
                found = case.layout.index.class_named(name, near=entry.path if entry else "")
                if found is not None and not _is_comparable(found[1]):
                    return True
            case _:
                continue
    return False


def _is_comparable(owner: ast.ClassDef) -> bool:
    has_equality = any(isinstance(node, ast.FunctionDef) and node.name == "__eq__" for node in owner.body)
    bases = {ast.unparse(base) for base in owner.bases} - {"object"}
    return has_equality or bool(owner.decorator_list or bases)


def by_attributes(case: Case) -> Case:
    """The same with the attributes of what comes out in place of the object."""
    attempt = replace(case.attempt, expression=f"vars({case.attempt.expression})")
    return replace(case, reproduction=replace(case.reproduction, attempt=attempt), observed=("dict",))
