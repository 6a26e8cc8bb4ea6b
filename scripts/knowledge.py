"""`slipway knowledge`: fill the knowledge base from the repositories, ask it, see what it holds."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Group

from scripts.output import Output, OutputOption, emit, say, table
from scripts.target import resolve
from scripts.tasks import EnvOption
from slipway.domain.errors import InvalidInput, NotFound
from slipway.domain.knowledge import DEFAULT_RESULTS, FoundPassage, Kind, KnowledgeQuery, contents
from slipway.services.search_knowledge import search_knowledge
from slipway.services.sync_knowledge import (
    DEFAULT_PULL_REQUESTS,
    RepositorySync,
    SyncReport,
    sync_knowledge,
)

app = typer.Typer(
    help="What the organisation has written: conventions, decisions, past solutions.", no_args_is_help=True
)
SHOWN_CHARACTERS = 300


@app.command()
def sync(
    repository: Annotated[
        list[str] | None, typer.Option(help="Only this repository (owner/name); may be repeated.")
    ] = None,
    pull_requests: Annotated[
        int, typer.Option(help="How many merged pull requests of a repository count, newest first.", min=0)
    ] = DEFAULT_PULL_REQUESTS,
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Read documents and merged pull requests; embed what is new, forget what is gone.

    Example: slipway knowledge sync --repository acme/pricing
    """
    target = resolve(env)
    report = sync_knowledge(
        target.platform,
        repositories=tuple(repository or ()),
        pull_requests=pull_requests,
        say=lambda one: say(_line(one)),
    )
    price = "a laptop pays nothing; in AWS about" if target.addresses else "about"
    emit(
        _report(report),
        output=output,
        text=lambda: (
            f"{sum(one.added for one in report.repositories)} passages added, "
            f"{sum(one.removed for one in report.repositories)} removed, "
            f"{sum(one.unchanged for one in report.repositories)} unchanged; "
            f"{report.tokens} tokens, {price} ${report.usd:.6f}"
        ),
    )
    if repository and (skipped := [one for one in report.repositories if one.skipped]):
        raise NotFound("; ".join(f"{one.repository}: {one.skipped}" for one in skipped))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A question or a few words.")],
    repository: Annotated[str | None, typer.Option(help="Only this repository (owner/name).")] = None,
    kind: Annotated[str | None, typer.Option(help=f"Only one kind: {', '.join(Kind)}.")] = None,
    limit: Annotated[int, typer.Option(help="How many passages at most.")] = DEFAULT_RESULTS,
    env: EnvOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Ask the knowledge base, as the agents do.

    Example: slipway knowledge search "who sets the limits of an order" --limit 3
    """
    if kind and kind not in set(Kind):
        raise InvalidInput(f"no kind {kind!r}; there are: {', '.join(Kind)}")
    asked = KnowledgeQuery(text=query, repository=repository, kind=Kind(kind) if kind else None, limit=limit)
    found = search_knowledge(asked, resolve(env).platform)
    emit(
        [_json(each) for each in found],
        output=output,
        text=lambda: (
            Group(*(_shown(each) for each in found))
            if found
            else "nothing found; `slipway knowledge status` says what there is"
        ),
    )


@app.command()
def status(env: EnvOption = None, output: OutputOption = Output.TEXT) -> None:
    """Count the passages of each repository and kind.

    Example: slipway knowledge status
    """
    held = contents(resolve(env).platform.knowledge.keys())
    rows = [(repository, str(kind), count) for (repository, kind), count in held.counts.items()]
    emit(
        {
            "total": held.total,
            "passages": [
                {"repository": repository, "kind": kind, "count": count} for repository, kind, count in rows
            ],
        },
        output=output,
        text=lambda: (
            table(
                ("repository", "kind", "passages"), [(name, kind, str(count)) for name, kind, count in rows]
            )
            if rows
            else "the knowledge base is empty; fill it with `slipway knowledge sync`"
        ),
    )


def _line(one: RepositorySync) -> str:
    if one.skipped:
        return f"{one.repository}: skipped, {one.skipped}"
    counts = f"{one.repository}: {one.added} added, {one.removed} removed, {one.unchanged} unchanged"
    withheld = [f"not kept, it holds a credential: {source}" for source in one.withheld]
    return "\n  ".join([counts, *withheld])


def _report(report: SyncReport) -> JsonValue:
    return {
        "repositories": [
            {
                "repository": one.repository,
                "added": one.added,
                "removed": one.removed,
                "unchanged": one.unchanged,
                "tokens": one.tokens,
                "withheld": [*one.withheld],
                "skipped": one.skipped,
            }
            for one in report.repositories
        ],
        "tokens": report.tokens,
        "usd": report.usd,
    }


def _json(found: FoundPassage) -> dict[str, JsonValue]:
    passage = found.passage
    return {
        "score": found.score,
        "repository": passage.repository,
        "kind": str(passage.kind),
        "path": passage.path,
        "heading": passage.heading,
        "sha": passage.sha,
        "url": passage.url,
        "text": passage.text,
    }


def _shown(found: FoundPassage) -> str:
    passage = found.passage
    words = " ".join(passage.text.split())
    cut = words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]} …"
    head = f"{found.score:.2f}  {passage.repository} {passage.path} › {passage.heading}"
    return f"{head}\n      {cut}\n      {passage.url}".replace("[", r"\[")
