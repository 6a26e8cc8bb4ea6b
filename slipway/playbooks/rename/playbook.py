"""The rename playbook: one commit for each repository, the defining one first."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Generator, Mapping

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.domain.test_strength import is_test_path
from slipway.domain.ticket import Ticket
from slipway.playbooks.added_tests import with_test
from slipway.playbooks.base import Draft, DraftTask, Probe, ProbeResult, Tree, Trees, WorkClass, WorkItem
from slipway.playbooks.crash.formatting import formatted
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.platform_file import without_plans
from slipway.playbooks.rename.claim import RenameClaim, read
from slipway.playbooks.rename.everywhere import Done, Outcome, renamed_everywhere
from slipway.playbooks.suite_runs import check_command, command_for

_Files = Mapping[str, str]


class RenamePlaybook:
    """Functions, classes, methods, parameters, attributes and variables of Python code."""

    work_class: WorkClass = "rename"

    def recognise(self, ticket: Ticket) -> RenameClaim | None:
        """Tickets that say rename and give both names."""
        return read(ticket)

    def draft(self, claim: RenameClaim, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees) -> Draft:
        """Carry it out by reading, to know every file."""
        del ticket, discovery  # The claim and the code say it all.
        trees = without_plans(trees)
        outcome = renamed_everywhere(claim, trees)
        said = "; ".join(str(each.renaming) for each in outcome.done)
        tasks: list[DraftTask] = []
        responsibilities: dict[tuple[str, str], str] = {}
        tests: dict[tuple[str, str], str] = {}
        for repository, files in outcome.changes.items():
            proving = [] if _is_proven(files, outcome) else _new_test_path(repository, outcome, trees)
            paths = dict.fromkeys([*(path for path in files if is_test_path(path)), *proving])
            sources = tuple(path for path in files if not is_test_path(path))
            tasks.append(
                DraftTask(
                    repository=repository,
                    summary=f"Rename {said}",
                    test_files=tuple(paths),
                    source_files=sources,
                    hours=1.0 if len(files) < 8 else 2.0,
                )
            )
            responsibilities |= {(repository, path): "Uses the new name" for path in sources}
            for each in outcome.done:
                if each.found.repository == repository:
                    responsibilities[repository, each.found.path] = f"Defines `{each.renaming.new}`"
            tests |= {(repository, path): "Uses the new name" for path in paths}
        others = [task.repository for task in tasks[1:]]
        return Draft(
            work_class="rename",
            summary=f"Rename {said} where it is defined and wherever it is used ({len(tasks)} repositories).",
            in_scope=(
                f"The definition, imports, uses, exports and documentation of {said}",
                *(("The old name stays as an alias that warns",) if claim.keeps_alias else ()),
            ),
            out_of_scope=(
                "Behaviour",
                "Other things that happen to have the same name",
                "Histories of changes",
            ),
            responsibilities=responsibilities,
            data_flow="Nothing changes at run time but the name.",
            tests=tests,
            tasks=tuple(tasks),
            cross_repository=(
                (f"Merge {tasks[0].repository} first, then {', '.join(others)}: they use what it defines",)
                if others
                else ()
            ),
            security=("Names only; no behaviour, input or permission changes.",),
        )

    def solve(
        self, claim: RenameClaim, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Generator[Probe, ProbeResult, tuple[WorkItem, ...]]:
        """One item for each repository of the plan."""
        del ticket
        trees = without_plans(trees)
        outcome = renamed_everywhere(claim, trees)
        if list(outcome.changes) != [task.repository for task in draft.tasks]:
            raise NeedsHuman(
                "the code has changed since the plan: other repositories use the name; plan it again"
            )
        items = []
        for task in draft.tasks:
            item = yield from _item(task, outcome, trees[task.repository], claim)
            items.append(item)
        return tuple(items)


def _item(
    task: DraftTask, outcome: Outcome, tree: Tree, claim: RenameClaim
) -> Generator[Probe, ProbeResult, WorkItem]:
    repository = task.repository
    layout = Layout(SourceIndex(tree))
    files = dict(outcome.changes[repository])
    for each in outcome.done if not _is_proven(files, outcome) else ():
        path = layout.test_path(each.found.path)
        if each.found.repository == repository and path in task.test_files:
            text = _with_new_test(each, Layout(SourceIndex({**tree, **files})), path, claim)
            if text is not None:
                files[path] = text
    python = {path: text for path, text in files.items() if path.endswith(".py")}
    tidy = yield from formatted(python, layout, repository)
    files |= tidy
    tests = {path: text for path, text in files.items() if is_test_path(path)}
    changes = {path: text for path, text in files.items() if path not in tests}
    python_tests = [path for path in tests if _is_collected(path)]
    if python_tests and _shows(tests, outcome):
        red = command_for(python_tests)
    else:
        red = (yield from _importing(repository, outcome, layout)) or _check(tree, changes, layout)
    said = ", ".join(f"{each.renaming.old} to {each.renaming.new}" for each in outcome.done)
    return WorkItem(
        repository=repository,
        summary=f"rename {said}"[:100],
        tests=tests,
        changes=changes,
        red_command=red,
        green_command=red,
        rationale=f"Every use that resolves to {', '.join(each.found.title for each in outcome.done)}.",
    )


def _importing(
    repository: str, outcome: Outcome, layout: Layout
) -> Generator[Probe, ProbeResult, str | None]:
    """Importing what imports the old name: fails once the library lacks it, works with the new name."""
    homes = {each.found.repository for each in outcome.done if not each.found.owner}
    if repository in homes or not homes & set(layout.config.depends_on):
        return None
    old = "|".join(each.found.name for each in outcome.done)
    imported = re.compile(rf"^from\s+\S+\s+import\s+(?:\([^)]*|.*)\b(?:{old})\b", re.MULTILINE)
    modules = [
        layout.module_name(path)
        for path in outcome.changes[repository]
        if path in layout.index.source_paths
        and not path.endswith("__main__.py")
        and imported.search(layout.tree[path])
    ]
    if not modules:
        return None
    command = f'python -c "import {", ".join(modules)}"'
    result = yield Probe(repository=repository, command=command)
    return command if result.exit_code == 0 else None


def _is_proven(files: _Files, outcome: Outcome) -> bool:
    """Whether tests that exist use every new name in code: they fail until it is there."""
    tests = [text for path, text in files.items() if is_test_path(path) and _is_collected(path)]
    used = {
        token.string
        for text in tests
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME
    }
    return all(each.renaming.new in used for each in outcome.done)


def _is_collected(path: str) -> bool:
    return path.endswith(".py") and not path.endswith("conftest.py")


def _shows(tests: _Files, outcome: Outcome) -> bool:
    return any(each.renaming.new in text for each in outcome.done for text in tests.values())


def _check(tree: Tree, changes: _Files, layout: Layout) -> str:
    """The new lines are there, and the code that uses them can be imported and passes its tests."""
    expressions = []
    for path, text in sorted(changes.items()):
        before, after = Counter(tree.get(path, "").splitlines()), Counter(text.splitlines())
        expressions += [
            f"text({path!r}).splitlines().count({line!r}) == {after[line]}" for line in after - before
        ]
    check = check_command(expressions[:40])
    return f"{check} && {layout.suite}" if layout.index.test_paths else check


def _new_test_path(repository: str, outcome: Outcome, trees: Trees) -> list[str]:
    layout = Layout(SourceIndex(trees[repository]))
    return [layout.test_path(each.found.path) for each in outcome.done if each.found.repository == repository]


def _with_new_test(each: Done, layout: Layout, path: str, claim: RenameClaim) -> str | None:
    """A test that the new name is there and the old one is not; None where none can tell."""
    found, new = each.found, each.renaming.new
    own = [name for name in each.names if name.partition(".")[0] == found.module.partition(".")[0]]
    module = min(own, key=lambda name: (name.count("."), name)).rpartition(".")[0]
    owner = found.owner
    imports: list[tuple[str, str | None]]
    if found.kind == "parameter":
        imports = [("inspect", None), (module, owner.partition(".")[0])]
        holder = f"inspect.signature({owner}).parameters"
        lines = [f'assert "{new}" in {holder}', f'assert "{found.name}" not in {holder}']
    elif owner and found.kind == "attribute":
        if not _is_annotated(layout, found.path, owner, new):
            return None
        imports = [(module, owner.partition(".")[0])]
        holder = f"{owner}.__annotations__"
        lines = [f'assert "{new}" in {holder}', f'assert "{found.name}" not in {holder}']
    else:
        imports = [(module, owner.partition(".")[0])] if owner else [(module, None)]
        holder = owner or module
        lines = [f'assert hasattr({holder}, "{new}")', f'assert not hasattr({holder}, "{found.name}")']
    if claim.keeps_alias:
        lines = lines[:1]
    name = f"test_{new.strip('_').lower()}_has_replaced_{found.name.strip('_').lower()}"
    return with_test(layout, path, name=name, imports=imports, lines=lines)[0]


def _is_annotated(layout: Layout, path: str, owner: str, name: str) -> bool:
    module = layout.index.module(path)
    node = module.classes.get(owner) if module else None
    return node is not None and any(
        isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id == name
        for each in node.body
    )
