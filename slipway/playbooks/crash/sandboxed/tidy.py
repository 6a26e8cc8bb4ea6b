"""Lets the repository's formatter and linter repair given texts; prints the results, changes no file."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

IMPORTS = ["check", "--fix", "--exit-zero", "-q", "--select", "I"]


def ruff(arguments: list[str], path: str, text: str) -> str | None:
    """What ruff makes of a text; None when it refuses or is not there."""
    command = ["ruff", *arguments, "--no-cache", "--stdin-filename", path, "-"]
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 and done.stdout.strip() else None


def tidied(path: str, old: str | None, new: str, request: dict[str, list[str]]) -> str:
    """Lint repairs where asked for; order and formatting only where the old text had them, or is none."""
    if request["lint"]:
        new = ruff(["check", "--fix", "--exit-zero", "-q", *request["lint"]], path, new) or new
    elif old is None or ruff(IMPORTS, path, old) == old:
        new = ruff(IMPORTS, path, new) or new
    if old is None or ruff(["format", *request["format"]], path, old) == old:
        new = ruff(["format", *request["format"]], path, new) or new
    return new


def main() -> None:
    """Read the request beside this file and print the tidied texts after a marker."""
    request = json.loads(pathlib.Path(__file__).with_name("request.json").read_text(encoding="utf-8"))
    texts = {
        path: tidied(path, request["before"].get(path), new, request)
        for path, new in request["files"].items()
    }
    sys.stdout.write("\n" + request["marker"] + json.dumps(texts) + "\n")


if __name__ == "__main__":
    main()
