"""`slipway eval`: measure the parts that work by rules on cases from outside the repository."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from scripts.eval_injection import injection
from scripts.eval_localise import Case, ranked, ranked_in_pool
from scripts.eval_webhooks import Row, decision_for
from scripts.output import say
from slipway.domain.errors import InvalidInput
from slipway.playbooks.ci import classify
from slipway.playbooks.ci.log_lines import plain

app = typer.Typer(
    help="Measure what works by rules on cases of your own.",
    epilog="Example: slipway eval ci-logs --manifest logs/manifest.jsonl --out answers.jsonl",
    no_args_is_help=True,
)

OutOption = Annotated[
    Path, typer.Option("--out", help="Where the answers go, one JSON object for each line.", dir_okay=False)
]
ManifestOption = Annotated[
    Path,
    typer.Option(help="JSON lines; `file` is relative to the manifest.", exists=True, dir_okay=False),
]


@app.command("ci-logs")
def ci_logs(manifest: ManifestOption, out: OutOption) -> None:
    """Say of each CI log why it failed, whether tools may fix it, and the line that shows it.

    Example: slipway eval ci-logs --manifest logs/manifest.jsonl --out answers.jsonl
    """
    _write(out, (_ci_answer(row, folder=manifest.parent) for row in _rows(manifest)))


@app.command()
def webhooks(
    manifest: ManifestOption,
    out: OutOption,
    label: Annotated[str, typer.Option(help="The label that gives a ticket to the platform.")] = "AI",
) -> None:
    """Say of each recorded delivery what the platform would do; signatures are not checked.

    Example: slipway eval webhooks --manifest deliveries/manifest.jsonl --out answers.jsonl
    """
    rows = (Row.model_validate(row) for row in _rows(manifest))
    _write(
        out,
        (
            {"file": row.file, "decision": decision_for(row, folder=manifest.parent, label=label)}
            for row in rows
        ),
    )


@app.command()
def localise(
    cases: Annotated[Path, typer.Option(help="JSON lines of cases.", exists=True, dir_okay=False)],
    repos: Annotated[
        Path, typer.Option(help="Holds a git folder `<owner>+<name>` for each repository.", file_okay=False)
    ],
    out: OutOption,
    pool: Annotated[
        bool, typer.Option("--pool", help="Let all repositories compete, with their names masked.")
    ] = False,
) -> None:
    """Rank the files that a ticket is about, as they were before its fix; reads git, no network.

    Example: slipway eval localise --cases cases.jsonl --repos clones --out answers.jsonl
    """
    asked = [Case.model_validate(row) for row in _rows(cases)]
    answers = ranked_in_pool(asked, folder=repos) if pool else ranked(asked, folder=repos)
    _write(out, answers)


app.command()(injection)


def _ci_answer(row: dict[str, JsonValue], *, folder: Path) -> dict[str, JsonValue]:
    name = str(row["file"])
    log = (folder / name).read_text(encoding="utf-8", errors="replace")
    diagnosis = classify(log)
    # The log's own line, colours and all: that is what another reader of the log can look up.
    line = next((raw for raw in log.splitlines() if plain(raw).strip() == diagnosis.line), diagnosis.line)
    return {
        "file": name,
        "class": diagnosis.ci_class,
        "auto_fixable": diagnosis.auto_fixable,
        "line": line,
    }


def _rows(path: Path) -> Iterator[dict[str, JsonValue]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidInput(f"{path}:{number} is not JSON; write one object for each line") from error
        if not isinstance(row, dict):
            raise InvalidInput(f"{path}:{number} is not a JSON object")
        yield row


def _write(out: Path, answers: Iterable[dict[str, JsonValue]]) -> None:
    with out.open("w", encoding="utf-8") as file:
        count = sum(1 for answer in answers if file.write(json.dumps(answer) + "\n"))
    say(f"{count} answers in {out}")
