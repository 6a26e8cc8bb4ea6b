"""What people do: write, give slash commands, press buttons, and fill in dialogs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, TypeAdapter, ValidationError

from local.double import JsonObject
from local.slack import documents, rules
from local.slack.chat import write
from local.slack.state import APP, BOT_USER, SLACKBOT, TEAM, TEAM_DOMAIN, Message
from local.slack.web_api import SlackError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.slack.events import Events
    from local.slack.outgoing import Acknowledgement, Outgoing
    from local.slack.state import App, Channel, OpenView, User, Workspace

_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)


class CommandAnswer(BaseModel):
    """What the app answers a slash command with."""

    text: str = ""
    blocks: list[JsonObject] | None = None
    response_type: str = "ephemeral"


class DialogAnswer(BaseModel):
    """What the app answers a submitted dialog with."""

    response_action: str = "clear"
    errors: dict[str, str] = {}
    view: JsonObject = {}


class People:
    """The actions of people in one workspace; each returns what the app answered."""

    def __init__(self, workspace: Workspace, outgoing: Outgoing, events: Events) -> None:
        """Act in `workspace`."""
        self._workspace = workspace
        self._outgoing = outgoing
        self._events = events

    def write(self, user: User, channel: Channel, text: str, *, thread_ts: str | None = None) -> Message:
        """Post a person's message."""
        message = Message(ts=self._workspace.timestamp(), user=user.id, text=text, thread_ts=thread_ts)
        channel.messages.append(message)
        self._workspace.save()
        self._events.posted(channel, message)
        return message

    async def command(self, user: User, channel: Channel, command: str, text: str) -> Acknowledgement:
        """Give a slash command and show the answer where it belongs."""
        app = self._app()
        if app.commands_url is None:
            raise SlackError("dispatch_failed", "the app has no commands address")
        fields = {
            "token": "local",
            "team_id": TEAM,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._workspace.new_response_url(
                user=user.id, channel=channel.id, message_ts=None
            ),
            "trigger_id": self._workspace.new_trigger(user=user.id, channel=channel.id),
        }
        self._workspace.save()
        answer = await self._outgoing.form(app, app.commands_url, fields)
        if not answer.ok:
            self._whisper(channel, user, f"{command} failed: {answer.problem}")
        elif answer.text.strip():
            self._show(channel, user, _command_answer(answer.text))
        return answer

    async def press(
        self, user: User, channel: Channel, ts: str, action_id: str, value: str | None = None
    ) -> Acknowledgement:
        """Press a button of a message."""
        app = self._app()
        if app.interactivity_url is None:
            raise SlackError("dispatch_failed", "the app has no interactivity address")
        message = channel.message(ts)
        if message is None or message.only_for not in {None, user.id}:
            raise SlackError("message_not_found")
        action = _button(message, action_id, value)
        if action is None:
            raise SlackError("action_not_found", f"the message has no button {action_id!r} with that value")
        payload: JsonObject = {
            "type": "block_actions",
            "user": documents.acting_user(user),
            "api_app_id": APP,
            "token": "local",
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel.id,
                "is_ephemeral": message.only_for is not None,
            },
            "trigger_id": self._workspace.new_trigger(user=user.id, channel=channel.id),
            "team": documents.team(),
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel.id, "name": channel.name},
            "message": documents.message(message, channel),
            "state": {"values": {}},
            "response_url": self._workspace.new_response_url(user=user.id, channel=channel.id, message_ts=ts),
            "actions": [{**action, "action_ts": self._workspace.timestamp()}],
        }
        self._workspace.save()
        answer = await self._interact(app, app.interactivity_url, payload)
        if not answer.ok:
            self._whisper(channel, user, f"The button did not work: {answer.problem}")
        return answer

    async def submit(self, view: OpenView, values: Mapping[str, Mapping[str, str]]) -> Acknowledgement:
        """Send a filled-in dialog; the app may refuse it field by field."""
        app = self._app()
        if app.interactivity_url is None:
            raise SlackError("dispatch_failed", "the app has no interactivity address")
        user = self._workspace.state.users[view.user]
        state: JsonObject = {
            block: {action: {"type": "plain_text_input", "value": text} for action, text in inputs.items()}
            for block, inputs in values.items()
        }
        payload: JsonObject = {
            "type": "view_submission",
            "team": documents.team(),
            "user": documents.acting_user(user),
            "api_app_id": APP,
            "token": "local",
            "trigger_id": self._workspace.new_trigger(user=user.id, channel=view.channel),
            "view": {**view_document(view), "state": {"values": state}},
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }
        self._workspace.save()
        answer = await self._interact(app, app.interactivity_url, payload)
        if answer.ok:
            self._after_dialog(view, answer.text)
        else:
            view.errors = {"": f"We had some trouble connecting: {answer.problem}"}
        self._workspace.save()
        return answer

    def close(self, view: OpenView) -> None:
        """Close a dialog without sending it."""
        self._workspace.state.views.pop(view.id, None)
        self._workspace.save()

    async def _interact(self, app: App, url: str, payload: JsonObject) -> Acknowledgement:
        return await self._outgoing.form(app, url, {"payload": json.dumps(payload)})

    def _after_dialog(self, view: OpenView, text: str) -> None:
        answer = DialogAnswer()
        if text.strip():
            try:
                answer = DialogAnswer.model_validate_json(text)
            except ValidationError as error:
                view.errors = {"": f"the app's answer is not valid: {error.error_count()} errors"}
                return
        match answer.response_action:
            case "errors":
                view.errors = answer.errors
            case "update" | "push":
                view.document, view.errors = answer.view, {}
            case _:
                self._workspace.state.views.pop(view.id, None)

    def _show(self, channel: Channel, user: User, answer: CommandAnswer) -> None:
        whispered = answer.response_type != "in_channel"
        message = Message(
            ts=self._workspace.timestamp(),
            user=BOT_USER,
            bot=True,
            only_for=user.id if whispered else None,
        )
        try:
            write(message, text=answer.text, blocks=answer.blocks)
        except SlackError as error:
            self._whisper(channel, user, f"the app's answer is not valid: {error.code} {error.messages}")
            return
        channel.messages.append(message)
        self._workspace.save()

    def _whisper(self, channel: Channel, user: User, text: str) -> None:
        channel.messages.append(
            Message(ts=self._workspace.timestamp(), user=SLACKBOT, text=text, only_for=user.id)
        )
        self._workspace.save()

    def _app(self) -> App:
        if self._workspace.state.app is None:
            raise SlackError("app_not_installed", "PUT /_admin/app installs it")
        return self._workspace.state.app


def view_document(view: OpenView) -> JsonObject:
    """Return an open view as the Web API and submissions show it."""
    return {
        "private_metadata": "",
        "callback_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "external_id": "",
        **view.document,
        "blocks": [*rules.identified(_blocks(view.document))],
        "id": view.id,
        "team_id": TEAM,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_USER,
        "hash": view.hash,
        "root_view_id": view.id,
        "previous_view_id": None,
        "state": {"values": {}},
    }


def _blocks(document: JsonObject) -> list[JsonObject]:
    blocks = document.get("blocks")
    return [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []


def _command_answer(text: str) -> CommandAnswer:
    """Read a command's answer: a JSON message, or plain text."""
    try:
        return CommandAnswer.model_validate(_OBJECT.validate_json(text))
    except ValueError:
        return CommandAnswer(text=text)


def _button(message: Message, action_id: str, value: str | None) -> JsonObject | None:
    """Return the action that pressing a button sends: only a button that is there can be pressed."""
    for block, element in _elements(message):
        if element.get("action_id") != action_id or element.get("type") != "button":
            continue
        if value is None or element.get("value", "") == value:
            kept = {k: v for k, v in element.items() if k in {"type", "text", "value", "style", "action_id"}}
            return {**kept, "block_id": block.get("block_id")}
    return None


def _elements(message: Message) -> Iterator[tuple[JsonObject, JsonObject]]:
    for block in message.blocks:
        elements = block.get("elements") if block.get("type") == "actions" else [block.get("accessory")]
        for element in elements if isinstance(elements, list) else []:
            if isinstance(element, dict):
                yield block, element
