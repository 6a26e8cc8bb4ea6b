"""Check runs, check suites and commit statuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from starlette.responses import Response

from local.forge.clock import now
from local.forge.errors import Refused
from local.forge.events import announce
from local.forge.records import CheckRun, CheckSuite, Conclusion, Progress, Status
from local.forge.rest.owned import owned
from local.forge.shapes import check as shapes
from local.forge.shapes.commit import commit_summary
from local.forge.web import Body, Call, Endpoint, created, ok


class OutputBody(Body):
    """What a check says."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None


class CheckRunBody(Body):
    """What may change in a check run."""

    name: str | None = None
    status: Progress | None = None
    conclusion: Conclusion | None = None
    started_at: str | None = None
    completed_at: str | None = None
    details_url: str | None = None
    external_id: str | None = None
    output: OutputBody | None = None


class NewCheckRunBody(CheckRunBody):
    """A check run to make."""

    name: str
    head_sha: str


class NewStatusBody(Body):
    """A commit status."""

    state: Literal["error", "failure", "pending", "success"]
    context: str = "default"
    description: str | None = None
    target_url: str | None = None


def list_check_runs(call: Call) -> Response:
    """List the checks of a commit: the latest of each name and app."""
    here, sha = call.repository.id, _sha(call)
    found = call.forge.store.check_runs.where(lambda run: run.repository_id == here and run.head_sha == sha)
    return _check_runs(call, found)


def list_suite_runs(call: Call) -> Response:
    """List the checks of a suite."""
    suite = _suite(call)
    return _check_runs(call, call.forge.store.check_runs.where(lambda run: run.suite_id == suite.id))


def get_check_run(call: Call) -> Response:
    """Describe a check."""
    return ok(shapes.check_run(call.forge, _check_run(call)))


def create_check_run(call: Call) -> Response:
    """Report a check."""
    asked = call.parse(NewCheckRunBody)
    if call.git.kind(asked.head_sha) != "commit":
        raise Refused(422, f"No commit found for SHA: {asked.head_sha}")
    run = CheckRun(
        id=call.forge.store.next_id(),
        suite_id=_suite_of_caller(call, asked.head_sha).id,
        repository_id=call.repository.id,
        head_sha=asked.head_sha,
        name=asked.name,
        status="queued",
        started_at=asked.started_at or now(),
    )
    run = _changed(run, asked)
    _stored(call, run, action="created")
    return created(shapes.check_run(call.forge, run))


def update_check_run(call: Call) -> Response:
    """Change a check."""
    run = _changed(_check_run(call), call.parse(CheckRunBody))
    _stored(call, run, action="completed" if run.status == "completed" else "created")
    return ok(shapes.check_run(call.forge, run))


def list_annotations(call: Call) -> Response:
    """List a check's annotations: none are kept."""
    _check_run(call)
    return ok([])


def list_check_suites(call: Call) -> Response:
    """List the suites of a commit."""
    here, sha = call.repository.id, _sha(call)
    found = call.forge.store.check_suites.where(
        lambda suite: suite.repository_id == here and suite.head_sha == sha
    )
    return call.listing(found, lambda suite: shapes.check_suite(call.forge, suite), wrap="check_suites")


def get_check_suite(call: Call) -> Response:
    """Describe a suite."""
    return ok(shapes.check_suite(call.forge, _suite(call)))


def get_combined_status(call: Call) -> Response:
    """Say what the statuses of a commit come to."""
    return ok(shapes.combined_status(call.forge, call.repository, _sha(call)))


def list_statuses(call: Call) -> Response:
    """List every status of a commit, newest first."""
    here, sha = call.repository.id, _sha(call)
    found = call.forge.store.statuses.where(lambda status: status.repository_id == here and status.sha == sha)
    return call.listing(found[::-1], lambda status: shapes.status(call.forge, status))


def create_status(call: Call) -> Response:
    """Report a status."""
    asked, sha = call.parse(NewStatusBody), call.text("sha")
    commit = call.git.commit(sha)
    if commit is None:
        raise Refused(422, f"No commit found for SHA: {sha}")
    status = call.forge.store.statuses.put(
        Status(
            id=call.forge.store.next_id(),
            repository_id=call.repository.id,
            sha=sha,
            state=asked.state,
            context=asked.context,
            description=asked.description,
            target_url=asked.target_url,
            creator_id=call.signed_in.account.id,
            created_at=now(),
        )
    )
    body = shapes.status(call.forge, status)
    announce(
        call.forge,
        "status",
        call.repository,
        {
            **body,
            "sha": sha,
            "name": call.repository.full_name,
            "branches": [],
            "commit": commit_summary(call.forge, call.repository, commit),
        },
        sender=call.signed_in.account,
    )
    return created(body)


def _check_runs(call: Call, found: list[CheckRun]) -> Response:
    name, status = call.query("check_name"), call.query("status")
    if call.query("filter") != "all":
        found = list({(run.suite_id, run.name): run for run in found}.values())
    shown = [run for run in found if name in (None, run.name) and status in (None, run.status)]
    return call.listing(shown, lambda run: shapes.check_run(call.forge, run), wrap="check_runs")


def _changed(run: CheckRun, asked: CheckRunBody) -> CheckRun:
    status: Progress = "completed" if asked.conclusion is not None else asked.status or run.status
    conclusion = asked.conclusion or run.conclusion
    if status == "completed" and conclusion is None:
        raise Refused(422, "conclusion is required when status is completed")
    output = asked.output or OutputBody(title=run.title, summary=run.summary, text=run.text)
    return replace(
        run,
        name=asked.name or run.name,
        status=status,
        conclusion=conclusion if status == "completed" else None,
        started_at=asked.started_at or run.started_at,
        completed_at=(asked.completed_at or now()) if status == "completed" else None,
        details_url=asked.details_url or run.details_url,
        external_id=asked.external_id if asked.external_id is not None else run.external_id,
        title=output.title,
        summary=output.summary,
        text=output.text,
    )


def _stored(call: Call, run: CheckRun, *, action: str) -> None:
    store = call.forge.store
    store.check_runs.put(run)
    runs = store.check_runs.where(lambda found: found.suite_id == run.suite_id)
    is_complete = all(found.status == "completed" for found in runs)
    suite = store.check_suites.get(run.suite_id)
    sender = call.signed_in.account
    payload = {"check_run": shapes.check_run(call.forge, run)}
    announce(call.forge, "check_run", call.repository, payload, sender=sender, action=action)
    if suite is None:
        return
    conclusion = shapes.overall_conclusion([found.conclusion for found in runs]) if is_complete else None
    suite = store.check_suites.put(
        replace(
            suite,
            status="completed" if is_complete else "in_progress",
            conclusion=conclusion,
            updated_at=now(),
        )
    )
    if is_complete:
        body = {"check_suite": shapes.check_suite(call.forge, suite)}
        announce(call.forge, "check_suite", call.repository, body, sender=sender, action="completed")


def _suite_of_caller(call: Call, sha: str) -> CheckSuite:
    caller, here, moment = call.signed_in, call.repository.id, now()
    slug = caller.app.slug if caller.app else caller.account.login
    existing = call.forge.store.check_suites.first(
        lambda suite: (suite.repository_id, suite.head_sha, suite.app_slug) == (here, sha, slug)
    )
    branch = next(
        (ref.name.removeprefix("refs/heads/") for ref in call.git.refs("refs/heads/") if ref.sha == sha), None
    )
    return existing or call.forge.store.check_suites.put(
        CheckSuite(
            id=call.forge.store.next_id(),
            repository_id=here,
            head_sha=sha,
            head_branch=branch,
            app_slug=slug,
            created_at=moment,
            updated_at=moment,
        )
    )


def _sha(call: Call) -> str:
    sha = call.git.resolve(call.text("ref"))
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {call.text('ref')}")
    return sha


def _check_run(call: Call) -> CheckRun:
    return owned(call, call.forge.store.check_runs.get, "check_run_id")


def _suite(call: Call) -> CheckSuite:
    return owned(call, call.forge.store.check_suites.get, "suite_id")


_REPOSITORY = "/repos/{owner}/{repo}"
_COMMIT = f"{_REPOSITORY}/commits/{{ref:path}}"
_RUN = f"{_REPOSITORY}/check-runs/{{check_run_id}}"
_SUITE = f"{_REPOSITORY}/check-suites/{{suite_id}}"
ENDPOINTS = (
    Endpoint("GET", f"{_COMMIT}/check-runs", list_check_runs),
    Endpoint("GET", f"{_COMMIT}/check-suites", list_check_suites),
    Endpoint("GET", f"{_COMMIT}/status", get_combined_status),
    Endpoint("GET", f"{_COMMIT}/statuses", list_statuses),
    Endpoint("POST", f"{_REPOSITORY}/check-runs", create_check_run, access="write", permission="checks"),
    Endpoint("GET", _RUN, get_check_run),
    Endpoint("PATCH", _RUN, update_check_run, access="write", permission="checks"),
    Endpoint("GET", f"{_RUN}/annotations", list_annotations),
    Endpoint("GET", _SUITE, get_check_suite),
    Endpoint("GET", f"{_SUITE}/check-runs", list_suite_runs),
    Endpoint("POST", f"{_REPOSITORY}/statuses/{{sha}}", create_status, access="write", permission="statuses"),
)
