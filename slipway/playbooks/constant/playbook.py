"""The constant playbook: one value changed where it is written, its tests with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, DraftTask, Probe, ProbeResult, Tree, Trees, WorkClass, WorkItem
from slipway.playbooks.constant import assertions, consequences
from slipway.playbooks.constant.choice import Chosen, choose
from slipway.playbooks.constant.claim import ConstantClaim, read
from slipway.playbooks.constant.companions import Edit, companions
from slipway.playbooks.constant.documents import documents_of
from slipway.playbooks.constant.places import Place, code_places
from slipway.playbooks.constant.setting_files import is_setting_file, settings
from slipway.playbooks.crash.formatting import formatted
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex, is_test_module
from slipway.playbooks.platform_file import without_plan, without_plans
from slipway.playbooks.suite_runs import SuiteRun, check_command, command_for, run_suite

MAX_TEST_FILES, MAX_ROUNDS = 6, 6


class ConstantPlaybook:
    """A number, text or switch that has a name, or a message that is quoted."""

    work_class: WorkClass = "constant"

    def recognise(self, ticket: Ticket) -> ConstantClaim | None:
        """A new value, and a name, an old value or a description of what has it."""
        return read(ticket)

    def draft(
        self, claim: ConstantClaim, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees
    ) -> Draft:
        """One task in the repository that holds the value."""
        trees = without_plans(trees)
        relevance = {each.name: each.relevance for each in discovery.relevant_repos}
        lowered = f"{ticket.summary}\n{ticket.description}".lower()
        for name in trees:
            if re.search(rf"(?<![\w-]){re.escape(name.rpartition('/')[2].lower())}(?![\w-])", lowered):
                relevance[name] = relevance.get(name, 0.0) + 1.0
        layouts = {name: Layout(SourceIndex(tree)) for name, tree in trees.items()}
        chosen = choose(
            claim,
            (place for name, layout in layouts.items() for place in places(name, layout)),
            relevance=relevance,
        )
        place = chosen.places[0]
        layout = layouts[place.repository]
        sources = tuple(dict.fromkeys(each.path for each in chosen.places))
        if protected := [path for path in sources if layout.config.protects(path)]:
            raise NeedsHuman(f"{place.repository}: {protected[0]} is protected; a person must change it")
        documents = tuple(documents_of(chosen, layout))
        tests = _tests(chosen, layout)
        what = _what(chosen)
        return Draft(
            work_class="constant",
            summary=f"Change {what} from {place.source} to {chosen.literals[0]} in {', '.join(sources)}.",
            in_scope=(
                f"{what} in {', '.join(sources)}: {place.source} becomes {chosen.literals[0]}",
                "Tests that assert the old value, and one that asserts the new",
            ),
            out_of_scope=("Other values, also those that happen to be equal", "Behaviour around the value"),
            responsibilities={
                **{(place.repository, path): f"Holds {what}" for path in (*sources, *documents)},
                **{(place.repository, path): f"Asserts {what}" for path in tests},
            },
            data_flow=f"Whatever reads {what} gets {chosen.literals[0]}; nothing else changes.",
            tests={(place.repository, path): f"{what} is {chosen.literals[0]}" for path in tests},
            tasks=(
                DraftTask(
                    repository=place.repository,
                    summary=f"Change {what} to {chosen.literals[0]}",
                    test_files=tests,
                    source_files=(*sources, *documents),
                    hours=1.0,
                ),
            ),
            security=("A value changes; no new input is read and nothing new is exposed.",),
        )

    def solve(
        self, claim: ConstantClaim, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Generator[Probe, ProbeResult, tuple[WorkItem, ...]]:
        """Change it, change what asserts it, see that the suite agrees."""
        del ticket  # The claim holds all that is needed.
        task = draft.tasks[0]
        layout = Layout(SourceIndex(without_plan(trees[task.repository])))
        chosen = _approved(choose(claim, places(task.repository, layout), relevance={}), task)
        changes = yield from formatted(_changed(chosen, layout), layout, task.repository)
        tests = _updated(chosen, layout, task)
        red = command_for(tests)
        if not tests:
            path = task.test_files[0] if task.test_files else ""
            new = assertions.added(chosen, layout, path) if path else None
            if new is not None:
                files = yield from formatted({path: new[0]}, layout, task.repository)
                run = yield from run_suite(task.repository, layout, {**changes, **files}, paths=[new[1]])
                if run.is_green:
                    tests, red = files, command_for([new[1]])
        tests = yield from _agreed(chosen, layout, task, changes, tests)
        if not tests:
            red = check_command(_new_lines(layout.tree, changes, {place.path for place in chosen.places}))
        elif "::" not in red:
            red = command_for(tests)
        place = chosen.places[0]
        return (
            WorkItem(
                repository=task.repository,
                summary=f"change {_what(chosen).replace('`', '')} to {chosen.literals[0]}"[:100],
                tests=tests,
                changes=dict(changes),
                red_command=red,
                green_command=red,
                rationale=f"{place.title} is the one place that the ticket's words fit.",
            ),
        )


def places(repository: str, layout: Layout) -> Iterator[Place]:
    """Every value of a repository, in its code and in its settings."""
    yield from code_places(repository, layout)
    for path, text in layout.tree.items():
        if is_setting_file(path):
            yield from settings(repository, path, text)


def _agreed(
    chosen: Chosen, layout: Layout, task: DraftTask, changes: dict[str, str], tests: dict[str, str]
) -> Generator[Probe, ProbeResult, dict[str, str]]:
    """Tests that fail with the new value are brought up to date where they hold the old one."""
    run: SuiteRun = yield from run_suite(task.repository, layout, {**changes, **tests})
    for _ in range(MAX_ROUNDS):
        if run.is_green:
            return tests
        more = _more(chosen, layout, task, tests, run, is_wide=False)
        if more == tests:
            more = _more(chosen, layout, task, tests, run, is_wide=True)
        if more == tests:
            break
        tests = more
        run = yield from run_suite(task.repository, layout, {**changes, **tests})
    if run.is_green:
        return tests
    before: SuiteRun = yield from run_suite(task.repository, layout, {})
    if broken := sorted(run.failed - before.failed):
        raise NeedsHuman(
            f"{task.repository}: with the new value these tests fail, and what they should say instead is "
            f"not clear: {', '.join(broken[:5])}"
        )
    return tests


def _more(
    chosen: Chosen, layout: Layout, task: DraftTask, tests: dict[str, str], run: SuiteRun, *, is_wide: bool
) -> dict[str, str]:
    """What the failed assertions expect, first; then also other literals of the functions that fail."""
    more = dict(tests)
    for path in task.test_files:
        functions = run.functions(path)
        text = tests.get(path, layout.tree.get(path, ""))
        for place, literal in zip(chosen.places, chosen.spelled, strict=True):
            if is_wide:
                text = assertions.updated(
                    text,
                    place,
                    literal,
                    chosen.value,
                    within=functions,
                    by_name=not chosen.is_shared,
                    rivals=chosen.rivals,
                )
            else:
                text = consequences.explained(path, text, run.output, chosen, layout)
        if text != layout.tree.get(path, ""):
            more[path] = text
    return more


def _new_lines(tree: Tree, changes: Mapping[str, str], paths: Iterable[str]) -> list[str]:
    """Expressions that hold when every new line is there."""
    found = []
    for path in sorted(paths):
        before = Counter(tree[path].splitlines())
        after = Counter(changes[path].splitlines())
        found += [f"text({path!r}).splitlines().count({line!r}) == {after[line]}" for line in after - before]
    return found


def _approved(chosen: Chosen, task: DraftTask) -> Chosen:
    outside = [place.path for place in chosen.places if place.path not in task.source_files]
    if outside:
        raise NeedsHuman(f"the value is in {outside[0]} now, which the plan does not name; plan it again")
    return chosen


def _changed(chosen: Chosen, layout: Layout) -> dict[str, str]:
    changes: dict[str, str] = {}
    edits: dict[str, set[Edit]] = {}
    for place, literal in zip(chosen.places, chosen.literals, strict=True):
        text = layout.tree[place.path]
        beside = companions(text, place, literal, old=chosen.claim.old, new=chosen.claim.new)
        edits.setdefault(place.path, set()).update([(place.start, place.end, literal), *beside])
    for path, found in edits.items():
        changes[path] = layout.tree[path]
        for start, end, new in sorted(found, reverse=True):
            changes[path] = changes[path][:start] + new + changes[path][end:]
    return changes | documents_of(chosen, layout)


def _updated(chosen: Chosen, layout: Layout, task: DraftTask) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in task.test_files:
        text = old = layout.tree.get(path, "")
        for place, literal in zip(chosen.places, chosen.spelled, strict=True):
            text = assertions.updated(
                text, place, literal, chosen.value, by_name=not chosen.is_shared, rivals=chosen.rivals
            )
        if text != old:
            found[path] = text
    return found


def _tests(chosen: Chosen, layout: Layout) -> tuple[str, ...]:
    """Test files that may have to change: those that hold the old value, else those of the module."""
    place = chosen.places[0]
    own = [layout.test_path(place.path)] if place.path.endswith(".py") else []
    names = {part for part in (place.name, *place.owner.split(".")) if len(part) > 2}
    touching = []
    users = _users(place, layout)
    for path in layout.index.test_paths:
        text = layout.tree[path]
        is_text = isinstance(place.value, str) and len(place.value) > 4 and place.value[:40] in text
        if is_text or any(re.search(rf"\b{re.escape(name)}\b", text) for name in names | users):
            touching.append(path)
    mirrors = [path for path in own if path in layout.tree or place.kind in {"variable", "default", "entry"}]
    found = [path for path in dict.fromkeys((*touching, *mirrors)) if is_test_module(path)]
    asserting = [path for path in found if _asserts(chosen, layout, path)]
    if asserting and not any(path in asserting for path in mirrors):
        found = [path for path in found if path in layout.tree]
    return tuple(sorted(found, key=lambda path: path not in asserting)[:MAX_TEST_FILES])


def _users(place: Place, layout: Layout) -> set[str]:
    """Modules that name a module's value, as tests import them."""
    if place.kind != "variable" or place.owner or len(place.name) < 4:
        return set()
    using = [
        layout.module_name(path)
        for path in layout.index.source_paths
        if path.endswith(".py") and re.search(rf"\b{re.escape(place.name)}\b", layout.tree[path])
    ]
    return {name for name in using if name}


def _asserts(chosen: Chosen, layout: Layout, path: str) -> bool:
    text = layout.tree.get(path, "")
    place, literal = chosen.places[0], chosen.spelled[0]
    return assertions.updated(text, place, literal, chosen.value, rivals=chosen.rivals) != text


def _what(chosen: Chosen) -> str:
    place = chosen.places[0]
    if place.kind == "text":
        return f"the text in `{place.owner}`" if place.owner else "the text"
    return f"`{'.'.join(part for part in (place.owner, place.name) if part)}`"
