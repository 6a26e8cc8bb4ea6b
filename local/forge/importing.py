"""Bringing a repository in: a git repository with its history, or a plain folder as one commit."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.clock import now
from local.forge.errors import Refused, unprocessable
from local.forge.git.command import GitFailed, run_git
from local.forge.git.repository import forget_answers
from local.forge.records import Label, Repository

if TYPE_CHECKING:
    from local.forge.forge import Forge

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
MAX_FOLDER_FILES = 20_000
_UPDATE_HOOK = """#!/bin/sh
# The forge names in FORGE_CLOSED_REFS what this pusher may not move.
case "$1" in
  refs/pull/*) echo "error: $1 belongs to the forge." >&2; exit 1 ;;
esac
case " $FORGE_CLOSED_REFS " in
  *" $1 "*)
    echo "error: GH006: Protected branch update failed for $1." >&2
    echo "error: Changes must be made through a pull request." >&2
    exit 1 ;;
esac
"""
_DEFAULT_LABELS = {"bug": "d73a4a", "documentation": "0075ca", "enhancement": "a2eeef", "question": "d876e3"}
_LEFT_OUT = shutil.ignore_patterns(
    ".git", "__pycache__", "*.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv"
)


def import_repository(
    forge: Forge, *, owner: str, name: str, source: Path | None, protected: bool, replace_existing: bool
) -> Repository:
    """Make a repository from a folder on this machine, or an empty one without a source."""
    for part in (owner, name):
        if not _NAME.fullmatch(part) or part in (".", "..") or part.endswith(".git"):
            raise unprocessable(f"{part!r} is not a name that GitHub would take")
    if source is not None and not source.is_dir():
        raise unprocessable(f"source {str(source)!r} is not a folder on this machine")
    existing = forge.find_repository(owner, name)
    if existing is not None and not replace_existing:
        raise Refused(
            409, f'repository {existing.full_name} exists already; send "replace": true to replace it'
        )
    with tempfile.TemporaryDirectory(dir=forge.settings.state) as scratch:
        staged = Path(scratch) / "staged.git"
        default_branch = _stage(staged, source=source)
        if existing is not None:
            remove_repository(forge, existing)
        forge.ensure_account(owner, kind="Organization")
        target = forge.settings.repositories / owner / f"{name}.git"
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        staged.rename(target)
    repository = forge.store.repositories.put(
        Repository(
            id=existing.id if existing is not None else forge.store.next_id(),
            owner=owner,
            name=name,
            default_branch=default_branch,
            is_protected=protected,
            created_at=now(),
            pushed_at=now(),
        )
    )
    for label, color in _DEFAULT_LABELS.items():
        forge.store.labels.put(
            Label(id=forge.store.next_id(), repository_id=repository.id, name=label, color=color)
        )
    return repository


def remove_repository(forge: Forge, repository: Repository) -> None:
    """Delete a repository with everything that belongs to it."""
    store, here = forge.store, repository.id
    pulls = {found.id for found in store.pull_requests.where(lambda found: found.repository_id == here)}
    for review in store.reviews.where(lambda found: found.pull_request_id in pulls):
        store.reviews.delete(review.id)
    for remark in store.review_comments.where(lambda found: found.pull_request_id in pulls):
        store.review_comments.delete(remark.id)
    for table in (
        store.issues,
        store.pull_requests,
        store.comments,
        store.labels,
        store.statuses,
        store.check_suites,
        store.check_runs,
        store.runs,
        store.jobs,
    ):
        for record in table.all():
            if record.repository_id == here:
                table.delete(record.id)
    for hook in store.hooks.where(lambda found: found.repository_id == here):
        store.hooks.delete(hook.id)
    store.repositories.delete(here)
    shutil.rmtree(forge.git_path(repository), ignore_errors=True)
    forget_answers()


def rename_default_branch(forge: Forge, repository: Repository, branch: str) -> Repository:
    """Make another branch the default one."""
    run_git(forge.git_path(repository), "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    return forge.store.repositories.put(replace(repository, default_branch=branch))


def _stage(staged: Path, *, source: Path | None) -> str:
    """Fill a new bare repository and say what its default branch is."""
    if source is not None and _is_git(source):
        run_git(source, "clone", "--quiet", "--mirror", "--no-local", str(source.resolve()), str(staged))
        run_git(staged, "remote", "remove", "origin")
        default_branch = _head_branch(staged)
    else:
        staged.mkdir(parents=True)
        run_git(staged, "init", "--quiet", "--bare", "--initial-branch=main")
        default_branch = "main"
        if source is not None:
            _check_size(source)
            _commit_folder(staged, source)
    _configure(staged)
    return default_branch


def _check_size(source: Path) -> None:
    """A home or temporary folder named by mistake is refused before it is copied."""
    for number, _ in enumerate(source.rglob("*"), 1):
        if number > MAX_FOLDER_FILES:
            raise unprocessable(
                f"{str(source)!r} is no git repository and holds more than {MAX_FOLDER_FILES} files; "
                "name the repository's own folder"
            )


def _is_git(source: Path) -> bool:
    try:
        top = run_git(source, "rev-parse", "--git-dir").decode().strip()
    except GitFailed:
        return False
    return top in (".git", ".") or Path(top).resolve().parent == source.resolve()


def _head_branch(staged: Path) -> str:
    head = run_git(staged, "symbolic-ref", "HEAD").decode().strip().removeprefix("refs/heads/")
    branches = run_git(staged, "for-each-ref", "--format=%(refname:short)", "refs/heads/").decode().split()
    if not branches:
        raise unprocessable("the source repository has no branch yet; commit something first")
    if head not in branches:
        head = next((name for name in ("main", "master") if name in branches), branches[0])
        run_git(staged, "symbolic-ref", "HEAD", f"refs/heads/{head}")
    return head


def _commit_folder(staged: Path, source: Path) -> None:
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "Importer"), ("EMAIL", "importer@localhost"))
    }
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(source, copy, symlinks=True, ignore=_LEFT_OUT)
        run_git(copy, "init", "--quiet", "--initial-branch=main")
        run_git(copy, "add", "--all")
        run_git(copy, "commit", "--quiet", "--allow-empty", "-m", "Import", env=who)
        run_git(copy, "push", "--quiet", str(staged), "HEAD:refs/heads/main")


def _configure(staged: Path) -> None:
    run_git(staged, "config", "http.receivepack", "true")
    run_git(staged, "config", "uploadpack.allowAnySHA1InWant", "true")
    run_git(staged, "config", "transfer.fsckObjects", "false")
    run_git(staged, "config", "gc.auto", "0")
    hook = staged / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_UPDATE_HOOK)
    hook.chmod(0o755)
