"""The operations of the HTTP API as data: what each takes, and what it answers by status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from lambdas.openapi.models import (
    Accepted,
    AlertRecorded,
    Decided,
    Described,
    Health,
    History,
    Ignored,
    SlackAnswer,
    TaskList,
    TaskPage,
)
from lambdas.tasks_api.contract import Decision
from slipway.domain.intake.delivery import FORM_TYPE, JSON_TYPE
from slipway.domain.task import TaskState

Proof = Literal["signIn", "githubSignature", "jiraSignature", "sentrySignature", "slackSignature"]
Said = str | tuple[type[BaseModel], ...]
_NOTHING_TO_DO = "Understood; there is nothing to do, and why."


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route. `answers` has models where the body is JSON, or a sentence where it may be empty.

    `refusals` are answered with a problem document. `statement` describes a body that another service
    defines; the fields that every one of its bodies has are `needs`.
    """

    method: Literal["get", "post"]
    path: str
    id: str
    summary: str
    proof: Proof | None = None
    media_type: str = JSON_TYPE
    body: type[BaseModel] | None = None
    statement: str = ""
    needs: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    answers: Mapping[int, Said]
    refusals: tuple[int, ...] = ()


_DELIVERY = (400, 401, 413, 415, 503)
OPERATIONS = (
    Operation(
        method="post",
        path="/webhooks/jira",
        id="receiveJira",
        summary="A webhook of Jira: a labelled ticket becomes a task, a comment may be a command.",
        proof="jiraSignature",
        statement="A webhook of Jira Cloud; `webhookEvent` says which.",
        needs=("webhookEvent",),
        answers={200: (Ignored,), 202: (Accepted,)},
        refusals=_DELIVERY,
    ),
    Operation(
        method="post",
        path="/webhooks/github",
        id="receiveGitHub",
        summary="A webhook of the GitHub App: checks that ended, comments, pull requests.",
        proof="githubSignature",
        statement="A webhook of GitHub; the header `X-GitHub-Event` says which.",
        headers={"X-GitHub-Event": "Which webhook this is."},
        answers={200: (Ignored,), 202: (Accepted,)},
        refusals=_DELIVERY,
    ),
    Operation(
        method="post",
        path="/webhooks/sentry",
        id="receiveSentry",
        summary="A webhook of Sentry: an alert becomes a ticket and a task.",
        proof="sentrySignature",
        statement="A webhook of a Sentry integration; the header `Sentry-Hook-Resource` says which.",
        headers={"Sentry-Hook-Resource": "Which webhook this is."},
        answers={200: (Ignored,), 202: (AlertRecorded,)},
        refusals=_DELIVERY,
    ),
    Operation(
        method="post",
        path="/slack/commands",
        id="receiveSlashCommand",
        summary="A slash command of Slack.",
        proof="slackSignature",
        media_type=FORM_TYPE,
        statement="A slash command as Slack sends it.",
        needs=("command", "user_id"),
        answers={200: (SlackAnswer, Ignored)},
        refusals=_DELIVERY,
    ),
    Operation(
        method="post",
        path="/slack/interactivity",
        id="receiveInteraction",
        summary="A button or a dialog of Slack.",
        proof="slackSignature",
        media_type=FORM_TYPE,
        statement="An interaction as Slack sends it: JSON in the field `payload`.",
        needs=("payload",),
        answers={200: "Taken; empty, or why there was nothing to do."},
        refusals=_DELIVERY,
    ),
    Operation(
        method="post",
        path="/slack/events",
        id="receiveSlackEvent",
        summary="Slack's Events API.",
        proof="slackSignature",
        statement="An event as Slack sends it, or the question whether this address is ours.",
        needs=("type",),
        answers={200: "Taken; empty, the challenge, or why there was nothing to do."},
        refusals=_DELIVERY,
    ),
    Operation(
        method="get",
        path="/health",
        id="health",
        summary="Whether the API and its functions are deployed and can start.",
        answers={200: (Health,)},
    ),
    Operation(
        method="get",
        path="/openapi.json",
        id="openapi",
        summary="This document.",
        answers={200: (Described,)},
    ),
    Operation(
        method="get",
        path="/tasks",
        id="listTasks",
        summary="The tasks of one state, or all; those that changed last come first.",
        proof="signIn",
        states=tuple(str(state) for state in TaskState),
        answers={200: (TaskList,)},
        refusals=(400, 401, 403, 503),
    ),
    Operation(
        method="get",
        path="/tasks/{id}",
        id="showTask",
        summary="One task, why it stands where it stands, and what is asked about its plan.",
        proof="signIn",
        answers={200: (TaskPage,)},
        refusals=(401, 403, 404, 503),
    ),
    Operation(
        method="get",
        path="/tasks/{id}/events",
        id="showEvents",
        summary="A task's history, oldest first.",
        proof="signIn",
        answers={200: (History,)},
        refusals=(401, 403, 404, 503),
    ),
    Operation(
        method="post",
        path="/tasks/{id}/approval",
        id="decide",
        summary="Approve or reject the plan that the person has read.",
        proof="signIn",
        body=Decision,
        answers={200: (Decided,)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 503),
    ),
)
