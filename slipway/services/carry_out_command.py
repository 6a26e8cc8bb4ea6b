"""Carries out what a person typed, and answers in a sentence they can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from slipway.domain.errors import NotFound, SlipwayError
from slipway.domain.intake.commands import HELP, split_task
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.explain import explain
from slipway.services.retry_task import retry_task
from slipway.services.stop_task import stop_task

_LIST_LIMIT = 20


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks, through what, and whether they may decide, stop and retry."""

    name: str
    channel: Literal["slack", "github", "jira", "cli"]
    may_decide: bool


@dataclass(frozen=True, kw_only=True)
class _Ask:
    task: Task
    rest: str
    person: Person
    platform: Platform


def carry_out_command(
    verb: str, argument: str, *, person: Person, platform: Platform, default_task: str | None = None
) -> str:
    """The answer, also when it is a refusal or something failed."""
    if verb == "help":
        return HELP
    if verb == "list":
        return _list(platform)
    if verb not in _VERBS:
        return f"`{verb}` is not possible here"
    ask, needs_right = _VERBS[verb]
    if needs_right and not person.may_decide:
        return f"{person.name} is not an approver here, so `{verb}` was not done. Ask someone who is."
    named, rest = split_task(argument)
    try:
        task = _task(named or default_task, verb, platform)
        return ask(_Ask(task=task, rest=rest, person=person, platform=platform))
    except SlipwayError as error:
        return str(error)


def _task(named: str | None, verb: str, platform: Platform) -> Task:
    if named is not None:
        return find_task(named, platform)
    waiting = {
        "approve": [TaskState.AWAITING_APPROVAL],
        "reject": [TaskState.AWAITING_APPROVAL],
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
    if not found:
        return "no open tasks"
    lines = [f"`{t.id}` {str(t.state).replace('_', ' ')}: {t.title}" for t in found[:_LIST_LIMIT]]
    more = len(found) - _LIST_LIMIT
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _status(ask: _Ask) -> str:
    task = ask.task
    links = " ".join(one.url for one in task.pull_requests)
    state = str(task.state).replace("_", " ")
    return f"{task.ticket_key} is *{state}*, ${task.cost_usd:.2f} so far. {links}".strip()


def _explain(ask: _Ask) -> str:
    return str(explain(ask.task.id, ask.platform))


def _approve(ask: _Ask) -> str:
    return decide_approval(
        DecisionOrder(
            task_id=ask.task.id, decision="approve", actor=ask.person.name, channel=ask.person.channel
        ),
        ask.platform,
    )


def _reject(ask: _Ask) -> str:
    return decide_approval(
        DecisionOrder(
            task_id=ask.task.id,
            decision="reject",
            actor=ask.person.name,
            channel=ask.person.channel,
            reason=ask.rest,
        ),
        ask.platform,
    )


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


_VERBS: dict[str, tuple[Callable[[_Ask], str], bool]] = {
    "status": (_status, False),
    "explain": (_explain, False),
    "approve": (_approve, True),
    "reject": (_reject, True),
    "stop": (_stop, True),
    "retry": (_retry, True),
}
