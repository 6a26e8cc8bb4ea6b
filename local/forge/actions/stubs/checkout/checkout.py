"""Check a repository of the forge out below the workspace; the whole history comes along, at no cost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Do it, and say what GitHub's own action would say when there is nothing to check out."""
    repository, ref = os.environ["INPUT_REPOSITORY"], os.environ["INPUT_REF"]
    is_own = repository.lower() == os.environ["GITHUB_REPOSITORY"].lower()
    workspace = Path(os.environ["GITHUB_WORKSPACE"]).resolve()
    target = (workspace / os.environ["INPUT_PATH"]).resolve()
    if target != workspace and workspace not in target.parents:
        return _fail(f"Repository path '{target}' is not under '{workspace}'")
    bare = _find(repository)
    if bare is None:
        return _fail(f"Not Found: repository {repository} is not in this forge")
    wanted = ref or (os.environ["FORGE_CHECKOUT_SHA"] if is_own else _git(bare, "symbolic-ref", "HEAD"))
    branch, commit = _resolve(bare, wanted or "HEAD")
    if commit is None:
        return _fail(f"A branch or tag with the name '{wanted}' could not be found")
    if not ref and is_own and os.environ["GITHUB_REF"].startswith("refs/heads/"):
        branch = os.environ["GITHUB_REF"].removeprefix("refs/heads/")
    target.mkdir(parents=True, exist_ok=True)
    if not (target / ".git").exists():
        _run("init", "--quiet", str(target))
        alternates = target / ".git" / "objects" / "info" / "alternates"
        alternates.write_text(f"{bare / 'objects'}\n")
        url = f"{os.environ.get('GITHUB_SERVER_URL', '')}/{repository}.git"
        _run("-C", str(target), "remote", "add", "origin", url)
    where = ("-B", branch) if branch else ("--detach",)
    _run("-C", str(target), "checkout", "--quiet", "--force", *where, commit)
    for name in (
        _git(bare, "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads") or ""
    ).splitlines():
        sha, short = name.split(" ", 1)
        _run("-C", str(target), "update-ref", f"refs/remotes/origin/{short}", sha)
    print(f"HEAD is now at {commit[:7]} ({repository}{' ' + branch if branch else ''})")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a") as output:
        output.write(f"ref={ref or os.environ['GITHUB_REF']}\ncommit={commit}\n")
    return 0


def _find(repository: str) -> Path | None:
    root = Path(os.environ["FORGE_REPOSITORIES"])
    owner, _, name = repository.lower().partition("/")
    for folder in root.iterdir():
        if folder.name.lower() == owner:
            return next((bare for bare in folder.iterdir() if bare.name.lower() == f"{name}.git"), None)
    return None


def _resolve(bare: Path, ref: str) -> tuple[str | None, str | None]:
    short = ref.removeprefix("refs/heads/")
    branch = _git(bare, "rev-parse", "--verify", "--quiet", f"refs/heads/{short}^{{commit}}")
    if branch:
        return short, branch
    for candidate in (f"refs/tags/{ref}", ref):
        commit = _git(bare, "rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}")
        if commit:
            return None, commit
    return None, None


def _git(bare: Path, *arguments: str) -> str | None:
    done = subprocess.run(
        ["git", "--git-dir", str(bare), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def _run(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


def _fail(message: str) -> int:
    print(f"::error::{message}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
