"""What a GitHub webhook asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib

from slipway.domain.intake.commands import Words, carries_marker, comment_command, comment_id
from slipway.domain.intake.decisions import (
    Ack,
    CiSignal,
    Command,
    GitHubDecision,
    Ignore,
    Reject,
    StateUpdate,
)
from slipway.domain.intake.delivery import (
    Delivery,
    FieldWrong,
    JsonObject,
    at,
    needed,
    needed_number,
    needed_repository,
    needed_sha,
    objects,
    text,
)

SIGNATURE_HEADER = "X-Hub-Signature-256"
_CHECKS = ("check_run", "check_suite", "workflow_run", "workflow_job")
_FAILED = {"failure", "timed_out", "startup_failure"}
_INSTALLATION = {"installation", "installation_repositories", "github_app_authorization"}
_PULL_REQUEST_MOVES = {
    "opened",
    "closed",
    "reopened",
    "synchronize",
    "ready_for_review",
    "converted_to_draft",
}


_COMMENTS = {
    "issue_comment": ("comment", "issue"),
    "pull_request_review_comment": ("comment", "pull_request"),
    "pull_request_review": ("review", "pull_request"),
}
"""Where people write on a pull request: the event, what they wrote, and what they wrote it on."""
_WRITTEN = {"created", "submitted", "edited"}


def decide(delivery: Delivery, payload: JsonObject, *, bot_login: str) -> GitHubDecision:
    """Checks that ended wake a waiting task; commands of people on pull requests are carried out."""
    try:
        return _decide(delivery, payload, bot_login=bot_login)
    except FieldWrong as error:
        return Reject(reason=f"{delivery.header('x-github-event')}: {error}")


def _decide(delivery: Delivery, payload: JsonObject, *, bot_login: str) -> GitHubDecision:
    event = delivery.header("x-github-event")
    if not event:
        return Reject(reason="the header X-GitHub-Event is missing")
    action = text(payload, "action")
    if event == "ping":
        return Ack(reason="pong")
    if event in _CHECKS:
        return _checks(delivery, payload, event=event)
    if event == "status":
        return _status(delivery, payload)
    if event in _COMMENTS:
        return _comment(payload, event=event, action=action, bot_login=bot_login)
    if event in _INSTALLATION:
        return StateUpdate(delivery_id=_delivery_id(delivery), reason=f"{event} {action}")
    if event == "pull_request" and action in _PULL_REQUEST_MOVES:
        return StateUpdate(
            delivery_id=_delivery_id(delivery),
            reason=f"pull request {action}",
            repository=needed_repository(payload, "repository", "full_name"),
            number=needed_number(payload, "pull_request", "number"),
            closed=action == "closed" and at(payload, "pull_request", "merged") is not True,
            actor=text(payload, "sender", "login"),
        )
    return Ignore(reason=f"event {event}{f' {action}' if action else ''} is not for us"[:200])


def _checks(delivery: Delivery, payload: JsonObject, *, event: str) -> GitHubDecision:
    if text(payload, "action") != "completed":
        return Ignore(reason=f"{event} has not completed")
    return CiSignal(
        delivery_id=_delivery_id(delivery),
        repository=needed_repository(payload, "repository", "full_name"),
        head_sha=needed_sha(payload, event, "head_sha"),
        pull_requests=tuple(
            number
            for entry in objects(payload, event, "pull_requests")
            if isinstance(number := entry.get("number"), int)
        ),
        failed=text(payload, event, "conclusion") in _FAILED,
    )


def _status(delivery: Delivery, payload: JsonObject) -> GitHubDecision:
    if text(payload, "state") not in {"success", "failure", "error"}:
        return Ignore(reason="the commit status has not ended")
    return CiSignal(
        delivery_id=_delivery_id(delivery),
        repository=needed_repository(payload, "repository", "full_name"),
        head_sha=needed_sha(payload, "sha"),
        pull_requests=(),
        failed=False,
    )


def _comment(payload: JsonObject, *, event: str, action: str, bot_login: str) -> GitHubDecision:
    written, on = _COMMENTS[event]
    if action not in _WRITTEN:
        return Ignore(reason=f"a {event} that was {action or 'not written'} commands nothing"[:200])
    body = text(payload, written, "body")
    if text(payload, written, "user", "login") == bot_login or carries_marker(body):
        return Ignore(reason="written by ourselves")
    if _is_bot(payload, written, "user") or _is_bot(payload, "sender"):
        return Ignore(reason="written by a bot; only people give commands")
    if event == "issue_comment" and at(payload, "issue", "pull_request") is None:
        return Ignore(reason="a comment on an issue, not on a pull request")
    names = (bot_login.removesuffix("[bot]"),)
    words = comment_command(body, names=names)
    if words is None:
        return Ignore(reason="the comment is not a command")
    is_edit = action == "edited"
    if is_edit and comment_command(text(payload, "changes", "body", "from"), names=names) == words:
        return Ignore(reason="the edit left the command as it was")
    return _command(payload, words, event=event, written=written, on=on, is_edit=is_edit)


def _command(
    payload: JsonObject, words: Words, *, event: str, written: str, on: str, is_edit: bool
) -> Command:
    number = needed(payload, written, "id")
    return Command(
        delivery_id=comment_id(event, number, words),
        channel="github",
        # The sender of an edit is who edited: their words now, whoever wrote the comment.
        actor=needed(payload, "sender", "login") if is_edit else needed(payload, written, "user", "login"),
        verb=words.verb,
        argument=words.argument,
        repository=needed_repository(payload, "repository", "full_name"),
        number=needed_number(payload, on, "number"),
        comment_id=number,
        is_edit=is_edit,
        problem=words.problem,
    )


def _is_bot(payload: JsonObject, *path: str) -> bool:
    return text(payload, *path, "type") == "Bot" or text(payload, *path, "login").endswith("[bot]")


def _delivery_id(delivery: Delivery) -> str:
    return delivery.header("x-github-delivery")[:200] or hashlib.sha256(delivery.body).hexdigest()
