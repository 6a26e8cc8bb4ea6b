"""The Slack double put together."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from local.double import health
from local.slack.admin import AdminApi
from local.slack.answers import Answers
from local.slack.chat import Chat
from local.slack.directory import Directory
from local.slack.events import DEFAULT_RETRY_SECONDS, Events
from local.slack.outgoing import Outgoing
from local.slack.page_forms import PageForms
from local.slack.pages import Pages
from local.slack.people import People
from local.slack.state import TEAM, Workspace
from local.slack.web_api import WebApi

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path


def build(state: Path, *, url: str, retry_seconds: Sequence[float] = DEFAULT_RETRY_SECONDS) -> Starlette:
    """Return the application of the workspace kept in `state` and reached at `url`."""
    workspace = Workspace(state, url=url)
    client = httpx.AsyncClient(trust_env=False)
    outgoing = Outgoing(client)
    events = Events(workspace, outgoing, retry_seconds=retry_seconds)
    people = People(workspace, outgoing, events)
    answers = Answers(workspace)
    methods = {
        **Chat(workspace, events).methods(),
        **Directory(workspace).methods(),
        **answers.methods(),
    }

    @contextlib.asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        async with client, events.running():
            yield

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/api/{method}", WebApi(workspace, methods).endpoint, methods=["GET", "POST"]),
            Route(f"/actions/{TEAM}/{{response}}", answers.response, methods=["POST"]),
            Mount("/_admin", routes=AdminApi(workspace, people, events).routes()),
            *PageForms(workspace, people).routes(),
            *Pages(workspace).routes(),
        ],
        lifespan=running,
    )
