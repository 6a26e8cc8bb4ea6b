"""The pages of a repository: what is in it, its branches, pull requests and runs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import Response

from local.forge.actions.progress import jobs_of, log_path
from local.forge.errors import not_found
from local.forge.git.command import EMPTY_TREE
from local.forge.git.diffs import changed_files
from local.forge.pages.markup import box, diff, link, page, rows, verdict
from local.forge.pages.prose import prose
from local.forge.rest.owned import owned
from local.forge.shapes.pull_request import issue_of
from local.forge.web import Call, Endpoint

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.git.objects import TreeEntry
    from local.forge.records import Job, Repository


def trail(forge: Forge, repository: Repository, *more: str) -> str:
    """The way from the top to a page."""
    return " / ".join(
        [link(forge.urls.base + "/", "forge"), link(forge.urls.page(repository), repository.full_name), *more]
    )


def show_index(call: Call) -> Response:
    """List the repositories."""
    found = sorted(call.forge.store.repositories.all(), key=lambda repository: repository.full_name)
    links = [link(call.forge.urls.page(repository), repository.full_name) for repository in found]
    return page("forge", f"<h1>Repositories</h1>{rows(links)}")


def show_repository(call: Call) -> Response:
    """Show a repository."""
    forge, repository, git = call.forge, call.repository, call.git
    commit = git.resolve(repository.default_branch)
    branches = [
        f"{escape(ref.name.removeprefix('refs/heads/'))} <code class=soft>{ref.sha[:7]}</code>"
        for ref in git.refs("refs/heads/")
    ]
    clone = f"git clone {forge.urls.page(repository)}.git"
    files = _files(call, git.tree(commit) if commit else [], ref=repository.default_branch, prefix="")
    readme = git.file(commit, "README.md") if commit else None
    body = (
        f'<h1>{escape(repository.full_name)}</h1><pre class="box">{escape(clone)}</pre>'
        f"<h2>Pull requests</h2>{_pulls(forge, repository)}"
        f"<h2>Runs</h2>{_runs(forge, repository)}"
        f"<h2>Files on {escape(repository.default_branch)}</h2>{files}"
        f"<h2>Branches</h2>{rows(branches)}"
    )
    if readme:
        body += box("README", f"<div>{prose(readme.decode(errors='replace'))}</div>")
    return page(repository.full_name, body, trail=trail(forge, repository))


def show_path(call: Call) -> Response:
    """Show a file or a folder of a branch or commit."""
    git, parts = call.git, call.text("rest").split("/")
    for cut in range(1, len(parts) + 1):
        commit, path = git.resolve("/".join(parts[:cut])), "/".join(parts[cut:])
        entry = git.entry(commit, path) if commit and path else None
        if commit and (entry or not path):
            return _path_page(call, commit, ref="/".join(parts[:cut]), path=path)
    raise not_found()


def show_commit(call: Call) -> Response:
    """Show a commit with its diff."""
    commit = call.git.commit(call.git.resolve(call.text("sha")) or "")
    if commit is None:
        raise not_found()
    changes = changed_files(call.git, commit.parents[0] if commit.parents else EMPTY_TREE, commit.sha)
    subject, _, rest = commit.message.partition("\n")
    files = "".join(box(escape(change.path), diff(change.patch or "")) for change in changes)
    body = (
        f"<h1>{escape(subject)}</h1><p class=soft>{escape(commit.author.name)} · {escape(commit.author.date)}"
        f" · <code>{commit.sha}</code></p><pre>{escape(rest.strip())}</pre>{files}"
    )
    return page(subject, body, trail=trail(call.forge, call.repository, f"<code>{commit.sha[:7]}</code>"))


def show_run(call: Call) -> Response:
    """Show a run with the logs of its jobs."""
    run = owned(call, call.forge.store.runs.get, "run_id")
    sections = "".join(_job(call.forge, job) for job in jobs_of(call.forge, run))
    body = (
        f"<h1>{escape(run.name)} <small>#{run.run_number}, attempt {run.attempt}</small></h1>"
        f"<p>{verdict(run.status, run.conclusion)} · {escape(run.event)} on {escape(run.head_branch)}"
        f" · <code>{run.head_sha[:7]}</code> · {escape(run.title)}</p>{sections}"
    )
    return page(f"{run.name} #{run.run_number}", body, trail=trail(call.forge, call.repository, "run"))


def _job(forge: Forge, job: Job) -> str:
    path = log_path(forge, job)
    steps = [
        f"{step.number}. {escape(step.name)} {verdict(step.status, step.conclusion)}" for step in job.steps
    ]
    log = path.read_text() if path.is_file() else "no log yet"
    return (
        f'<h2 id="job-{job.id}">{escape(job.name)} {verdict(job.status, job.conclusion)}</h2>'
        f"{rows(steps)}{box('Log', f'<pre>{escape(log)}</pre>')}"
    )


def _path_page(call: Call, commit: str, *, ref: str, path: str) -> Response:
    git = call.git
    entry = git.entry(commit, path) if path else None
    if entry is not None and entry.kind == "blob":
        content = (git.blob(entry.sha) or b"").decode(errors="replace")
        inside = box(escape(path), f"<pre>{escape(content)}</pre>")
    else:
        prefix = f"{path}/" if path else ""
        inside = _files(call, git.tree(entry.sha if entry else commit), ref=ref, prefix=prefix)
    body = f"<h1>{escape(path or ref)}</h1>{inside}"
    return page(path or ref, body, trail=trail(call.forge, call.repository, escape(ref)))


def _files(call: Call, entries: list[TreeEntry], *, ref: str, prefix: str) -> str:
    links = []
    for entry in entries:
        view = "tree" if entry.kind == "tree" else "blob"
        url = call.forge.urls.page(call.repository, f"/{view}/{ref}/{prefix}{entry.path}")
        links.append(link(url, entry.path))
    return rows(links, otherwise="empty")


def _pulls(forge: Forge, repository: Repository) -> str:
    items = []
    for pull in forge.store.pull_requests.where(lambda found: found.repository_id == repository.id)[::-1]:
        issue = issue_of(forge, pull)
        state = "merged" if pull.merged_at else "draft" if pull.is_draft else issue.state
        title = link(forge.urls.page(repository, f"/pull/{pull.number}"), f"#{pull.number} {issue.title}")
        items.append(f"{title} <span class=soft>{state}</span>")
    return rows(items)


def _runs(forge: Forge, repository: Repository) -> str:
    items = []
    for run in forge.store.runs.where(lambda found: found.repository_id == repository.id)[:-11:-1]:
        url = forge.urls.page(repository, f"/actions/runs/{run.id}")
        where = f"<span class=soft>{escape(run.head_branch)} {run.head_sha[:7]}</span>"
        title = link(url, f"{run.name} #{run.run_number}")
        items.append(f"{title} {verdict(run.status, run.conclusion)} {where}")
    return rows(items)


_REPOSITORY = "/{owner}/{repo}"
ENDPOINTS = (
    Endpoint("GET", f"{_REPOSITORY}/tree/{{rest:path}}", show_path),
    Endpoint("GET", f"{_REPOSITORY}/blob/{{rest:path}}", show_path),
    Endpoint("GET", f"{_REPOSITORY}/commit/{{sha}}", show_commit),
    Endpoint("GET", f"{_REPOSITORY}/actions/runs/{{run_id}}", show_run),
    Endpoint("GET", f"{_REPOSITORY}/actions/runs/{{run_id}}/job/{{job_id}}", show_run),
    Endpoint("GET", _REPOSITORY, show_repository),
)
