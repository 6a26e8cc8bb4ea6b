"""The dependency playbook: the version is changed everywhere at once, so that no two places disagree."""

from __future__ import annotations

import re
from collections.abc import Generator

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, DraftTask, Probe, ProbeResult, Tree, Trees, WorkClass, WorkItem
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.dependency.claim import DependencyClaim, read
from slipway.playbooks.dependency.manifests import Requirement, changed, locked, requirements, specifier
from slipway.playbooks.platform_file import without_plan, without_plans
from slipway.playbooks.suite_runs import check_command


class DependencyPlaybook:
    """One Python package to one version."""

    work_class: WorkClass = "dependency"

    def recognise(self, ticket: Ticket) -> DependencyClaim | None:
        """A package's name and the version it should have."""
        return read(ticket)

    def draft(
        self, claim: DependencyClaim, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees
    ) -> Draft:
        """One task for each repository that the ticket names, or for every one that asks for the package."""
        trees = without_plans(trees)
        chosen = _repositories(claim, ticket, discovery, trees)
        tasks: list[DraftTask] = []
        responsibilities: dict[tuple[str, str], str] = {}
        for repository in chosen:
            found = _checked(repository, trees[repository], claim)
            paths = tuple(dict.fromkeys(each.path for each in found))
            for each in found:
                responsibilities[repository, each.path] = (
                    f"Asks for {claim.package}{specifier(each, claim)} instead of {each.specifier}"
                )
            tasks.append(
                DraftTask(
                    repository=repository,
                    summary=f"Ask for {claim.package} {claim.version}",
                    test_files=(),
                    source_files=paths,
                    hours=0.5,
                )
            )
        places = ", ".join(path for _, path in responsibilities)
        return Draft(
            work_class="dependency",
            summary=f"Move {claim.package} to {claim.version} in {places}.",
            in_scope=(f"Every version of {claim.package} in {places}",),
            out_of_scope=("Other packages", "Changes of code for the new version"),
            responsibilities=responsibilities,
            data_flow=f"The next installation gets {claim.package} {claim.version}; the code stays as it is.",
            tests={},
            tasks=tuple(tasks),
            security=(f"New code comes in with {claim.package} {claim.version}: CI runs all tests with it.",),
            rollback="Revert the pull request and install again.",
        )

    def solve(
        self, claim: DependencyClaim, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Generator[Probe, ProbeResult, tuple[WorkItem, ...]]:
        """A check that every manifest says the new version; the repository's tests decide about the rest."""
        del ticket
        items = []
        for task in draft.tasks:
            tree = without_plan(trees[task.repository])
            found = _checked(task.repository, tree, claim)
            changes = {
                path: changed(tree[path], [each for each in found if each.path == path], claim)
                for path in task.source_files
            }
            check = check_command(_expressions(tree, found, claim))
            layout = Layout(SourceIndex(tree))
            if layout.index.test_paths:
                # A broken manifest breaks the collection of tests; the whole suite follows in any case.
                yield Probe(repository=task.repository, command=layout.suite, files=changes)
            items.append(
                WorkItem(
                    repository=task.repository,
                    summary=f"move {claim.package} to {claim.version}",
                    tests={},
                    changes=dict(changes),
                    red_command=check,
                    green_command=check,
                    rationale=f"{len(found)} places ask for {claim.package}; all say {claim.version} now.",
                )
            )
        return tuple(items)


def _expressions(tree: Tree, found: list[Requirement], claim: DependencyClaim) -> list[str]:
    """Each line that asks for the package, as it must read."""
    lines = []
    for each in found:
        text = changed(tree[each.path], [one for one in found if one.path == each.path], claim)
        old = tree[each.path]
        number = old.count("\n", 0, each.start)
        lines.append(f"{text.splitlines()[number]!r} in text({each.path!r}).splitlines()")
    return list(dict.fromkeys(lines))


def _checked(repository: str, tree: Tree, claim: DependencyClaim) -> list[Requirement]:
    if why := locked(tree, claim.package):
        raise NeedsHuman(
            f"{repository}: {claim.package} cannot be moved to {claim.version} by changing texts: {why}"
        )
    found = [each for each in requirements(tree, claim.package) if each.specifier != specifier(each, claim)]
    config = Layout(SourceIndex(tree)).config
    if protected := [each.path for each in found if config.protects(each.path)]:
        raise NeedsHuman(f"{repository}: {protected[0]} is protected; a person must change it")
    return found


def _repositories(
    claim: DependencyClaim, ticket: Ticket, discovery: DiscoveryResult, trees: Trees
) -> list[str]:
    holding = {name: requirements(tree, claim.package) for name, tree in trees.items()}
    asking = [name for name, found in holding.items() if found or locked(trees[name], claim.package)]
    if not asking:
        raise NeedsHuman(
            f"no manifest of {', '.join(trees)} asks for {claim.package} with a version; check its name"
        )
    text = f"{ticket.summary}\n{ticket.description}"
    named = [
        name
        for name in asking
        if re.search(rf"(?<![\w-]){re.escape(name.rpartition('/')[2])}(?![\w-])", text, re.IGNORECASE)
        and name.rpartition("/")[2].lower() != claim.package.lower()
    ]
    chosen = named or asking
    waiting = [name for name in chosen if _checked(name, trees[name], claim)]
    if not waiting:
        raise NeedsHuman(
            f"{', '.join(chosen)} ask for {claim.package} {claim.version} already; nothing is to be done"
        )
    ranks = {each.name: each.relevance for each in discovery.relevant_repos}
    return sorted(waiting, key=lambda name: (-ranks.get(name, 0.0), name))
