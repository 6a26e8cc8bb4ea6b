"""What our messages look like in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from slipway.domain.intake.slack import (
    APPROVE_ACTION,
    REASON_BLOCK,
    REASON_INPUT,
    REJECT_ACTION,
    REJECT_VIEW,
    button_value,
)
from slipway.ports.chat import ApprovalCard

Block = dict[str, JsonValue]
_TEXT_LIMIT = 2_900
_LIST_LIMIT = 12


def approval_card(card: ApprovalCard) -> list[Block]:
    """Header, what and why, evidence to come, price, and two buttons."""
    value = button_value(card.task_id, card.plan_hash)
    why = f" ({escape('; '.join(card.risk_reasons))})" if card.risk_reasons else ""
    ticket = f"<{card.ticket_url}|{card.ticket_key}>" if card.ticket_url else card.ticket_key
    pulls = ", ".join(f"<{url}|{escape(name)}>" for name, url in card.pull_requests)
    return [
        {"type": "header", "text": _plain(f"Approve the plan of {card.ticket_key}?"[:150])},
        _section(f"*{escape(card.title)}*\n{escape(card.summary)}"),
        {
            "type": "section",
            "fields": [
                _markdown(f"*Ticket*\n{ticket}"),
                _markdown(f"*Plan*\n{pulls}"),
                _markdown(f"*Risk*\n{card.risk}{why}"),
                _markdown(f"*Estimate*\n{escape(card.estimate)}"),
            ],
        },
        _section(f"*Files*\n{_bullets(card.files)}"),
        _section(f"*Tests*\n{_bullets(card.tests) or 'none named'}"),
        *([_section(f":warning: *Hidden in the ticket*\n{_bullets(card.hidden)}")] if card.hidden else ()),
        {
            "type": "actions",
            "block_id": "slipway_decision",
            "elements": [
                _button("Approve", APPROVE_ACTION, value, style="primary"),
                _button("Reject", REJECT_ACTION, value, style="danger"),
            ],
        },
        {
            "type": "context",
            "elements": [
                _markdown(
                    f"Task `{card.task_id}`, plan `{card.plan_hash[:12]}`, "
                    f"expires {card.expires_at:%Y-%m-%d %H:%M} UTC"
                )
            ],
        },
    ]


def outcome(text: str) -> list[Block]:
    """What a card becomes once it is decided."""
    return [_section(escape(text))]


def reason_dialog(task_id: str, plan_hash: str) -> Block:
    """Asks why."""
    return {
        "type": "modal",
        "callback_id": REJECT_VIEW,
        "private_metadata": button_value(task_id, plan_hash),
        "title": _plain("Reject the plan"),
        "submit": _plain("Reject"),
        "close": _plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": REASON_BLOCK,
                "label": _plain("Why? The ticket's author is told."),
                "element": {
                    "type": "plain_text_input",
                    "action_id": REASON_INPUT,
                    "multiline": True,
                    "min_length": 3,
                    "max_length": 1000,
                },
            }
        ],
    }


def escape(text: str) -> str:
    """Ticket text must not become links or mentions."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> Block:
    return {"type": "section", "text": _markdown(text)}


def _markdown(text: str) -> Block:
    return {"type": "mrkdwn", "text": text[:_TEXT_LIMIT]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _button(label: str, action: str, value: str, *, style: str) -> Block:
    return {"type": "button", "text": _plain(label), "action_id": action, "value": value, "style": style}


def _bullets(lines: Sequence[str]) -> str:
    shown = [f"• {escape(line)}" for line in lines[:_LIST_LIMIT]]
    if len(lines) > _LIST_LIMIT:
        shown.append(f"and {len(lines) - _LIST_LIMIT} more")
    return "\n".join(shown)
