"""Running git in a bare repository, with a clean environment and errors that say what failed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

SHA = re.compile(r"[0-9a-f]{40}")
ZERO_SHA = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_SETTINGS = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
    "GIT_CONFIG_KEY_1": "core.quotePath",
    "GIT_CONFIG_VALUE_1": "false",
    "LC_ALL": "C.UTF-8",
}


class GitFailed(Exception):
    """A git command that ended with an error."""

    def __init__(self, arguments: tuple[str, ...], exit_code: int, complaint: str) -> None:
        super().__init__(f"git {' '.join(arguments[:2])} failed with {exit_code}: {complaint}")
        self.exit_code = exit_code
        self.complaint = complaint


def git_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give git's environment: nothing of the person's configuration, nothing interactive."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, **_SETTINGS, **(extra or {})}


def run_git(
    directory: Path, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> bytes:
    """Run git in a directory and return its output; raise GitFailed otherwise."""
    done = subprocess.run(
        ["git", "-C", str(directory), *arguments],
        input=stdin,
        capture_output=True,
        env=git_environment(env),
        check=False,
    )
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip()
        raise GitFailed(arguments, done.returncode, complaint[:500])
    return done.stdout
