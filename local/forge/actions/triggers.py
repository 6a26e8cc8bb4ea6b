"""Deciding which workflows an event starts, and writing down their runs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local.forge.actions.workflow_file import (
    FOLDER,
    InvalidWorkflow,
    Trigger,
    WorkflowFile,
    parse_workflow,
)
from local.forge.clock import now
from local.forge.errors import unprocessable
from local.forge.events import announce
from local.forge.git.command import EMPTY_TREE, ZERO_SHA
from local.forge.git.diffs import changed_files
from local.forge.git.objects import Signature
from local.forge.git.writing import merged_tree, move_ref, write_commit
from local.forge.records import CheckSuite, WorkflowRun
from local.forge.shapes import workflow as shapes
from local.forge.shapes.check import ACTIONS_SLUG, check_suite
from local.forge.shapes.pull_request import issue_of, merge_base_of

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Account, PullRequest, Repository

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Occasion:
    """What started the runs: the event, where, on which commit, by whom."""

    event: str
    branch: str
    ref: str
    head_sha: str
    checkout_sha: str
    actor: Account
    title: str
    pull_request_number: int | None = None


def workflows_at(forge: Forge, repository: Repository, sha: str) -> list[WorkflowFile]:
    """Read the workflow files of a commit; a broken one is left out and logged."""
    git = forge.git(repository)
    found = []
    for entry in git.tree(sha, recursive=True, path=FOLDER):
        if entry.kind != "blob" or not entry.path.endswith((".yml", ".yaml")):
            continue
        try:
            found.append(parse_workflow(entry.path, (git.blob(entry.sha) or b"").decode(errors="replace")))
        except InvalidWorkflow as problem:
            logger.warning("repository=<%s> | %s", repository.full_name, problem)
    return found


def start_for_push(
    forge: Forge, repository: Repository, *, branch: str, before: str, after: str, actor: Account
) -> None:
    """Start the workflows that listen to pushes of this branch."""
    git = forge.git(repository)
    start = before
    if before == ZERO_SHA:
        main = git.resolve(repository.default_branch)
        start = (git.merge_base(main, after) if main and main != after else None) or EMPTY_TREE
    commit = git.commit(after)
    if commit is None:
        return
    occasion = Occasion(
        event="push",
        branch=branch,
        ref=f"refs/heads/{branch}",
        head_sha=after,
        checkout_sha=after,
        actor=actor,
        title=commit.message.split("\n", 1)[0],
    )
    changed = [change.path for change in changed_files(git, start, after)]
    for workflow in workflows_at(forge, repository, after):
        trigger = workflow.trigger("push")
        if trigger is not None and trigger.accepts(branch=branch, changed=changed):
            _start(forge, repository, workflow, occasion)


def start_for_pull_request(forge: Forge, pull_request: PullRequest, *, action: str, actor: Account) -> None:
    """Start the workflows that listen to pull requests; a conflict starts none, as on GitHub."""
    repository = forge.repository_by_id(pull_request.repository_id)
    merge_sha = _merge_commit(forge, pull_request)
    if merge_sha is None:
        return
    occasion = Occasion(
        event="pull_request",
        branch=pull_request.head_ref,
        ref=f"refs/pull/{pull_request.number}/merge",
        head_sha=pull_request.head_sha,
        checkout_sha=merge_sha,
        actor=actor,
        title=issue_of(forge, pull_request).title,
        pull_request_number=pull_request.number,
    )
    git = forge.git(repository)
    start = merge_base_of(forge, pull_request)
    changed = [change.path for change in changed_files(git, start, pull_request.head_sha)]
    for workflow in workflows_at(forge, repository, merge_sha):
        trigger = workflow.trigger("pull_request")
        if trigger and trigger.accepts(branch=pull_request.base_ref, changed=changed, action=action):
            _start(forge, repository, workflow, occasion)


def start_dispatch(
    forge: Forge,
    repository: Repository,
    workflow: WorkflowFile,
    *,
    branch: str,
    sha: str,
    inputs: Mapping[str, str],
    actor: Account,
) -> WorkflowRun:
    """Start one workflow by hand."""
    trigger = workflow.trigger("workflow_dispatch")
    if trigger is None:
        raise unprocessable("Workflow does not have 'workflow_dispatch' trigger")
    unknown = set(inputs) - set(trigger.inputs)
    if unknown:
        raise unprocessable(f"Unexpected inputs provided: {sorted(unknown)}")
    occasion = Occasion(
        event="workflow_dispatch",
        branch=branch,
        ref=f"refs/heads/{branch}",
        head_sha=sha,
        checkout_sha=sha,
        actor=actor,
        title=workflow.name,
    )
    return _start(forge, repository, workflow, occasion, inputs=_filled(trigger, inputs))


def _filled(trigger: Trigger, inputs: Mapping[str, str]) -> dict[str, str]:
    return {**trigger.inputs, **inputs}


def _merge_commit(forge: Forge, pull_request: PullRequest) -> str | None:
    """Make the commit that a pull request's workflows check out, at `refs/pull/N/merge`."""
    git = forge.git(forge.repository_by_id(pull_request.repository_id))
    tree = merged_tree(git, pull_request.base_sha, pull_request.head_sha)
    if tree is None:
        return None
    head = git.commit(pull_request.head_sha)
    when = head.committer.date if head else now()
    who = Signature(name="GitHub", email="noreply@github.com", date=when)
    sha = write_commit(
        git,
        tree=tree,
        parents=[pull_request.base_sha, pull_request.head_sha],
        message=f"Merge {pull_request.head_sha} into {pull_request.base_sha}",
        author=who,
        committer=who,
    )
    move_ref(git, f"refs/pull/{pull_request.number}/merge", new=sha)
    return sha


def _start(
    forge: Forge,
    repository: Repository,
    workflow: WorkflowFile,
    occasion: Occasion,
    *,
    inputs: dict[str, str] | None = None,
) -> WorkflowRun:
    moment = now()
    repository = forge.repository_by_id(repository.id)
    run_number = repository.next_run_numbers.get(workflow.path, 1)
    forge.store.repositories.put(
        replace(
            repository,
            next_run_numbers={**repository.next_run_numbers, workflow.path: run_number + 1},
        )
    )
    suite = forge.store.check_suites.put(
        CheckSuite(
            id=forge.store.next_id(),
            repository_id=repository.id,
            head_sha=occasion.head_sha,
            head_branch=occasion.branch,
            app_slug=ACTIONS_SLUG,
            created_at=moment,
            updated_at=moment,
        )
    )
    run = forge.store.runs.put(
        WorkflowRun(
            id=forge.store.next_id(),
            repository_id=repository.id,
            suite_id=suite.id,
            path=workflow.path,
            name=workflow.name,
            title=occasion.title,
            event=occasion.event,
            head_branch=occasion.branch,
            head_sha=occasion.head_sha,
            checkout_sha=occasion.checkout_sha,
            ref=occasion.ref,
            run_number=run_number,
            actor_id=occasion.actor.id,
            created_at=moment,
            updated_at=moment,
            started_at=moment,
            pull_request_number=occasion.pull_request_number,
            inputs=inputs or {},
        )
    )
    announce(
        forge,
        "check_suite",
        repository,
        {"check_suite": check_suite(forge, suite)},
        sender=occasion.actor,
        action="requested",
    )
    announce_run(forge, run, "requested")
    forge.enqueue(run)
    return run


def announce_run(forge: Forge, run: WorkflowRun, action: str) -> None:
    """Tell the hooks about a run."""
    repository = forge.repository_by_id(run.repository_id)
    announce(
        forge,
        "workflow_run",
        repository,
        {
            "workflow_run": shapes.run(forge, run),
            "workflow": shapes.workflow(forge, repository, path=run.path, name=run.name),
        },
        sender=forge.account(run.actor_id),
        action=action,
    )
