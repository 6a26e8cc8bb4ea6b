"""Replaces functions of the one pinned ministack, and fails loudly when it is another."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType

from local.aws.configuration import MINISTACK_VERSION


class UnexpectedMinistack(RuntimeError):
    """The installed ministack is not the one that the extensions were written against."""


def require_pinned_version() -> None:
    """Refuse to extend any other release."""
    installed = version("ministack")
    if installed != MINISTACK_VERSION:
        raise UnexpectedMinistack(
            f"ministack {installed} is installed but the extensions are written against "
            f"{MINISTACK_VERSION}; recreate the environment from requirements.lock"
        )


def replace(modules: list[ModuleType], name: str, function: Callable[..., object]) -> None:
    """Put `function` in the place of `name` in every module that has its own reference to it."""
    for module in modules:
        if not callable(getattr(module, name, None)):
            raise UnexpectedMinistack(f"{module.__name__} has no function {name} to replace")
        setattr(module, name, function)


def rewrite(module: ModuleType, name: str, *, old: str, new: str) -> None:
    """Recompile one function with `old` replaced by `new`, for changes in the middle of a long body."""
    source = textwrap.dedent(inspect.getsource(getattr(module, name)))
    if source.count(old) != 1:
        raise UnexpectedMinistack(
            f"{module.__name__}.{name} holds {source.count(old)} times {old!r}, not once"
        )
    code = compile(source.replace(old, new), f"<{module.__name__}.{name} rewritten>", "exec")
    exec(code, module.__dict__)
