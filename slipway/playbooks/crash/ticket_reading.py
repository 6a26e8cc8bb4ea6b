"""Turns a ticket into a crash claim, or finds that it is about something else."""

from __future__ import annotations

import re
from dataclasses import replace

from slipway.domain.ticket import Ticket
from slipway.playbooks.crash.claim import Crash, CrashClaim
from slipway.playbooks.crash.examples import documents, examples
from slipway.playbooks.crash.statements import Role, statements
from slipway.playbooks.crash.tracebacks import crashes, mentioned, without_tracebacks
from slipway.playbooks.crash.values import literals
from slipway.playbooks.crash.wording import wishes

_FAILS = re.compile(
    r"\b(?:crash(?:es|ed|ing)?|rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|fail(?:s|ed|ing)?|traceback|exception|unhandled|"
    r"uncaught|blows? up|dies|died|breaks?|broken|error(?:s|ed)?|stack ?trace|explodes?|falls over|bug)\b",
    re.IGNORECASE,
)
_REWORDING = re.compile(
    r"\b(?:change|fix|correct|update|reword|rephrase|improve)\b[^.\n]{0,60}\b(?:message|wording|text)\b"
    r"|\b(?:message|wording|text)\b[^.\n]{0,80}\b(?:should|must)\s+(?:say|read|be)\b|\btypo\b",
    re.IGNORECASE,
)
_CRASHES = re.compile(
    r"\b(?:crash\w*|traceback|unhandled|uncaught|stack ?trace|blows? up|dies|died)\b", re.IGNORECASE
)
_NAME = re.compile(r"`+([A-Za-z_][\w.]*)(?:\(\))?`+|\b([A-Za-z_][\w.]*)\(|\b([a-z]+_\w+)\b|\b([\w/]+\.py)\b")


def read(ticket: Ticket) -> CrashClaim | None:
    """The claim of a ticket that shows a traceback, or names an exception that something raises."""
    logs = [note.content for note in ticket.attachments if _is_log(note.name, note.content)]
    text = "\n\n".join((ticket.summary, ticket.description, *logs))
    crash = _crash(text)
    if crash is None:
        return None
    described = without_tracebacks(ticket.description)
    prose = _without_fences(described)
    # What Python says is no wish: "expected 2, got 1".
    said = crash.message if " " in crash.message else "\0"
    found = wishes(_without_sessions(prose).replace(said, ""), crash=crash.exception)
    if not (found.expectations or found.unread):
        # A summary names the crash; only what it plainly wants is taken from it.
        found = replace(wishes(ticket.summary.replace(said, ""), crash=crash.exception), unread=())
    shown = examples(ticket.description) or examples(ticket.summary)
    return CrashClaim(
        crash=crash,
        expectations=found.expectations,
        examples=shown,
        names=_names(f"{ticket.summary}\n{prose}"),
        wished=_names("\n".join(each.text for each in statements(prose) if each.role is Role.WANTED)),
        texts=literals(f"{prose}\n{ticket.summary}"),
        documents=(*documents(ticket.description), *_inputs(ticket)),
        unread=() if any(example.expected for example in shown) else found.unread,
        prose=f"{ticket.summary}\n{prose}",
    )


def _crash(text: str) -> Crash | None:
    found = crashes(text)
    if found:
        # Of a chain of exceptions the last one is what people see.
        return found[-1]
    prose = mentioned(text)
    if prose is None or not (prose.message or _FAILS.search(text)):
        return None
    # An error that is meant to be raised and only reads badly is no crash.
    return None if _REWORDING.search(text) and not _CRASHES.search(text) else prose


def _is_log(name: str, content: str) -> bool:
    return "Traceback" in content or name.endswith((".log", ".trace"))


def _inputs(ticket: Ticket) -> tuple[str, ...]:
    wanted = (".csv", ".json", ".txt", ".ini", ".yaml", ".yml", ".toml", ".tsv", ".jsonl")
    return tuple(note.content for note in ticket.attachments if note.name.endswith(wanted))


def _without_fences(text: str) -> str:
    text = re.sub(r"^[ \t]*(```+|~~~+).*?^[ \t]*\1[^\n]*$", "\n", text, flags=re.M | re.S)
    return re.sub(r"\{(?:code|noformat)[^}]*\}.*?\{(?:code|noformat)\}", "\n", text, flags=re.S)


def _without_sessions(text: str) -> str:
    """Without sessions and tables, which are read as examples, and without what a traceback left."""
    text = re.sub(
        r"^[ \t]*>>>.*\n(?:[ \t]*\.\.\..*\n)*(?![ \t]*>>>)(?:[^\n]+\n?)?", "\n", f"{text}\n", flags=re.M
    )
    text = re.sub(r"^[ \t]*\|.*\|[ \t]*$", "\n", text, flags=re.M)
    # The last line of a traceback whose first lines are missing.
    return re.sub(
        r"^[ \t]*(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Iteration|Operation): .*$", "\n", text, flags=re.M
    )


def _names(text: str) -> tuple[str, ...]:
    found = [next(group for group in match.groups() if group) for match in _NAME.finditer(text)]
    return tuple(dict.fromkeys(name.rstrip(".") for name in found))
