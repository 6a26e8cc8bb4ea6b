"""The pages a person works with: channels, threads with working buttons, dialogs."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import JsonValue
from starlette.routing import Route

from local.page import page
from local.slack.mrkdwn import blocks_html, html, text_html
from local.slack.state import TEAM_DOMAIN

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import HTMLResponse
    from starlette.routing import BaseRoute

    from local.double import JsonObject
    from local.slack.state import Channel, Message, OpenView, User, Workspace

_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:56rem;margin:1.5rem auto;padding:0 1rem}
article{padding:.5rem .8rem;margin:.4rem 0;border-radius:8px;background:#8881}
article article{margin-left:1.5rem}article:target{outline:2px solid #611f69}
.whisper{border-left:3px dashed #888}.fields{display:grid;grid-template-columns:1fr 1fr;gap:.3rem 1rem}
form{display:inline}.composer{display:flex;gap:.5rem;margin:1rem 0}
.composer input[name=text]{flex:1;padding:.5rem}
button{padding:.35rem .9rem;border:1px solid #8888;border-radius:6px;cursor:pointer;font:inherit}
button.primary{background:#007a5a;color:#fff}button.danger{background:#c01343;color:#fff}
dialog{position:static;display:block;border:1px solid #8888;border-radius:8px;width:auto}
dialog textarea,dialog input{width:100%;box-sizing:border-box}.error{color:#c01343}
pre{overflow:auto;padding:.5rem;background:#8882;border-radius:6px}.mention{color:#1264a3}
small{color:#777}a{color:#1264a3}h3{margin:.3rem 0}
"""
_page = partial(page, style=_STYLE)


class Pages:
    """HTML over one workspace, as one of its people sees it."""

    def __init__(self, workspace: Workspace) -> None:
        """Show `workspace`."""
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages."""
        return [Route("/", self.index), Route("/channels/{channel}", self.channel, name="channel")]

    async def index(self, request: Request) -> HTMLResponse:
        """List the channels."""
        acting = self._acting(request)
        items = "".join(
            f'<li><a href="{_address(channel, acting)}">#{escape(channel.name)}</a> '
            f"<small>{len(channel.messages)} messages</small></li>"
            for channel in self._workspace.state.channels.values()
        )
        return _page("Channels", f"<h1>{TEAM_DOMAIN}</h1><ul>{items}</ul>")

    async def channel(self, request: Request) -> HTMLResponse:
        """Show one channel with its threads."""
        channel = self._workspace.channel(str(request.path_params["channel"]))
        if channel is None:
            return _page("Not found", '<h1>No such channel</h1><a href="/">Channels</a>', status=404)
        acting = self._acting(request)
        content = [
            f'<p><a href="/">Channels</a></p><h1>#{escape(channel.name)}</h1>',
            self._who(channel, acting),
        ]
        if acting is not None:
            content += [
                self._dialog(channel, view)
                for view in self._workspace.state.views.values()
                if view.user == acting.id
            ]
        content += [
            _pointer(channel, message) if message.broadcast else self._thread(channel, message, acting)
            for message in channel.messages
            if message.in_channel and _visible(message, acting)
        ]
        if acting is not None:
            content.append(_composer(channel, acting, thread_ts=None))
        return _page(f"#{channel.name}", "".join(content))

    def _acting(self, request: Request) -> User | None:
        people = [user for user in self._workspace.state.users.values() if not user.is_bot]
        chosen = request.query_params.get("user")
        return next((user for user in people if user.id == chosen), people[0] if people else None)

    def _who(self, channel: Channel, acting: User | None) -> str:
        if acting is None:
            return "<p>No people yet; POST /_admin/users adds one.</p>"
        options = "".join(
            f'<option value="{escape(user.id)}"{" selected" if user is acting else ""}>'
            f"{escape(user.name)}</option>"
            for user in self._workspace.state.users.values()
            if not user.is_bot
        )
        return (
            f'<form method="get" action="/channels/{escape(channel.name)}">'
            f'You are <select name="user" aria-label="acting user">{options}</select> '
            "<button>Switch or refresh</button></form>"
        )

    def _thread(self, channel: Channel, message: Message, acting: User | None) -> str:
        replies = "".join(
            self._message(channel, reply, acting)
            for reply in channel.messages
            if reply.thread_ts == message.ts and reply is not message and _visible(reply, acting)
        )
        answer = ""
        if acting is not None and message.only_for is None:
            form = _composer(channel, acting, thread_ts=message.ts)
            answer = f"<details><summary><small>Reply in thread</small></summary>{form}</details>"
        return self._message(channel, message, acting, inner=replies + answer)

    def _message(self, channel: Channel, message: Message, acting: User | None, *, inner: str = "") -> str:
        names = self._names()
        shown = blocks_html(message.blocks, names=names) or html(message.text, names=names)
        buttons = "".join(
            self._button(channel, message, element, acting) for element in _buttons(message.blocks)
        )
        reactions = " ".join(f":{escape(r.name)}: {len(r.users)}" for r in message.reactions)
        note = " <small>(only you see this)</small>" if message.only_for else ""
        edited = " <small>(edited)</small>" if message.edited_ts else ""
        return (
            f'<article id="m{escape(message.ts)}"{" class=whisper" if message.only_for else ""}>'
            f"<strong>{escape(names.get(message.user, message.user))}</strong>{note}{edited}"
            f"<div>{shown}</div>{buttons}<small>{reactions}</small>{inner}</article>"
        )

    def _button(self, channel: Channel, message: Message, element: JsonObject, acting: User | None) -> str:
        label = text_html(element.get("text"), names={})
        url = element.get("url")
        if isinstance(url, str) and url.startswith(("http://", "https://")):
            return f'<a href="{escape(url)}" rel="noreferrer">{label}</a> '
        if acting is None:
            return ""
        hidden = _hidden(
            user=acting.id,
            ts=message.ts,
            action_id=str(element.get("action_id", "")),
            value=str(element.get("value", "")),
        )
        style = escape(str(element.get("style", "")))
        return (
            f'<form method="post" action="/channels/{escape(channel.name)}/actions">{hidden}'
            f'<button class="{style}">{label}</button></form> '
        )

    def _dialog(self, channel: Channel, view: OpenView) -> str:
        names = self._names()
        inputs = ""
        blocks = view.document.get("blocks")
        for index, block in enumerate(blocks if isinstance(blocks, list) else []):
            if isinstance(block, dict):
                inputs += _input({"block_id": f"blk{index}", **block}, view.errors, names)
        submit = text_html(view.document.get("submit"), names=names) or "Submit"
        problem = f'<p class="error">{escape(view.errors[""])}</p>' if "" in view.errors else ""
        return (
            f"<dialog open><h3>{text_html(view.document.get('title'), names=names)}</h3>{problem}"
            f'<form method="post" action="/channels/{escape(channel.name)}/views/{escape(view.id)}">'
            f'{inputs}<p><button class="primary" name="close" value="">{submit}</button> '
            '<button name="close" value="yes" formnovalidate>Cancel</button></p></form></dialog>'
        )

    def _names(self) -> dict[str, str]:
        users = {user.id: user.name for user in self._workspace.state.users.values()}
        return users | {channel.id: channel.name for channel in self._workspace.state.channels.values()}


def _address(channel: Channel, acting: User | None) -> str:
    query = f"?{urlencode({'user': acting.id})}" if acting else ""
    return escape(f"/channels/{channel.name}{query}")


def _pointer(channel: Channel, message: Message) -> str:
    """A reply that the channel sees too: one line that leads to it, so that its buttons are there once."""
    root = channel.message(message.thread_ts or "")
    about = f" to “{html(root.text, names={})}”" if root else ""
    link = f'<a href="#m{escape(message.ts)}">{html(message.text, names={})}</a>'
    return f"<article><small>replied{about}:</small> {link}</article>"


def _visible(message: Message, acting: User | None) -> bool:
    return message.only_for is None or (acting is not None and message.only_for == acting.id)


def _composer(channel: Channel, acting: User, *, thread_ts: str | None) -> str:
    hidden = _hidden(user=acting.id, thread_ts=thread_ts or "")
    return (
        f'<form class="composer" method="post" action="/channels/{escape(channel.name)}/messages">{hidden}'
        '<input name="text" aria-label="message" placeholder="Message, or /command" required>'
        '<button class="primary">Send</button></form>'
    )


def _hidden(**values: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items()
    )


def _buttons(blocks: list[JsonObject]) -> list[JsonObject]:
    found: list[JsonObject] = []
    for block in blocks:
        elements = block.get("elements") if block.get("type") == "actions" else [block.get("accessory")]
        candidates = elements if isinstance(elements, list) else []
        found += [e for e in candidates if isinstance(e, dict) and e.get("type") == "button"]
    return found


def _input(block: JsonObject, errors: dict[str, str], names: dict[str, str]) -> str:
    """Return a text input; other blocks of a dialog only show something."""
    element: JsonValue = block.get("element")
    if block.get("type") != "input" or not isinstance(element, dict):
        return blocks_html([block], names=names)
    block_id = str(block["block_id"])
    name = escape(f"{block_id}/{element.get('action_id', '')}")
    required = "" if block.get("optional") else " required"
    initial = escape(str(element.get("initial_value", "")))
    field = (
        f'<textarea name="{name}" rows="4"{required}>{initial}</textarea>'
        if element.get("multiline")
        else f'<input name="{name}" value="{initial}"{required}>'
    )
    error = f'<span class="error">{escape(errors[block_id])}</span>' if block_id in errors else ""
    return f"<p><label>{text_html(block.get('label'), names=names)}{field}</label>{error}</p>"
