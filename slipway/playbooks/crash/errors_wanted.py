"""Exceptions as a module can write them: which name catches one, how a clear one is raised."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass

from slipway.playbooks.crash.claim import Expectation
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.sandbox_answers import Outcome
from slipway.playbooks.crash.source_index import Module, last_name
from slipway.playbooks.crash.trouble import Trouble


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A raise statement, what must stand at the top of the module for it, and what a test can match."""

    statement: str
    module: str
    imported_from: str | None = None
    definition: str | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Caught:
    """How an except clause names an exception, and the import that this needs, if any."""

    name: str
    imported_from: str | None = None


def catchable(outcome: Outcome, module: Module) -> Caught:
    """The exception itself where the module can name it, else a builtin base."""
    visible = visible_names(module)
    raised, home = outcome.raised or "Exception", outcome.module.split(".")[0]
    if hasattr(builtins, raised) or raised in visible:
        return Caught(name=raised)
    if home in visible:
        return Caught(name=f"{home}.{raised}")
    if any(isinstance(node, ast.ImportFrom) and node.module == home for node in module.tree.body):
        return Caught(name=raised, imported_from=home)
    return Caught(name=next((kind for kind in outcome.kinds if hasattr(builtins, kind)), "Exception"))


def clear_error(wish: Expectation, trouble: Trouble, outcome: Outcome, layout: Layout) -> Raised:
    """The exception that is wanted, wherever it comes from, with a message that names the culprit."""
    name = wish.exception
    message = _message(wish, trouble, outcome)
    own = layout.module_name(trouble.module.path)
    statement = f"raise {name}({message})"
    if name == "SystemExit":
        return Raised(
            statement=f"raise SystemExit({wish.message or 1})", module="builtins", message=wish.message
        )
    if hasattr(builtins, name):
        return Raised(statement=statement, module="builtins", message=wish.message)
    if name in visible_names(trouble.module):
        home = _home(trouble.module, name) or own
        return Raised(statement=statement, module=home, message=wish.message)
    found = layout.index.class_named(name, near=trouble.module.path)
    if found:
        home = layout.module_name(found[0].path)
        return Raised(statement=statement, module=home, imported_from=home, message=wish.message)
    base = next((kind for kind in outcome.kinds if hasattr(builtins, kind)), "Exception")
    base = (
        "ValueError" if base in {"TypeError", "AttributeError", "IndexError", "ZeroDivisionError"} else base
    )
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Error").removesuffix("Exception")).lower()
    definition = f'class {name}({base}):\n    """Raised for {words or "bad"} input."""\n\n\n'
    return Raised(statement=statement, module=own, definition=definition, message=wish.message)


def visible_names(module: Module) -> frozenset[str]:
    """Names bound at the top of a module."""
    names: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(names)


def _home(module: Module, name: str) -> str | None:
    """The module that a name was imported from."""
    for node in module.tree.body:
        if not isinstance(node, ast.ImportFrom) or node.level:
            continue
        if any((alias.asname or alias.name) == name for alias in node.names):
            return node.module
    return None


def _message(wish: Expectation, trouble: Trouble, outcome: Outcome) -> str:
    """Source of the message; a value of the example in it becomes the variable that held it."""
    variable, _ = _culprit(trouble, outcome)
    if not wish.message:
        words = trouble.cause.replace("_", " ")
        variable, label = (variable, _label(trouble)) if variable else (_only_input(trouble), words)
        return repr(words) if variable is None else f'f"{label}: {{{variable}!r}}"'
    if (text := templated(wish.message, trouble, outcome)) is not None:
        return text
    template = re.search(r"<(\w[\w ]*)>|\{(\w*)\}|\.\.\.$|…$", wish.message)
    if template and variable:
        return 'f"' + wish.message.replace(template.group(), f"{{{variable}}}").replace('"', "'") + '"'
    return repr(wish.message)


def _only_input(trouble: Trouble) -> str | None:
    """The one thing that the function was given, when it still has that name."""
    given = [each.arg for each in trouble.function.parameters if each.arg not in {"self", "cls"}]
    bound = {
        node.id
        for node in ast.walk(trouble.function.node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return given[0] if len(given) == 1 and given[0] not in bound else None


def templated(text: str, trouble: Trouble, outcome: Outcome) -> str | None:
    """An f-string for a text that repeats values of the example; None when it repeats none."""
    place = outcome.places[-1]
    held = dict(place.values) if trouble.function.name == place.name else {}
    # A single character is only taken for a variable's value where the crash itself showed it.
    found = [(name, shown) for name, shown in held.items() if len(shown) + shown.isdigit() > 1]
    found.sort(key=lambda item: -len(item[1]))
    variable, value = _culprit(trouble, outcome)
    if variable and value is not None:
        found.insert(0, (variable, str(value)))
    written = text.replace("{", "{{").replace("}", "}}")
    for name, shown in found:
        written = _with_variable(written, name, shown) if shown != text else written
    if written == text.replace("{", "{{").replace("}", "}}"):
        return None
    return 'f"' + written.replace('"', "'") + '"'


def _with_variable(text: str, name: str, shown: str) -> str:
    if f"{{{name}" in text:
        return text
    if repr(shown) in text:
        return text.replace(repr(shown), f"{{{name}!r}}", 1)
    return re.sub(rf"(?<![\w{{]){re.escape(shown)}(?![\w}}])", lambda _: f"{{{name}}}", text, count=1)


def _label(trouble: Trouble) -> str:
    if trouble.cause.endswith("_is_missing"):
        return "unknown " + _last_word(trouble) if isinstance(trouble.subject, ast.Name) else "missing key"
    return "invalid value" if trouble.cause == "invalid" else trouble.cause.replace("_", " ")


def _last_word(trouble: Trouble) -> str:
    return trouble.subject.id.replace("_", " ") if isinstance(trouble.subject, ast.Name) else "key"


def _culprit(trouble: Trouble, outcome: Outcome) -> tuple[str | None, object]:
    """The variable whose value the message of the crash shows, and that value."""
    quoted = re.findall(r"'([^']*)'", outcome.message)
    value: object = quoted[-1] if quoted and "NoneType" not in outcome.message else None
    if trouble.cause.endswith("_is_missing") and trouble.subject is not None:
        text = ast.unparse(trouble.subject)
        return (text if isinstance(trouble.subject, ast.Name | ast.Attribute | ast.Constant) else None), value
    if trouble.cause != "invalid" or not isinstance(trouble.whole, ast.Call) or not trouble.whole.args:
        return None, None
    argument = trouble.whole.args[0]
    is_plain = isinstance(argument, ast.Name | ast.Attribute) or (
        isinstance(argument, ast.Subscript) and last_name(argument.value) != ""
    )
    text = ast.unparse(argument)
    return (text if is_plain and '"' not in text and "'" not in text else None), value
