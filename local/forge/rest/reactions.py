"""Reactions to issues and comments."""

from __future__ import annotations

from typing import Literal

from starlette.responses import Response

from local.forge.clock import now
from local.forge.errors import not_found
from local.forge.records import Reaction
from local.forge.rest.issues import the_issue
from local.forge.shapes import discussion
from local.forge.web import Body, Call, Endpoint, no_content, ok


class ReactionBody(Body):
    """A reaction."""

    content: Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]


def list_reactions(call: Call) -> Response:
    """List the reactions to an issue or a comment."""
    subject = _subject(call)
    found = call.forge.store.reactions.where(lambda reaction: reaction.subject == subject)
    return call.listing(found, lambda reaction: discussion.reaction(call.forge, reaction))


def create_reaction(call: Call) -> Response:
    """React; the same reaction twice is one."""
    content, subject = call.parse(ReactionBody).content, _subject(call)
    actor = call.signed_in.account
    existing = call.forge.store.reactions.first(
        lambda reaction: (
            (reaction.subject, reaction.account_id, reaction.content) == (subject, actor.id, content)
        )
    )
    reaction = existing or call.forge.store.reactions.put(
        Reaction(call.forge.store.next_id(), subject, actor.id, content, now())
    )
    return ok(discussion.reaction(call.forge, reaction), status=200 if existing else 201)


def delete_reaction(call: Call) -> Response:
    """Take a reaction back."""
    reaction = call.forge.store.reactions.get(call.number("reaction_id"))
    if reaction is None or reaction.subject != _subject(call):
        raise not_found()
    call.forge.store.reactions.delete(reaction.id)
    return no_content()


def _subject(call: Call) -> str:
    if "comment_id" in call.request.path_params:
        kind = "review_comment" if "/pulls/comments/" in call.request.url.path else "comment"
        return f"{kind}:{call.number('comment_id')}"
    return f"issue:{the_issue(call).id}"


_REPOSITORY = "/repos/{owner}/{repo}"
_SUBJECTS = (
    f"{_REPOSITORY}/issues/{{number}}/reactions",
    f"{_REPOSITORY}/issues/comments/{{comment_id}}/reactions",
    f"{_REPOSITORY}/pulls/comments/{{comment_id}}/reactions",
)
_WRITE = "issues"
ENDPOINTS = tuple(
    endpoint
    for subject in _SUBJECTS
    for endpoint in (
        Endpoint("GET", subject, list_reactions),
        Endpoint("POST", subject, create_reaction, access="write", permission=_WRITE),
        Endpoint("DELETE", f"{subject}/{{reaction_id}}", delete_reaction, access="write", permission=_WRITE),
    )
)
