"""Finds the one definition that a renaming means, among all repositories."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import Module
from slipway.playbooks.rename.claim import Kind, Renaming

_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Definition:
    """`owner` is the class or the function around it, "" at module level."""

    repository: str
    path: str
    module: str
    kind: Kind
    owner: str
    name: str
    line: int

    @property
    def title(self) -> str:
        """For people."""
        inner = f"{self.owner}.{self.name}" if self.owner else self.name
        return f"{self.kind} {inner} ({self.repository}: {self.path}, line {self.line})"


def definition(renaming: Renaming, layouts: Mapping[str, Layout]) -> Definition:
    """The only one; NeedsHuman lists several, and says what would collide."""
    found = [
        each
        for repository, layout in layouts.items()
        for path in layout.index.source_paths
        if (module := layout.index.module(path)) is not None and renaming.old in module.text
        for each in _definitions(repository, layout, module, renaming.old)
        if _fits(renaming, each)
    ]
    outer = [each for each in found if each.kind != "parameter"]
    if renaming.kind is None and outer:
        found = outer
    top = [each for each in found if not each.owner]
    if renaming.kind is None and not renaming.owner and len(found) > 1 and len(top) == 1:
        found = top
    if len(found) > 1:
        found = _narrowed(found, renaming)
    if not found:
        raise NeedsHuman(
            f"{renaming} cannot be renamed: no {renaming.kind or 'definition'} of that name was found in "
            f"{', '.join(layouts)}. Check the name, or install the platform on the repository that defines it"
        )
    if len(found) > 1:
        listed = "; ".join(each.title for each in found[:_SHOWN])
        raise NeedsHuman(
            f"{renaming} could mean {len(found)} things: {listed}. Say which, such as `Class.name`"
        )
    _check_free(found[0], renaming, layouts[found[0].repository])
    return found[0]


def _fits(renaming: Renaming, found: Definition) -> bool:
    kinds: dict[Kind, set[Kind]] = {
        "function": {"function", "method"},
        "method": {"method", "attribute"},
        "attribute": {"attribute", "method", "variable"},
        "variable": {"variable", "attribute"},
        "class": {"class"},
        "parameter": {"parameter", "attribute"},
    }
    if renaming.kind is not None and found.kind not in kinds[renaming.kind]:
        return False
    return not renaming.owner or _is_in(found, renaming.owner)


def _narrowed(found: list[Definition], renaming: Renaming) -> list[Definition]:
    """Those that the sentence's other names and files single out; all when they single out none."""
    for near in renaming.near:
        inside = (
            [each for each in found if f"/{each.path}".endswith(f"/{near}")]
            if near.endswith(".py")
            else [each for each in found if _is_in(each, near)]
        )
        found = inside or found
    return found


def _is_in(found: Definition, owner: str) -> bool:
    full = f"{found.module}.{found.owner}".strip(".")
    spelled = owner.removesuffix(".py").replace("/", ".")
    return f".{full}".endswith(f".{spelled}") or spelled in {
        found.repository.rpartition("/")[2],
        found.module.rpartition(".")[2],
        found.module.partition(".")[0],
        found.owner.partition(".")[0],
    }


def _definitions(repository: str, layout: Layout, module: Module, name: str) -> Iterator[Definition]:
    module_name = layout.module_name(module.path)

    def made(kind: Kind, owner: str, line: int) -> Definition:
        return Definition(
            repository=repository,
            path=module.path,
            module=module_name,
            kind=kind,
            owner=owner,
            name=name,
            line=line,
        )

    seen: set[tuple[Kind, str]] = set()
    for kind, owner, line in _named(module.tree.body, "", name, in_class=False):
        if (kind, owner) not in seen:
            seen.add((kind, owner))
            yield made(kind, owner, line)
    for function in module.functions:
        has_it = not function.is_nested and any(each.arg == name for each in function.parameters)
        if has_it and ("parameter", function.qualified) not in seen:
            seen.add(("parameter", function.qualified))
            yield made("parameter", function.qualified, function.node.lineno)


def _named(body: list[ast.stmt], owner: str, name: str, *, in_class: bool) -> Iterator[tuple[Kind, str, int]]:
    variable: Kind = "attribute" if in_class else "variable"
    for node in body:
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found):
                if found == name:
                    yield ("method" if in_class else "function"), owner, node.lineno
                elif in_class and (line := _stored_on_self(node, name)):
                    yield "attribute", owner, line
            case ast.ClassDef(name=found):
                if found == name:
                    yield "class", owner, node.lineno
                yield from _named(node.body, f"{owner}.{found}".lstrip("."), name, in_class=True)
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    yield variable, owner, node.lineno
            case ast.If() | ast.Try() | ast.With():
                yield from _named(_blocks(node), owner, name, in_class=in_class)
            case _:
                pass


def _blocks(node: ast.If | ast.Try | ast.With) -> list[ast.stmt]:
    inner = [each for block in ("body", "orelse", "finalbody") for each in getattr(node, block, [])]
    return [*inner, *(each for handler in getattr(node, "handlers", ()) for each in handler.body)]


def _stored_on_self(function: ast.AST, name: str) -> int | None:
    """The line on which a method first sets an attribute of its object."""
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=found, ctx=ast.Store()) if found == name:
                return node.lineno
            case _:
                pass
    return None


def _check_free(found: Definition, renaming: Renaming, layout: Layout) -> None:
    """The new name must not stand where the old one does."""
    module = layout.index.module(found.path)
    if module is None:
        return
    taken = [
        each
        for each in _definitions(found.repository, layout, module, renaming.new)
        if each.owner == found.owner and (each.kind == "parameter") == (found.kind == "parameter")
    ]
    imported = not found.owner and re.search(
        rf"^(?:from\s+\S+\s+)?import\b.*\b{renaming.new}\b", module.text, re.MULTILINE
    )
    if taken or imported:
        where = taken[0].title if taken else f"an import in {found.path}"
        raise NeedsHuman(
            f"{renaming} would collide with {where}; choose another name or remove that one first"
        )
