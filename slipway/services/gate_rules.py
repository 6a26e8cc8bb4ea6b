"""The delivery gate's rules for one pull request: each reads facts and raises what they break."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from slipway.domain.errors import EvidenceMissing, NeedsHuman, PolicyRefused
from slipway.domain.evidence import CheckRun
from slipway.domain.plan import PLAN_FILE, Plan
from slipway.domain.test_strength import decides_tests, strength, weakened
from slipway.ports.forge import ChangedFile, CommitView, Forge, PullRequestView

TRAILERS = ("Slipway-Task", "Slipway-Agent", "Slipway-Model", "Slipway-Item")
_WORKFLOWS = ".github/workflows/"


def is_deliverable(view: PullRequestView, *, expected_head: str | None) -> None:
    """Open, and at exactly the commit that was proven."""
    name = f"{view.repository}#{view.number}"
    if view.state != "open":
        raise NeedsHuman(f"pull request {name} was {view.state} meanwhile; retry the task if it is wanted")
    if not expected_head:
        raise EvidenceMissing(f"execution reported no head commit for {view.repository}")
    if view.head_sha != expected_head:
        raise EvidenceMissing(
            f"{name} is at {view.head_sha[:12]}, but {expected_head[:12]} was proven; "
            "someone pushed to the branch"
        )


def changes_what_was_planned(name: str, files: Sequence[ChangedFile], *, allowed: Collection[str]) -> None:
    """Something, but only files of the plan; never a workflow file."""
    paths = {path for file in files for path in (file.path, file.previous_path) if path}
    if not paths - {PLAN_FILE}:
        raise EvidenceMissing(f"{name} changes nothing but its plan")
    if workflows := sorted(path for path in paths if path.startswith(_WORKFLOWS)):
        raise PolicyRefused(f"{name} changes the workflow file {workflows[0]}; only people may do that")
    if beyond := sorted(paths - {PLAN_FILE, *allowed}):
        raise PolicyRefused(f"{name} changes files that the approved plan does not name: {', '.join(beyond)}")


def tests_are_not_weaker(view: PullRequestView, files: Sequence[ChangedFile], forge: Forge) -> None:
    """Over all changed tests together: no fewer tests or assertions, no more skips."""
    pairs = [
        (file.previous_path or file.path, file.path)
        for file in files
        if decides_tests(file.path) or decides_tests(file.previous_path or "")
    ]
    before = [strength(old, forge.file(view.repository, old, ref=view.base_sha)) for old, _ in pairs]
    after = [strength(new, forge.file(view.repository, new, ref=view.head_sha)) for _, new in pairs]
    if how := weakened(before, after):
        raise PolicyRefused(f"{view.repository}#{view.number} weakens tests: {how}")


def commits_are_ours(
    name: str, commits: Sequence[CommitView], *, task_id: str, proven: Collection[str], bot: str
) -> None:
    """From the first proven commit on, every commit is one of the bot's proven ones and says so."""
    ours = [commit for commit in commits if commit.sha in proven]
    if not ours:
        raise EvidenceMissing(f"{name} holds none of the commits that execution reported")
    first = next(i for i, commit in enumerate(commits) if commit.sha in proven)
    for commit in commits[first:]:
        if commit.sha not in proven:
            raise PolicyRefused(f"{name} holds commit {commit.sha[:12]}, which no agent of the task reported")
        if commit.author != bot:
            raise PolicyRefused(f"{name}: commit {commit.sha[:12]} is by {commit.author}, not by {bot}")
        trailers = read_trailers(commit.message)
        if absent := [key for key in TRAILERS if key not in trailers]:
            raise EvidenceMissing(f"{name}: commit {commit.sha[:12]} lacks the trailer {absent[0]}")
        if trailers["Slipway-Task"] != task_id:
            raise PolicyRefused(
                f"{name}: commit {commit.sha[:12]} belongs to task {trailers['Slipway-Task']}"
            )


def is_proven(plan: Plan, evidence: Sequence[CheckRun], *, repository: str) -> None:
    """Each plan task of the repository failed before its change and passes after it."""
    for task in plan.tasks:
        if task.repository != repository:
            continue
        runs = [run for run in evidence if run.task_id == task.id and run.repository == repository]
        red = [run for run in runs if run.phase == "red"]
        green = [run for run in runs if run.phase == "green"]
        if not any(run.exit_code != 0 for run in red):
            raise EvidenceMissing(f"plan task {task.id} of {repository} has no failing run before its change")
        if not green or green[-1].exit_code != 0:
            raise EvidenceMissing(f"plan task {task.id} of {repository} has no passing run after its change")


def read_trailers(message: str) -> dict[str, str]:
    """The `Key: value` lines of a commit message's last paragraph."""
    last = message.strip().split("\n\n")[-1]
    found = re.findall(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.+?)[ \t]*$", last, re.MULTILINE)
    return dict(found)
