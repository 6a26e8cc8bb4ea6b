"""Carries out what a person typed, and answers in a sentence they can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from slipway.domain.errors import InvalidInput, NotFound, SlipwayError
from slipway.domain.intake.commands import DECIDING, HELP, split_task
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.agents_off import agents_kept_off
from slipway.services.authority import Person as Person
from slipway.services.authority import check_may_command, check_may_list, refused_everywhere
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.explain import explain
from slipway.services.queue_place import queue_place
from slipway.services.retry_task import retry_task
from slipway.services.stop_task import stop_task
from slipway.services.switch_agents import switch_agents

_LIST_LIMIT = 20
_LOG_LINES = 10
_LOG_LIMIT = 50
_LOG_LINE_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class _Ask:
    task: Task
    rest: str
    person: Person
    platform: Platform


def carry_out_command(
    verb: str, argument: str, *, person: Person, platform: Platform, default_task: str | None = None
) -> str:
    """The answer, also when it is a refusal or something failed. `default_task` is that of the place."""
    if verb == "help":
        return HELP
    try:
        if verb == "list":
            check_may_list(person)
            return _list(platform)
        if verb not in _VERBS:
            return f"`{verb}` is not possible here"
        named, rest = split_task(argument)
        if not named and default_task is None and verb in DECIDING and not person.may_decide:
            raise refused_everywhere(person, verb)
        task = _task(named or default_task, verb, platform)
        check_may_command(person, verb, task, home=default_task, platform=platform)
        return _VERBS[verb](_Ask(task=task, rest=rest, person=person, platform=platform))
    except SlipwayError as error:
        return str(error)


def _task(named: str | None, verb: str, platform: Platform) -> Task:
    if named is not None:
        return find_task(named, platform)
    waiting = {
        "approve": [TaskState.AWAITING_APPROVAL],
        "reject": [TaskState.AWAITING_APPROVAL],
        "revise": [TaskState.AWAITING_APPROVAL],
        "retry": [TaskState.FAILED, TaskState.ESCALATED, TaskState.EXPIRED],
    }.get(verb, [state for state in TaskState if not state.is_terminal])
    found = [task for state in waiting for task in platform.tasks.in_state(state)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"`{task.id}`" for task in found[:_LIST_LIMIT])
    raise NotFound(f"say which task: {names}" if found else f"there is no task to {verb}")


def find_task(name: str, platform: Platform) -> Task:
    """By id, or by the ticket of an open task, else of its latest ended one."""
    open_task = platform.tasks.open_for_subject(f"jira:{name.upper()}")
    if open_task is not None:
        return platform.tasks.get(open_task)
    try:
        return platform.tasks.get(name)
    except NotFound:
        ended = [
            task
            for state in TaskState
            if state.is_terminal
            for task in platform.tasks.in_state(state)
            if task.ticket_key.upper() == name.upper()
        ]
        if not ended:
            raise NotFound(f"there is no task or ticket {name}; see `list`") from None
        return max(ended, key=lambda task: task.created_at)


def _list(platform: Platform) -> str:
    found = [t for s in TaskState if not s.is_terminal for t in platform.tasks.in_state(s)]
    controls = platform.tasks.controls()
    head = [f"the queue is {controls}"] if controls.draining else []
    if not found:
        return "\n".join([*head, "no open tasks"])
    lines = [
        *head,
        *(f"`{t.id}` {str(t.state).replace('_', ' ')}: {t.title}" for t in found[:_LIST_LIMIT]),
    ]
    more = len(found) - _LIST_LIMIT
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _status(ask: _Ask) -> str:
    task = ask.task
    links = " ".join(one.url for one in task.pull_requests)
    state = str(task.state).replace("_", " ")
    place = queue_place(task, ask.platform)
    said = [
        f"{task.ticket_key} is *{state}*, {place}." if place else f"{task.ticket_key} is *{state}*,",
        f"${task.cost_usd:.2f} so far.",
        links,
        agents_kept_off(task, ask.platform),
    ]
    return " ".join(part for part in said if part)


def _logs(ask: _Ask) -> str:
    asked = ask.rest.split()[0] if ask.rest else str(_LOG_LINES)
    if not asked.isdecimal() or not 1 <= int(asked) <= _LOG_LIMIT:
        raise InvalidInput(f"`logs` takes a number from 1 to {_LOG_LIMIT}, not {asked[:40]!r}")
    events = ask.platform.event_log.events(ask.task.id)[-int(asked) :]
    return "\n".join(
        f"`{event.at:%m-%d %H:%M:%S}` {event.actor}: {event.message.splitlines()[0][:_LOG_LINE_CHARACTERS]}"
        for event in events
    )


def _off(ask: _Ask) -> str:
    return switch_agents(ask.task, actor=ask.person.name, off=True, platform=ask.platform)


def _on(ask: _Ask) -> str:
    return switch_agents(ask.task, actor=ask.person.name, off=False, platform=ask.platform)


def _explain(ask: _Ask) -> str:
    return str(explain(ask.task.id, ask.platform))


def _approve(ask: _Ask) -> str:
    return _decide(ask, "approve")


def _reject(ask: _Ask) -> str:
    return _decide(ask, "reject")


def _revise(ask: _Ask) -> str:
    return _decide(ask, "revise")


def _decide(ask: _Ask, decision: Literal["approve", "reject", "revise"]) -> str:
    order = DecisionOrder(
        task_id=ask.task.id,
        decision=decision,
        actor=ask.person.name,
        channel=ask.person.channel,
        reason="" if decision == "approve" else ask.rest,
    )
    return decide_approval(order, ask.platform)


def _stop(ask: _Ask) -> str:
    state = stop_task(ask.task.id, actor=ask.person.name, reason=ask.rest, platform=ask.platform)
    return f"{ask.task.ticket_key} is {state}"


def _retry(ask: _Ask) -> str:
    accepted = retry_task(ask.task.id, actor=ask.person.name, platform=ask.platform)
    known = {
        "accepted": "queued again as",
        "duplicate_delivery": "was retried before as",
        "already_open": "has an open task already:",
    }
    return f"{ask.task.ticket_key} {known[accepted.outcome]} `{accepted.task_id}`"


_VERBS: dict[str, Callable[[_Ask], str]] = {
    "status": _status,
    "explain": _explain,
    "logs": _logs,
    "approve": _approve,
    "reject": _reject,
    "revise": _revise,
    "stop": _stop,
    "retry": _retry,
    "off": _off,
    "on": _on,
}
