"""The Events API: the address's proof, and mentions and messages with Slack's retries."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from local.double import JsonObject
from local.slack.state import APP, BOT, BOT_USER, TEAM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from local.slack.outgoing import Outgoing
    from local.slack.state import Channel, Message, Workspace

DEFAULT_RETRY_SECONDS: Final = (1.0, 5.0, 15.0)
_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)


class Events:
    """Tells the app what happens in channels."""

    def __init__(
        self,
        workspace: Workspace,
        outgoing: Outgoing,
        *,
        retry_seconds: Sequence[float] = DEFAULT_RETRY_SECONDS,
    ) -> None:
        """Send the events of `workspace`, waiting `retry_seconds` between attempts."""
        self._workspace = workspace
        self._outgoing = outgoing
        self._retry_seconds = retry_seconds
        self._sending: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Stop what is still being sent at the end."""
        yield
        for task in tuple(self._sending):
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def verify(self) -> bool:
        """Ask the app to prove that the events address is its own."""
        app = self._workspace.state.app
        if app is None or app.events_url is None:
            return False
        challenge = secrets.token_urlsafe(24)
        document = {"token": "local", "challenge": challenge, "type": "url_verification"}
        answer = await self._send(json.dumps(document).encode(), retry=0, reason="")
        if not answer:
            return False
        with contextlib.suppress(ValueError):
            return _OBJECT.validate_json(answer).get("challenge") == challenge
        return answer.strip() == challenge

    def posted(self, channel: Channel, message: Message) -> None:
        """Tell the app about a new message, as far as it subscribes to that."""
        event: JsonObject = {
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": TEAM,
            "channel": channel.id,
            "event_ts": message.ts,
        }
        if message.thread_ts is not None:
            event["thread_ts"] = message.thread_ts
        if message.broadcast:
            event["subtype"] = "thread_broadcast"
        if message.bot:
            event |= {"bot_id": BOT, "app_id": APP}
        elif f"<@{BOT_USER}>" in message.text:
            self._publish("app_mention", event)
        kind = "im" if channel.direct_with else "channel"
        self._publish("message", {**event, "channel_type": kind})

    def _publish(self, kind: str, event: JsonObject) -> None:
        app = self._workspace.state.app
        if app is None or app.events_url is None or kind not in app.events:
            return
        document = {
            "token": "local",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": {"type": kind, **event},
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }
        task = asyncio.create_task(self._deliver(json.dumps(document).encode()))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, body: bytes) -> None:
        for retry, wait in enumerate((0.0, *self._retry_seconds)):
            await asyncio.sleep(wait)
            if await self._send(body, retry=retry, reason="http_error") is not None:
                return

    async def _send(self, body: bytes, *, retry: int, reason: str) -> str | None:
        app = self._workspace.state.app
        if app is None or app.events_url is None:
            return None
        headers = {"Content-Type": "application/json"}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        answer = await self._outgoing.send(app, app.events_url, body, headers)
        return answer.text if answer.ok else None
