"""A GitHub webhook from raw bytes to answer."""

from __future__ import annotations

from slipway.domain.intake import github
from slipway.domain.intake.commands import marker
from slipway.domain.intake.decisions import Ack, CiSignal, Command, Ignore, Reject, StateUpdate
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, check_content_type, check_size, read_object
from slipway.domain.intake.signatures import check_body_signature
from slipway.domain.problem import refuse
from slipway.ports.platform import Platform
from slipway.services.carry_out_command import Person, carry_out_command
from slipway.services.on_ci_signal import on_ci_signal
from slipway.services.once import once
from slipway.services.reply import Reply, ignored
from slipway.services.stop_task import stop_task
from slipway.services.telling import telling

SOURCE = "github"


def receive_github(delivery: Delivery, platform: Platform) -> Reply:
    """202 when something was done, 200 with the reason when not."""
    check_size(delivery)
    connection = platform.secrets.github()
    check_body_signature(
        delivery,
        [secret.get_secret_value() for secret in connection.webhook_secrets],
        header=github.SIGNATURE_HEADER,
    )
    check_content_type(delivery, JSON_TYPE)
    decision = github.decide(delivery, read_object(delivery.body), bot_login=connection.bot_login)
    match decision:
        case Ignore(reason=reason) | Ack(reason=reason):
            return ignored(reason)
        case Reject(reason=reason):
            raise refuse(400, "Not a GitHub webhook", reason)
        case CiSignal():
            # Reading the checks twice is harmless, so a repeated signal needs no memory.
            woken = on_ci_signal(decision, platform)
            if not woken:
                return ignored("no task waits for the checks of this commit")
            return Reply(status=202, body={"task_id": woken[0], "woken": [*woken]})
        case StateUpdate():
            return _state_update(decision, platform, bot_login=connection.bot_login)
        case Command():
            return _command(decision, platform)


def _state_update(update: StateUpdate, platform: Platform, *, bot_login: str) -> Reply:
    if not update.closed or update.actor == bot_login:
        return ignored(update.reason)
    task_id = platform.tasks.for_pull_request(update.repository, update.number)
    if task_id is None or platform.tasks.get(task_id).state.is_terminal:
        return ignored("no open task has this pull request")
    state = stop_task(
        task_id,
        actor=update.actor,
        reason=f"pull request {update.repository}#{update.number} was closed",
        platform=platform,
    )
    return Reply(status=202, body={"task_id": task_id, "state": str(state)})


def _command(command: Command, platform: Platform) -> Reply:
    task_id = platform.tasks.for_pull_request(command.repository, command.number)
    if task_id is None:
        return ignored("the pull request is not one of ours")
    with once(SOURCE, command.delivery_id, platform) as is_first:
        if not is_first:
            return ignored("this delivery was handled before", task_id=task_id)
        person = Person(
            name=command.actor,
            channel="github",
            account=command.actor,
            may_decide=all(
                platform.forge.can_write(one.repository, command.actor)
                for one in platform.tasks.get(task_id).pull_requests
            ),
        )
        answer = command.problem or carry_out_command(
            command.verb, command.argument, person=person, platform=platform, default_task=task_id
        )
    with telling(platform, task_id, where=f"{command.repository}#{command.number}"):
        platform.forge.comment(
            command.repository,
            command.number,
            f"@{command.actor} {answer}",
            marker=f"{marker(task_id)}<!-- slipway:answer={command.delivery_id} -->",
        )
    return Reply(status=202, body={"task_id": task_id, "answer": answer})
