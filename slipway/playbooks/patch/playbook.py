"""The patch playbook: what a person wrote is applied as it is, and proven like everything else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Mapping, Sequence

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.domain.plan import PLAN_FILE
from slipway.domain.test_strength import is_test_path
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, DraftTask, Probe, ProbeResult, Tree, Trees, WorkClass, WorkItem
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.patch.applying import FilePatch, applied, fits, parsed, required
from slipway.playbooks.patch.claim import PatchClaim, read
from slipway.playbooks.platform_file import without_plan, without_plans
from slipway.playbooks.suite_runs import SuiteRun, check_command, command_for, run_suite

MAX_CHECKS = 60


class PatchPlaybook:
    """A unified diff in an attachment or in the ticket's text."""

    work_class: WorkClass = "patch"

    def recognise(self, ticket: Ticket) -> PatchClaim | None:
        """Tickets that carry a diff."""
        return read(ticket)

    def draft(self, claim: PatchClaim, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees) -> Draft:
        """One task in the repository whose files the diff names."""
        trees = without_plans(trees)
        patches = parsed(claim.diff)
        if PLAN_FILE in {path for each in patches for path in (each.source, each.target)}:
            raise NeedsHuman(
                f"the patch changes {PLAN_FILE}, which is the platform's own; take it out of the patch"
            )
        repository = _repository(patches, ticket, discovery, trees)
        layout = Layout(SourceIndex(trees[repository]))
        changes = applied(patches, trees[repository])
        if protected := [path for path in changes if layout.config.protects(path)]:
            raise NeedsHuman(
                f"the patch changes {protected[0]} of {repository}, which is protected; apply it by hand"
            )
        tests = tuple(path for path in changes if is_test_path(path))
        sources = tuple(path for path in changes if path not in tests)
        count = sum(len(each.hunks) for each in patches)
        return Draft(
            work_class="patch",
            summary=f"Apply {claim.source} to {repository}: {count} hunks in {len(changes)} files.",
            in_scope=("Exactly what the patch changes",),
            out_of_scope=("Anything else, also where the patch could be improved",),
            responsibilities={
                (repository, path): _change(path, changes, trees[repository]) for path in changes
            },
            data_flow="As the patch's author intended; see its hunks.",
            tests={(repository, path): "Comes with the patch" for path in tests},
            tasks=(
                DraftTask(
                    repository=repository,
                    summary=f"Apply {claim.source}",
                    test_files=tests,
                    source_files=sources,
                    hours=1.0,
                ),
            ),
            security=(
                "The patch comes from the ticket: read its hunks before approving. It cannot touch workflows "
                "or protected files.",
            ),
        )

    def solve(
        self, claim: PatchClaim, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Generator[Probe, ProbeResult, tuple[WorkItem, ...]]:
        """Its tests first, when they show something; else a check that its lines are there."""
        task = draft.tasks[0]
        tree = without_plan(trees[task.repository])
        layout = Layout(SourceIndex(tree))
        changes = applied(parsed(claim.diff), tree)
        tests = {path: text for path, text in changes.items() if text is not None and is_test_path(path)}
        collected = [path for path in tests if re.search(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$", path)]
        red = _check(tree, changes)
        if collected and set(changes) - set(tests):
            run: SuiteRun = yield from run_suite(task.repository, layout, tests, paths=collected)
            if not run.is_green:
                red = command_for(collected)
        elif collected:
            tests = {}
        if red == _check(tree, changes):
            # What already passes without the rest is part of the change, not a proof of it.
            tests = {}
        return (
            WorkItem(
                repository=task.repository,
                summary=_summary(ticket),
                tests=tests,
                changes={path: text for path, text in changes.items() if path not in tests},
                red_command=red,
                green_command=red,
                rationale=f"{claim.source[0].upper()}{claim.source[1:]}, applied as it is.",
            ),
        )


def _repository(
    patches: Sequence[FilePatch], ticket: Ticket, discovery: DiscoveryResult, trees: Trees
) -> str:
    """The one where the patch applies; the ticket's words decide between several."""
    fitting = [name for name, tree in trees.items() if fits(patches, tree) >= 0]
    if not fitting:
        missing = {
            name: next(path for path in required(patches) if path not in tree) for name, tree in trees.items()
        }
        listed = "; ".join(f"{name} has no {path}" for name, path in missing.items())
        raise NeedsHuman(f"no repository has every file that the patch changes: {listed}")
    reasons: dict[str, str] = {}
    for name in fitting:
        try:
            applied(patches, trees[name])
        except NeedsHuman as error:
            reasons[name] = str(error)
    clean = [name for name in fitting if name not in reasons]
    if not clean:
        raise NeedsHuman("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
    if len(clean) > 1:
        text = f"{ticket.summary}\n{ticket.description}"
        named = [
            name
            for name in clean
            if re.search(rf"(?<![\w-]){re.escape(name.rpartition('/')[2])}(?![\w-])", text, re.IGNORECASE)
        ]
        clean = named or clean
    if len(clean) > 1 and not any(each.source for each in patches):
        relevance = {each.name: each.relevance for each in discovery.relevant_repos}
        clean = sorted(clean, key=lambda name: -relevance.get(name, 0.0))[:1]
    if len(clean) > 1:
        raise NeedsHuman(f"the patch fits {', '.join(clean)}; name the repository in the ticket")
    return clean[0]


def _change(path: str, changes: Mapping[str, str | None], tree: Tree) -> str:
    if changes[path] is None:
        return "Deleted by the patch"
    return "Changed by the patch" if path in tree else "Created by the patch"


def _check(tree: Tree, changes: Mapping[str, str | None]) -> str:
    """Every line that the patch adds is there, and what it deletes is gone."""
    expressions: list[str] = []
    for path, text in changes.items():
        if text is None:
            expressions.append(f"not pathlib.Path({path!r}).exists()")
            continue
        before, after = Counter(tree.get(path, "").splitlines()), Counter(text.splitlines())
        if path not in tree:
            expressions.append(f"pathlib.Path({path!r}).exists()")
        for line in after - before:
            expressions.append(f"text({path!r}).splitlines().count({line!r}) == {after[line]}")
        for line in before - after:
            if not after[line]:
                expressions.append(f"{line!r} not in text({path!r}).splitlines()")
    return check_command(expressions[:MAX_CHECKS])


def _summary(ticket: Ticket) -> str:
    said = " ".join(ticket.summary.split()).rstrip(".")
    return f"{said[:1].lower()}{said[1:]}"[:100]
