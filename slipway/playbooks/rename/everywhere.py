"""Carries a claim out on the texts of all repositories."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from slipway.domain.errors import NeedsHuman
from slipway.domain.test_strength import is_test_path
from slipway.playbooks.base import Tree, Trees
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.rename.alias import with_alias
from slipway.playbooks.rename.claim import RenameClaim, Renaming
from slipway.playbooks.rename.definitions import Definition, definition
from slipway.playbooks.rename.documents import (
    calls_in_document,
    in_comments,
    in_document,
    in_manifest,
    members_in_document,
)
from slipway.playbooks.rename.members import rename_member
from slipway.playbooks.rename.parameters import rename_parameter
from slipway.playbooks.rename.python_file import PythonFile
from slipway.playbooks.rename.symbols import is_shown, public_names, rename_symbol, told_in_tests


@dataclass(frozen=True, kw_only=True)
class Done:
    """One renaming that was carried out; `names` are the dotted names that changed."""

    renaming: Renaming
    found: Definition
    names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`changes` by repository, the defining ones first."""

    changes: Mapping[str, Mapping[str, str]]
    done: tuple[Done, ...]


def renamed_everywhere(claim: RenameClaim, trees: Trees) -> Outcome:
    """All texts that change; deterministic for the same input."""
    now: dict[str, dict[str, str]] = {name: dict(tree) for name, tree in trees.items()}
    done: list[Done] = []
    for renaming in claim.renamings:
        layouts = {name: Layout(SourceIndex(tree)) for name, tree in now.items()}
        found = definition(renaming, layouts)
        names = _carry_out(renaming, found, layouts, now, keeps_alias=claim.keeps_alias)
        done.append(Done(renaming=renaming, found=found, names=names))
    homes = list(dict.fromkeys(each.found.repository for each in done))
    order = [*homes, *(name for name in now if name not in homes)]
    changes = {
        name: {path: text for path, text in now[name].items() if trees[name].get(path) != text}
        for name in order
    }
    changed = {name: files for name, files in changes.items() if files}
    for name, files in changed.items():
        _check(name, files, Layout(SourceIndex(trees[name])))
    return Outcome(changes=changed, done=tuple(done))


def _carry_out(
    renaming: Renaming,
    found: Definition,
    layouts: Mapping[str, Layout],
    now: dict[str, dict[str, str]],
    *,
    keeps_alias: bool,
) -> frozenset[str]:
    using = _using(found, now)
    files = [file for name in using for file in _python(name, now[name], layouts[name])]
    is_member = bool(found.owner) and found.kind in {"method", "attribute", "function", "variable"}
    holder = found.owner.partition(".")[0] if found.owner else found.name
    outer = Definition(
        repository=found.repository, path=found.path, module=found.module, kind=found.kind,
        owner="", name=holder, line=found.line,
    )  # fmt: skip
    names = public_names(outer, files)
    if found.kind == "parameter":
        is_method = "." in found.owner
        rename_parameter(files, found, renaming.new, names, is_method=is_method)
    elif is_member:
        rename_member(files, found, renaming.new, names)
    else:
        _symbols(files, found, renaming.new, names)
    for file in files:
        if file.spans and found.kind != "parameter":
            in_comments(
                file, old=found.name, new=renaming.new, owner=holder if is_member else "", names=names
            )
        if file.spans:
            text = file.result
            if keeps_alias and file.path == found.path and file.repository == found.repository:
                text = with_alias(text, found, renaming.new)
            _must_parse(file, text)
            now[file.repository][file.path] = text
    for name in using:
        if found.kind == "parameter":
            _calls_in_documents(layouts[name], now[name], found, renaming.new)
        else:
            _documents(layouts[name], now[name], found, renaming.new, holder if is_member else "", names)
    return names


def _symbols(files: Sequence[PythonFile], found: Definition, new: str, names: frozenset[str]) -> None:
    shown = found.kind == "class" and is_shown(found, files)
    for file in files:
        if found.name in file.text:
            rename_symbol(file, found, new, names)
            if shown and is_test_path(file.path):
                told_in_tests(file, found.name, new)


def _must_parse(file: PythonFile, text: str) -> None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise NeedsHuman(
            f"{file.repository}: {file.path} would not be valid Python then ({error}); rename it by hand"
        ) from error


def _documents(
    layout: Layout, tree: dict[str, str], found: Definition, new: str, owner: str, names: Iterable[str]
) -> None:
    known = list(names)
    for path, text in list(tree.items()):
        if found.name not in text or layout.config.protects(path):
            continue
        changed = in_document(path, text, old=found.name, new=new, owner=owner, names=known)
        if owner:
            changed = members_in_document(path, changed, old=found.name, new=new, classes=[owner])
        changed = changed if owner else in_manifest(path, changed, old=found.name, new=new, names=known)
        tree[path] = changed


def _calls_in_documents(layout: Layout, tree: dict[str, str], found: Definition, new: str) -> None:
    holder, _, function = found.owner.rpartition(".")
    called = holder.rpartition(".")[2] if function == "__init__" else function
    for path, text in list(tree.items()):
        if found.name in text and not layout.config.protects(path):
            tree[path] = calls_in_document(path, text, function=called, old=found.name, new=new)


def _using(found: Definition, trees: Mapping[str, Tree]) -> list[str]:
    """The defining repository and those that import its package without having one of that name."""
    root = found.module.partition(".")[0]
    importing = re.compile(rf"^\s*(?:from|import)\s+{re.escape(root)}\b", re.MULTILINE)
    using = [found.repository]
    for name, tree in trees.items():
        python = {path: text for path, text in tree.items() if path.endswith(".py")}
        own = any(re.search(rf"(?:^|/){re.escape(root)}(?:/__init__)?\.py$", path) for path in python)
        if name != found.repository and not own and any(importing.search(text) for text in python.values()):
            using.append(name)
    return using


def _python(repository: str, tree: Tree, layout: Layout) -> list[PythonFile]:
    found = []
    for path, text in sorted(tree.items()):
        if path.endswith(".py") and layout.index.module(path) is not None:
            found.append(
                PythonFile(repository=repository, path=path, module=layout.module_name(path), text=text)
            )
    return found


def _check(repository: str, files: Mapping[str, str], layout: Layout) -> None:
    if protected := [path for path in files if layout.config.protects(path)]:
        raise NeedsHuman(
            f"{repository}: {protected[0]} uses the name but is protected; a person must change it"
        )
