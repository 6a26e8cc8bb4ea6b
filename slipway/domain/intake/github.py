"""What a GitHub webhook asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib

from slipway.domain.intake.commands import carries_marker, comment_command
from slipway.domain.intake.decisions import (
    Ack,
    CiSignal,
    Command,
    GitHubDecision,
    Ignore,
    Reject,
    StateUpdate,
)
from slipway.domain.intake.delivery import Delivery, JsonObject, at, objects, text

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


def decide(delivery: Delivery, payload: JsonObject, *, bot_login: str) -> GitHubDecision:
    """Checks that ended wake a waiting task; commands of people on pull requests are carried out."""
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
    if event == "issue_comment" and action == "created":
        return _comment(delivery, payload, bot_login=bot_login)
    if event in _INSTALLATION:
        return StateUpdate(delivery_id=_delivery_id(delivery), reason=f"{event} {action}")
    if event == "pull_request" and action in _PULL_REQUEST_MOVES:
        return StateUpdate(
            delivery_id=_delivery_id(delivery),
            reason=f"pull request {action}",
            repository=text(payload, "repository", "full_name"),
            number=_number(payload, "pull_request", "number"),
            closed=action == "closed" and at(payload, "pull_request", "merged") is not True,
            actor=text(payload, "sender", "login"),
        )
    return Ignore(reason=f"event {event}{f' {action}' if action else ''} is not for us")


def _checks(delivery: Delivery, payload: JsonObject, *, event: str) -> GitHubDecision:
    if text(payload, "action") != "completed":
        return Ignore(reason=f"{event} has not completed")
    sha = text(payload, event, "head_sha")
    if not sha:
        return Reject(reason=f"{event} names no head_sha")
    return CiSignal(
        delivery_id=_delivery_id(delivery),
        repository=text(payload, "repository", "full_name"),
        head_sha=sha,
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
        repository=text(payload, "repository", "full_name"),
        head_sha=text(payload, "sha"),
        pull_requests=(),
        failed=False,
    )


def _comment(delivery: Delivery, payload: JsonObject, *, bot_login: str) -> GitHubDecision:
    body = text(payload, "comment", "body")
    author = text(payload, "comment", "user", "login")
    if author == bot_login or carries_marker(body):
        return Ignore(reason="written by ourselves")
    if text(payload, "comment", "user", "type") == "Bot":
        return Ignore(reason="written by a bot; only people give commands")
    if at(payload, "issue", "pull_request") is None:
        return Ignore(reason="a comment on an issue, not on a pull request")
    words = comment_command(body)
    if words is None:
        return Ignore(reason="the comment is not a command")
    return Command(
        delivery_id=_delivery_id(delivery),
        channel="github",
        actor=author,
        verb=words.verb,
        argument=words.argument,
        repository=text(payload, "repository", "full_name"),
        number=_number(payload, "issue", "number"),
    )


def _number(payload: JsonObject, *path: str) -> int:
    found = at(payload, *path)
    return found if isinstance(found, int) else 0


def _delivery_id(delivery: Delivery) -> str:
    return delivery.header("x-github-delivery") or hashlib.sha256(delivery.body).hexdigest()
