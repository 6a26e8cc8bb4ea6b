"""Runs the CDK CLI on an assembly and tells its progress, resource by resource."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.supervisor.layout import ROOT
from local.supervisor.node import cdk_cli
from slipway.domain.errors import Permanent

_EVENT = re.compile(
    r"^(?P<stack>\S+) \|\s*(?P<done>\d+(?:/\d+)?)\s*\|\s*(?P<time>[^|]+?)\s*\|\s*(?P<status>[A-Z_]+)\s*\|"
    r"\s*(?P<kind>[^|]+?)\s*\|\s*(?P<what>.+?)\s*$"
)
_TELLING = re.compile(r"^ ?(?:✅|❌|✨)|: deploying|: destroying|: (?:no changes|destroyed)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class CdkFailed(Permanent):
    """The CDK CLI ended with an error; the message holds the failed resources, or the end of its output."""


def run_cdk(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    say: Callable[[str], None],
) -> None:
    """Every line goes to `log`, finished resources and stacks to `say`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    with (
        log.open("w", encoding="utf-8") as sink,
        subprocess.Popen(
            [*cdk_cli(ROOT), *arguments],
            cwd=ROOT,
            env={**environment, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        assert process.stdout is not None
        for raw in process.stdout:
            line = _COLOURS.sub("", raw.rstrip())
            sink.write(f"{line}\n")
            if news := progress_line(line):
                say(news)
            if "_FAILED" in line:
                failed.append(line)
    if process.returncode:
        shown = failed[-10:] or log.read_text(encoding="utf-8").splitlines()[-20:]
        raise CdkFailed(f"cdk {arguments[0]} failed; see {log}:\n" + "\n".join(shown))


def progress_line(line: str) -> str:
    """What a person wants to see of a line of output; empty for the rest."""
    if event := _EVENT.match(line):
        status = event["status"]
        if status.endswith(("_COMPLETE", "_FAILED", "_SKIPPED")):
            return f"{event['stack']} {event['done']}  {status}  {event['kind']}  {event['what']}"
        return ""
    return line.strip() if _TELLING.search(line) else ""
