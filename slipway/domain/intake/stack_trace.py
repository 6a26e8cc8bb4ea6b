"""Sentry's frames as the traceback that Python would have printed; other languages line by line."""

from __future__ import annotations

from slipway.domain.intake.delivery import JsonObject, at, objects, text

_FRAMES = (60, 20, 6)
"""As many of the innermost as fit: of an endless recursion the last ones tell."""
_LIMIT = 20_000
_LINE = 300
_VALUE = 2000


def stack_trace(event: JsonObject) -> str:
    """Every exception of the event, causes first; empty when it has none."""
    raised = objects(event, "exception", "values")
    for entry in objects(event, "entries"):
        if text(entry, "type") == "exception":
            raised = raised or objects(entry, "data", "values")
    is_python = text(event, "platform") == "python"
    joint = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
    trace = ""
    for frames in _FRAMES:
        parts = [(_python if is_python else _other)(each, frames=frames) for each in raised[-frames:]]
        trace = (joint if is_python else "\n\n").join(parts)
        if len(trace) <= _LIMIT:
            break
    return trace[-_LIMIT:]


def _python(raised: JsonObject, *, frames: int) -> str:
    lines = ["Traceback (most recent call last):"]
    for frame in _frames(raised)[-frames:]:
        lines.append(f'  File "{_path(frame)}", line {_number(frame)}, in {_short(frame, "function")}')
        if source := _short(frame, "context_line").strip():
            lines.append(f"    {source}")
    # Without frames a heading would promise what does not follow.
    return "\n".join([*(lines if len(lines) > 1 else []), _headline(raised)])


def _other(raised: JsonObject, *, frames: int) -> str:
    shown = [
        f"    at {_short(frame, 'function') or '?'} ({_path(frame)}:{_number(frame)})"
        for frame in reversed(_frames(raised)[-frames:])
    ]
    return "\n".join([_headline(raised), *shown])


def _frames(raised: JsonObject) -> list[JsonObject]:
    """Outermost first."""
    return objects(raised, "stacktrace", "frames")


def _headline(raised: JsonObject) -> str:
    """A message of several lines stays several lines, as Python prints it."""
    kind, value = _short(raised, "type") or "Exception", text(raised, "value")[:_VALUE].rstrip()
    return f"{kind}: {value}" if value else kind


def _path(frame: JsonObject) -> str:
    module = _short(frame, "module")
    known = _short(frame, "filename") or _short(frame, "abs_path")
    return (known or f"{module.replace('.', '/')}.py").replace('"', "'")


def _number(frame: JsonObject) -> int:
    found = at(frame, "lineno")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def _short(value: JsonObject, name: str) -> str:
    return text(value, name).replace("\n", " ")[:_LINE]
