"""Alarms in Slack: one message each, with what, since when, how much, and where to look."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.adapters.slack.web import SlackWeb, mapped
from slipway.ports.alarms import AlarmNotice
from slipway.ports.chat import MessageRef
from slipway.ports.secrets import Secrets


@dataclass(frozen=True, kw_only=True)
class SlackAlarms:
    """`channel` empty: the connection's own. `runbooks`: where the folder of runbooks can be read."""

    secrets: Secrets
    channel: str = ""
    runbooks: str = ""
    dashboard: str = ""
    _web: SlackWeb = field(default_factory=SlackWeb)

    def post(self, notice: AlarmNotice) -> MessageRef:
        """A new message."""
        connection = self.secrets.slack()
        with mapped(f"telling of alarm {notice.change.name}"):
            answer = self._web.client(connection).chat_postMessage(
                channel=self.channel or connection.channel,
                text=headline(notice),
                blocks=self._blocks(notice),
                unfurl_links=False,
            )
        return MessageRef(channel=str(answer["channel"]), ts=str(answer["ts"]))

    def replace(self, message: MessageRef, notice: AlarmNotice) -> None:
        """The same message, as it is now."""
        with mapped(f"telling of alarm {notice.change.name}"):
            self._web.client(self.secrets.slack()).chat_update(
                channel=message.channel, ts=message.ts, text=headline(notice), blocks=self._blocks(notice)
            )

    def reply(self, message: MessageRef, text: str) -> None:
        """In its thread."""
        with mapped("saying more of an alarm"):
            self._web.client(self.secrets.slack()).chat_postMessage(
                channel=message.channel, text=text, thread_ts=message.ts
            )

    def _blocks(self, notice: AlarmNotice) -> list[dict[str, object]]:
        """Quoted parts come from CloudWatch: plain text, so nothing in them is markup."""
        change = notice.change
        since = (
            f"<!date^{int(notice.since.timestamp())}^{{date_short_pretty}} {{time}}|{notice.since:%F %R} UTC>"
        )
        lines = [f"*Since* {since}"]
        if change.limit and notice.resolved_at is None:
            value = f"{change.value}, which is " if change.value else ""
            lines.append(f"*Value* {value}{change.limit}")
        if notice.times > 1:
            lines.append(f"*Came* {notice.times} times")
        if links := self._links(notice):
            lines.append(links)
        return [
            {"type": "header", "text": {"type": "plain_text", "text": headline(notice)[:150]}},
            {"type": "section", "text": {"type": "plain_text", "text": change.meaning[:2000]}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)}},
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": (change.reason or "no reason given")[:2000]}],
            },
        ]

    def _links(self, notice: AlarmNotice) -> str:
        shown = []
        if name := notice.change.runbook:
            page = f"{name}.md"
            shown.append(
                f"<{self.runbooks.rstrip('/')}/{page}|Runbook>"
                if self.runbooks
                else f"Runbook `docs/runbooks/{page}`"
            )
        if self.dashboard:
            shown.append(f"<{self.dashboard}|Dashboard>")
        return " · ".join(shown)


def headline(notice: AlarmNotice) -> str:
    """What a phone shows."""
    return f"{'Resolved' if notice.resolved_at else 'Alarm'}: {notice.change.name}"
