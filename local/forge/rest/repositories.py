"""Repositories, their branches, and their trees as archives."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from local.forge.errors import Refused, not_found, unprocessable
from local.forge.git.objects import Ref
from local.forge.importing import rename_default_branch
from local.forge.records import Repository
from local.forge.shapes import repository as shapes
from local.forge.shapes.account import Shape
from local.forge.shapes.commit import commit_summary
from local.forge.shapes.language import languages
from local.forge.web import Body, Call, Endpoint, ok

_MEDIA = {"tar.gz": "application/x-gzip", "zip": "application/zip"}


class RepositoryBody(Body):
    """The settings that may change."""

    description: str | None = None
    default_branch: str | None = None


def get_repository(call: Call) -> Response:
    """Describe a repository."""
    viewer = call.caller.account if call.caller else None
    return ok(shapes.full_repository(call.forge, call.repository, viewer=viewer))


def update_repository(call: Call) -> Response:
    """Change the description or the default branch."""
    asked, repository = call.parse(RepositoryBody), call.repository
    if asked.default_branch is not None:
        if call.git.ref(f"refs/heads/{asked.default_branch}") is None:
            raise unprocessable(f"The branch {asked.default_branch} was not found.")
        repository = rename_default_branch(call.forge, repository, asked.default_branch)
    if asked.description is not None:
        repository = call.forge.store.repositories.put(replace(repository, description=asked.description))
    return ok(shapes.full_repository(call.forge, repository, viewer=call.signed_in.account))


def list_branches(call: Call) -> Response:
    """List the branches; `protected=true` shows protected ones only."""
    branches = [shapes.short_branch(call.forge, call.repository, ref) for ref in call.git.refs("refs/heads/")]
    wanted = call.query("protected")
    shown = [branch for branch in branches if wanted is None or branch["protected"] is (wanted == "true")]
    return call.listing(shown, lambda branch: branch)


def get_branch(call: Call) -> Response:
    """Describe a branch with its latest commit."""
    ref = _branch(call)
    commit = call.git.commit(ref.sha)
    if commit is None:
        raise not_found()
    name = call.text("branch")
    api = call.forge.urls.api(call.repository, f"/branches/{name}")
    is_protected = shapes.is_protected(call.repository, name)
    return ok(
        {
            "name": name,
            "commit": commit_summary(call.forge, call.repository, commit),
            "_links": {"self": api, "html": call.forge.urls.page(call.repository, f"/tree/{name}")},
            "protected": is_protected,
            "protection": {
                "enabled": is_protected,
                "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
            },
            "protection_url": f"{api}/protection",
        }
    )


def get_protection(call: Call) -> Response:
    """Say how a branch is protected: only through pull requests, or not at all."""
    ref = _branch(call)
    name = ref.name.removeprefix("refs/heads/")
    if not shapes.is_protected(call.repository, name):
        raise Refused(404, "Branch not protected")
    api = call.forge.urls.api(call.repository, f"/branches/{name}/protection")
    return ok(
        {
            "url": api,
            "required_pull_request_reviews": {
                "url": f"{api}/required_pull_request_reviews",
                "dismiss_stale_reviews": False,
                "require_code_owner_reviews": False,
                "required_approving_review_count": 0,
                "require_last_push_approval": False,
            },
            "enforce_admins": {"url": f"{api}/enforce_admins", "enabled": False},
            "allow_force_pushes": {"enabled": False},
            "allow_deletions": {"enabled": False},
        }
    )


def list_tags(call: Call) -> Response:
    """List the tags."""

    def shape(ref: Ref) -> Shape:
        name = ref.name.removeprefix("refs/tags/")
        sha = call.git.resolve(ref.name) or ref.sha
        return {
            "name": name,
            "commit": {"sha": sha, "url": call.forge.urls.api(call.repository, f"/commits/{sha}")},
            "zipball_url": call.forge.urls.api(call.repository, f"/zipball/refs/tags/{name}"),
            "tarball_url": call.forge.urls.api(call.repository, f"/tarball/refs/tags/{name}"),
            "node_id": f"REF_{name}",
        }

    return call.listing(call.git.refs("refs/tags/"), shape)


def get_languages(call: Call) -> Response:
    """Count the bytes per language."""
    return ok(languages(call.git, call.repository.default_branch))


def get_topics(call: Call) -> Response:
    """List the topics: a local repository has none."""
    _ = call.repository
    return ok({"names": []})


def get_tarball(call: Call) -> Response:
    """Send the reader on to the tar.gz of a commit, as GitHub does."""
    return _to_archive(call, suffix="tar.gz")


def get_zipball(call: Call) -> Response:
    """Send the reader on to the zip of a commit."""
    return _to_archive(call, suffix="zip")


def read_archive(call: Call) -> Response:
    """Send the files of a commit below one top folder."""
    suffix, commit = call.text("suffix"), call.git.resolve(call.text("sha"))
    if suffix not in _MEDIA or commit is None:
        raise not_found()
    top = archive_folder(call.repository, commit)
    return Response(
        call.git.archive(commit, prefix=top, kind=suffix),
        media_type=_MEDIA[suffix],
        headers={"Content-Disposition": f"attachment; filename={top}.{suffix}"},
    )


def _to_archive(call: Call, *, suffix: str) -> Response:
    repository = call.repository
    commit = call.git.resolve(str(call.request.path_params.get("ref") or repository.default_branch))
    if commit is None:
        raise not_found()
    url = f"{call.forge.urls.base}/_archives/{repository.full_name}/{suffix}/{commit}"
    return RedirectResponse(url, status_code=302)


def archive_folder(repository: Repository, commit: str) -> str:
    """Name the one folder at the top of an archive, as GitHub does."""
    return f"{repository.owner}-{repository.name}-{commit[:7]}"


def _branch(call: Call) -> Ref:
    ref = call.git.ref(f"refs/heads/{call.text('branch')}")
    if ref is None:
        raise Refused(404, "Branch not found")
    return ref


_REPOSITORY = "/repos/{owner}/{repo}"
ENDPOINTS = (
    Endpoint("GET", _REPOSITORY, get_repository),
    Endpoint("PATCH", _REPOSITORY, update_repository, access="write", permission="administration"),
    Endpoint("GET", f"{_REPOSITORY}/branches", list_branches),
    Endpoint("GET", f"{_REPOSITORY}/branches/{{branch:path}}/protection", get_protection),
    Endpoint("GET", f"{_REPOSITORY}/branches/{{branch:path}}", get_branch),
    Endpoint("GET", f"{_REPOSITORY}/tags", list_tags),
    Endpoint("GET", f"{_REPOSITORY}/languages", get_languages),
    Endpoint("GET", f"{_REPOSITORY}/topics", get_topics),
    Endpoint("GET", f"{_REPOSITORY}/tarball", get_tarball),
    Endpoint("GET", f"{_REPOSITORY}/tarball/{{ref:path}}", get_tarball),
    Endpoint("GET", f"{_REPOSITORY}/zipball", get_zipball),
    Endpoint("GET", f"{_REPOSITORY}/zipball/{{ref:path}}", get_zipball),
)
ARCHIVE_ENDPOINTS = (Endpoint("GET", "/_archives/{owner}/{repo}/{suffix}/{sha}", read_archive),)
