"""Search: code, repositories, issues and pull requests."""

from __future__ import annotations

from starlette.responses import Response

from local.forge.code_search import Hit, fragments, in_scope, search_code
from local.forge.errors import invalid
from local.forge.records import Issue, Repository
from local.forge.search_query import Query, parse_query
from local.forge.shapes.account import Shape
from local.forge.shapes.language import extensions_of, main_language
from local.forge.shapes.pull_request import issue_body
from local.forge.shapes.repository import content_entry, full_repository, simple_repository
from local.forge.web import Call, Endpoint


def code(call: Call) -> Response:
    """Search the files of the default branches."""
    query = _query(call)
    hits = search_code(call.forge, query)
    with_fragments = call.asks_for("text-match")
    return call.listing(
        hits,
        lambda hit: _code_item(call, hit, query, with_fragments=with_fragments),
        wrap="items",
    )


def repositories(call: Call) -> Response:
    """Search repositories by name, description and language."""
    query = _query(call)
    found = [
        repository
        for repository in call.forge.store.repositories.all()
        if in_scope(repository, query) and _repository_fits(call, repository, query)
    ]
    return call.listing(
        found,
        lambda repository: {**full_repository(call.forge, repository), "score": 1.0},
        wrap="items",
    )


def issues(call: Call) -> Response:
    """Search issues and pull requests by words, state, kind, author, label, head and base."""
    query = _query(call)
    found = [issue for issue in call.forge.store.issues.all()[::-1] if _issue_fits(call, issue, query)]
    return call.listing(found, lambda issue: {**issue_body(call.forge, issue), "score": 1.0}, wrap="items")


def _query(call: Call) -> Query:
    text = call.query("q")
    if text is None:
        raise invalid("Search", "q", "missing")
    return parse_query(text)


def _code_item(call: Call, hit: Hit, query: Query, *, with_fragments: bool) -> Shape:
    forge = call.forge
    entry = content_entry(forge, hit.repository, hit.entry, ref=hit.commit)
    item: Shape = {
        "name": entry["name"],
        "path": entry["path"],
        "sha": entry["sha"],
        "url": entry["url"],
        "git_url": entry["git_url"],
        "html_url": entry["html_url"],
        "repository": simple_repository(forge, hit.repository),
        "score": float(hit.score),
    }
    if with_fragments:
        item["text_matches"] = [
            {
                "object_url": entry["url"],
                "object_type": "FileContent",
                "property": "content",
                "fragment": fragment.text,
                "matches": [{"text": text, "indices": [start, end]} for text, start, end in fragment.matches],
            }
            for fragment in fragments(forge, hit, query)
        ]
    return item


def _repository_fits(call: Call, repository: Repository, query: Query) -> bool:
    words = f"{repository.full_name} {repository.description or ''}".lower()
    if not all(term.text.lower() in words for term in query.terms):
        return False
    languages = query.values("language")
    if not languages:
        return True
    main = main_language(call.forge.git(repository), repository.default_branch)
    return any(main is not None and extensions_of(main) == extensions_of(value) for value in languages)


def _issue_fits(call: Call, issue: Issue, query: Query) -> bool:
    repository = call.forge.repository_by_id(issue.repository_id)
    pull_request = call.forge.store.pull_requests.get(issue.pull_request_id)
    author = call.forge.account(issue.author_id).login.lower()
    traits = {
        issue.state,
        "pr" if pull_request else "issue",
        "pull-request" if pull_request else "issue",
        "draft" if pull_request and pull_request.is_draft else "ready",
        "merged" if pull_request and pull_request.merged_at else "unmerged",
    }
    words = f"{issue.title}\n{issue.body or ''}".lower()
    return (
        in_scope(repository, query)
        and all(value.lower() in traits for value in query.values("is", "state", "type"))
        and not any(value.lower() in traits for value in query.without.get("is", []))
        and all(value.lower().removeprefix("app/") in author for value in query.values("author"))
        and all(value in issue.labels for value in query.values("label"))
        and all(pull_request and pull_request.head_ref == value for value in query.values("head"))
        and all(pull_request and pull_request.base_ref == value for value in query.values("base"))
        and all(
            pull_request and pull_request.is_draft == (value == "true") for value in query.values("draft")
        )
        and all(term.text.lower() in words for term in query.terms)
    )


ENDPOINTS = (
    Endpoint("GET", "/search/code", code),
    Endpoint("GET", "/search/repositories", repositories),
    Endpoint("GET", "/search/issues", issues),
)
