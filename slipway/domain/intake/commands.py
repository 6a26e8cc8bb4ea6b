"""The words people give us in chat, on pull requests and on tickets: one grammar for all of them."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from slipway.domain.intake.own_words import own_words, without_invisible

READING = ("help", "status", "list", "explain", "logs")
"""Verbs that change nothing."""
DECIDING = ("approve", "reject", "revise", "retry", "stop", "off", "on")
VERBS = (*READING, *DECIDING)
NAMES = frozenset({"agent", "slipway"})
"""Who is spoken to, after `@` or `/`."""
ARGUMENT_LIMIT = 4000
_OPEN_ENDED = ("reject", "revise")
_USUAL = {
    "cancel": "stop",
    "abort": "stop",
    "kill": "stop",
    "pause": "off",
    "resume": "on",
    "lgtm": "approve",
    "ok": "approve",
    "yes": "approve",
    "no": "reject",
    "deny": "reject",
    "change": "revise",
    "rerun": "retry",
    "restart": "retry",
    "why": "explain",
    "log": "logs",
    "tasks": "list",
}
"""What people say elsewhere: a hint in the answer, never carried out."""
_MARKER = re.compile(r"<!--\s*slipway:task=([a-z0-9-]+)\s*-->")
_TASK_OR_TICKET = re.compile(r"[A-Z][A-Z0-9_]{1,99}-\d{1,12}|[a-z0-9-]{1,60}-[0-9a-f]{8}")
_WORD_ENDS = r"(?:\[bot\])?(?![\w/.'’\[-])"

HELP = """\
`list` open tasks and what they wait for
`status [task]` where a task stands
`explain [task]` why it stands there and what you can do
`logs [task] [n]` the last n things that happened
`approve [task]` let the plan be carried out
`reject [task] <reason>` end it, with the reason
`revise [task] <instruction>` have the plan made anew with your instruction
`stop [task] [reason]` stop it now
`retry [task]` try an ended task again
`off`, `on` on a pull request: leave it alone, and take it up again
A task is named by its id or its ticket; on a pull request or a ticket it is its own."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A verb and the rest. With a `problem` there is nothing to carry out: it is what to answer."""

    verb: str
    argument: str = ""
    problem: str = ""


def parse(text: str) -> Words:
    """What follows our name: the first word decides; nothing at all is a call for help."""
    named = _own_name((), account="").match(text.strip())
    first, *more = text.strip()[named.end() if named else 0 :].split(maxsplit=1) or [""]
    verb, rest = first.rstrip(".,:;!").lower(), "".join(more)
    if not verb:
        return Words(verb="help")
    if verb not in VERBS:
        return Words(verb="help", problem=_unknown(first))
    if len(rest) > ARGUMENT_LIMIT:
        problem = f"what follows `{verb}` has {len(rest)} characters; {ARGUMENT_LIMIT} are allowed"
        return Words(verb="help", problem=problem)
    return Words(verb=verb, argument=rest.strip())


def comment_command(body: str, *, names: Iterable[str] = (), account: str = "") -> Words | None:
    """The one command of a comment; `names` are what else we are called there, `account` our Slack user.

    A command is a line that starts with our name, `@agent …`, `/agent …` or `@slipway …`. The argument of
    `reject` and `revise` goes on below it. None when no line is a command.
    """
    spoken_to = _own_name(names, account=account)
    found: list[_Spoken] = []
    for line in own_words(body):
        plain = without_invisible(line.text)
        if line.kind == "said" and (match := spoken_to.match(plain.strip())):
            said = plain.strip()[match.end() :]
            as_shown = match[0] + said.partition(" ")[0]
            found.append(_Spoken(said=said, is_plain=line.text.strip().startswith(as_shown)))
        elif found:
            found[-1].below.append(plain)
    commands = {each.words() for each in found}
    if len(commands) > 1:
        verbs = ", ".join(f"`{verb}`" for verb in sorted(words.verb for words in commands))
        return Words(
            verb="help",
            problem=f"one comment carries one command and this one has {len(commands)} ({verbs}), "
            "so none was carried out; write each in a comment of its own",
        )
    return commands.pop() if commands else None


def comment_id(place: str, number: str, words: Words) -> str:
    """The delivery of a comment's command: a comment decides once, however it is repeated and edited."""
    if words.verb in DECIDING:
        return f"{place}:{number}"
    digest = hashlib.sha256(words.problem.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{place}:{number}:{digest if words.problem else words.verb}"


def marker(task_id: str) -> str:
    """What our own comments carry, invisible to a reader."""
    return f"<!-- slipway:task={task_id} -->"


def carries_marker(body: str) -> bool:
    """Whether we wrote this."""
    return _MARKER.search(body) is not None


def split_task(argument: str) -> tuple[str, str]:
    """A task's id or ticket at the front, and the rest; no task when the first word is neither."""
    first, _, rest = argument.partition(" ")
    if _TASK_OR_TICKET.fullmatch(first):
        return first, rest.strip()
    return "", argument


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """A line that speaks to us and what stands below it; `is_plain`: what is seen is what is there."""

    said: str
    is_plain: bool
    below: list[str] = field(default_factory=list)

    def words(self) -> Words:
        if not self.is_plain:
            return Words(
                verb="help",
                problem="the command has characters that cannot be seen, so it was not carried out; "
                "type it anew instead of pasting it",
            )
        words = parse(self.said)
        if words.verb not in _OPEN_ENDED:
            return words
        return parse("\n".join([self.said, *self.below]))


def _own_name(names: Iterable[str], *, account: str) -> re.Pattern[str]:
    called = "|".join(sorted(map(re.escape, {*NAMES, *(name for name in names if name)})))
    mention = rf"|<@{re.escape(account)}(?:\|[^>]*)?>" if account else ""
    return re.compile(rf"(?:(?:[@/](?:{called}){_WORD_ENDS}{mention})[\s,:]*)+", re.IGNORECASE)


def _unknown(word: str) -> str:
    shown = word[:40].replace("`", "'")
    asked = word.lower().strip("?.,:;!")
    near = [_USUAL[asked]] if asked in _USUAL else difflib.get_close_matches(asked, VERBS, n=1)
    if near:
        return f"`{shown}` is not a command; did you mean `{near[0]}`? Nothing was done. See `help`."
    return f"`{shown}` is not a command. Nothing was done. You can say:\n{HELP}"
