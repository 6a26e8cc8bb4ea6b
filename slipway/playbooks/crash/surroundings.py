"""What surrounds a call: input files of the ticket, environment variables, standard input, arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from slipway.playbooks.crash.annotations import method
from slipway.playbooks.crash.attempt import Attempt, call_expression
from slipway.playbooks.crash.claim import CrashClaim
from slipway.playbooks.crash.source_index import Function


def with_documents(
    seeds: tuple[Attempt, ...], documents: tuple[str, ...], function: Function
) -> tuple[Attempt, ...]:
    """The ticket's input files in place of the ordinary ones, or of a plain text."""
    found = []
    for document in documents[:4]:
        for seed in seeds:
            changed = re.sub(
                r"(_file|_text_file|StringIO)\((?:('[^']*'), )?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)",
                lambda m, document=document: f"{m[1]}({m[2] + ', ' if m[2] else ''}{document!r})",  # type: ignore[misc]
                seed.expression,
            )
            if changed != seed.expression:
                found.append(replace(seed, expression=changed, origin="ticket"))
            elif texts := [
                p for p in function.parameters if "str" in ast.unparse(p.annotation or ast.Name("str"))
            ]:
                owner = (
                    re.match(r"(?:list|asyncio\.run)?\(?(.*)\.\w+\(", seed.expression)
                    if function.owner
                    else None
                )
                expression = call_expression(
                    function, owner[1] if owner else None, {texts[0].arg: repr(document)}
                )
                found.append(replace(seed, expression=expression, origin="ticket"))
    return tuple(found)


def surrounded(
    seeds: tuple[Attempt, ...], claim: CrashClaim, function: Function, texts: tuple[str, ...]
) -> Iterator[Attempt]:
    """Environment variables, standard input and arguments, where the function reads them."""
    text = ast.unparse(function.node)
    if function.owner is not None and (init := method(function.owner, "__init__")):
        text += ast.unparse(init)
    plain = seeds[-1] if seeds else None
    if plain is None:
        return
    values = [ast.literal_eval(t) for t in texts if t[:1] in "'\""]
    for name in dict.fromkeys(re.findall(r"(?:environ\[|environ\.get\(|getenv\()['\"](\w+)['\"]", text)):
        for value in (None, "", "abc", *values[:6]):
            yield replace(plain, environment={name: value})
    if re.search(r"(?:environ\[|environ\.get\(|getenv\()[a-z_]", text):
        yield from _named_variables(seeds, claim, values)
    if re.search(r"\bstdin\b|\binput\(", text):
        for value in ("", "\n", "abc\n", *claim.documents, *(f"{value}\n" for value in values[:6])):
            yield replace(plain, stdin=str(value))
    if re.search(r"sys\.argv", text):
        for value in ((), ("",), ("abc",), ("0",), *((str(value),) for value in values[:6])):
            yield replace(plain, argv=("program", *value))


def _named_variables(
    seeds: tuple[Attempt, ...], claim: CrashClaim, values: list[object]
) -> Iterator[Attempt]:
    """The function reads a variable whose name it is given; the ticket may show one as NAME=value."""
    shown = re.findall(r"\b([A-Z][A-Z0-9_]+)=([^\s`'\"]+)", claim.prose)
    message = claim.crash.message.strip("'\"")
    for seed in seeds[:3]:
        names = re.findall(r"[\"']([A-Za-z_]\w*)[\"']", seed.expression)[:1]
        for name, value in shown:
            changed = re.sub(r"[\"'][A-Za-z_]\w*[\"']", repr(name), seed.expression, count=1)
            yield replace(seed, expression=changed, environment={name: value})
        for value in (message, "", "abc", *values[:6]):
            if names:
                yield replace(seed, environment={names[0]: str(value)})
