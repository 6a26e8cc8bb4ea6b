"""Discovery without a language model: search where there is too much to read, then read and rank."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel, TypeAdapter

from agents.discovery.tools import MAX_SURVEYED, DiscoveryToolbox, Survey
from slipway.agentkit.play import Play, ToolCall, attempt_all, call
from slipway.domain.discovery import DiscoveryResult, RelevantRepository
from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.catalogue import understand

MAX_TERMS = 8
MIN_RELEVANCE = 0.3
TOP = 5
_QUOTED = re.compile(r"`([^`\n]{3,80})`")
_FILE = re.compile(r"[\w.-]+\.(?:py|js|ts|tsx|go|java|rb|toml|cfg|ya?ml|txt)\b")
_IDENTIFIER = re.compile(r"\b(?:[a-z]+(?:_[a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\b")


class _Found(BaseModel):
    full_name: str
    archived: bool = False


class _Repositories(BaseModel):
    total_count: int
    items: list[_Found]


class _Hit(BaseModel):
    repository: str


class _Hits(BaseModel):
    items: list[_Hit] = []


def play(toolbox: DiscoveryToolbox) -> Play[DiscoveryResult]:
    """List the organisation, narrow it by code search when it is large, survey, answer."""
    request = toolbox.run.request
    listed = yield from call(
        "github___search_repositories", query=f"org:{request.organization} archived:false", perPage=100
    )
    repositories = _Repositories.model_validate_json(listed.text)
    names = [each.full_name for each in repositories.items if not each.archived]
    if not names:
        raise NeedsHuman(
            f"no repository of {request.organization} is visible; install the GitHub App on the "
            f"organisation's repositories, then retry the task"
        )
    if len(names) > MAX_SURVEYED:
        names = yield from _candidates(request.ticket, names, organization=request.organization)
    surveyed = yield from call("survey", repositories=TypeAdapter(list[str]).dump_python(names))
    survey = Survey.model_validate_json(surveyed.text)
    relevant = [each for each in survey.repositories if each.relevance >= MIN_RELEVANCE][:TOP]
    chosen = relevant or list(survey.repositories[:1])
    kept = {each.name for each in chosen}
    return DiscoveryResult(
        relevant_repos=tuple(chosen),
        cross_repo_dependencies=tuple(
            each for each in survey.dependencies if each.source in kept and each.target in kept
        ),
        estimated_complexity=survey.estimated_complexity,
        recommended_approach=_approach(request.ticket, chosen),
    )


def _candidates(ticket: Ticket, names: Sequence[str], *, organization: str) -> Play[list[str]]:
    """The repositories in which the ticket's own words occur most; named ones first."""
    text = f"{ticket.summary}\n{ticket.description}"
    searches = [
        ToolCall("github___search_code", {"query": f'"{term}" org:{organization}', "perPage": 30})
        for term in terms(text)
    ]
    outcomes = yield from attempt_all(*searches)
    hits: Counter[str] = Counter()
    for outcome in outcomes:
        if not outcome.failed:
            # One vote for each term: a repository that repeats a word is not more relevant for it.
            hits.update({hit.repository for hit in _Hits.model_validate_json(outcome.text).items})
    lowered = text.lower()
    named = {name for name in names if name.rpartition("/")[2].lower() in lowered}
    ordered = sorted(names, key=lambda name: (name not in named, -hits[name], names.index(name)))
    return ordered[:MAX_SURVEYED]


def terms(text: str) -> list[str]:
    """What to search code for: quoted words, file names and identifiers, as the ticket spells them."""
    found = [*_QUOTED.findall(text), *_FILE.findall(text), *_IDENTIFIER.findall(text)]
    return list(dict.fromkeys(term.replace('"', "").strip() for term in found))[:MAX_TERMS]


def _approach(ticket: Ticket, repositories: Sequence[RelevantRepository]) -> str:
    files = [file.path for each in repositories[:1] for file in each.files[:3]]
    where = f"{repositories[0].name} ({', '.join(files)})" if files else repositories[0].name
    try:
        playbook, _ = understand(ticket)
    except NeedsHuman as error:
        return f"Start reading at {where}. No playbook fits: {error}"
    return (
        f"Use the {playbook.work_class} playbook, starting at {where}; prove it with a test that fails first."
    )
