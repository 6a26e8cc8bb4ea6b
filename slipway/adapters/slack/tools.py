"""What agents may do in Slack: write messages, change their own, and look up people and channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from slipway.adapters.outgoing import screened
from slipway.adapters.slack.web import SlackWeb, mapped
from slipway.ports.secrets import Secrets

Answer = dict[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class SlackTools:
    """Each method is one tool; answers hold what the next call needs and no more."""

    secrets: Secrets
    _web: SlackWeb = field(default_factory=SlackWeb)

    @screened
    def send(
        self, *, channel: str, text: str, blocks: Sequence[Answer] = (), thread_ts: str | None = None
    ) -> Answer:
        """A message; `text` is what notifications show when there are blocks."""
        with mapped(f"posting to {channel}"):
            answer = self._web.client(self.secrets.slack()).chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread_ts,
                unfurl_links=False,
            )
        return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}

    @screened
    def update(self, *, channel: str, ts: str, text: str, blocks: Sequence[Answer] = ()) -> Answer:
        """Change one of the bot's own messages; without blocks it has none afterwards."""
        with mapped(f"updating message {ts} in {channel}"):
            answer = self._web.client(self.secrets.slack()).chat_update(
                channel=channel, ts=ts, text=text, blocks=list(blocks)
            )
        return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}

    def user(self, user: str) -> Answer:
        """A person, by id or by e-mail address."""
        client = self._web.client(self.secrets.slack())
        with mapped(f"looking up {user}"):
            found = client.users_lookupByEmail(email=user) if "@" in user else client.users_info(user=user)
        record = found["user"]
        profile = record.get("profile", {})
        return {
            "id": record["id"],
            "name": record.get("name", ""),
            "real_name": profile.get("real_name") or record.get("real_name", ""),
            "email": profile.get("email", ""),
            "time_zone": record.get("tz", ""),
            "is_bot": bool(record.get("is_bot")),
            "is_active": not record.get("deleted"),
        }

    def channels(self, *, limit: int, cursor: str = "") -> Answer:
        """One page of the channels that the bot can see."""
        with mapped("listing channels"):
            answer = self._web.client(self.secrets.slack()).conversations_list(
                limit=limit,
                cursor=cursor or None,
                exclude_archived=True,
                types="public_channel,private_channel",
            )
        found = [
            {"id": each["id"], "name": each.get("name", ""), "is_member": bool(each.get("is_member"))}
            for each in answer["channels"]
        ]
        metadata = answer.get("response_metadata") or {}
        return {"channels": found, "next_cursor": metadata.get("next_cursor", "")}
