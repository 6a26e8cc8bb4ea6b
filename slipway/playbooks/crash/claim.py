"""What a crash ticket says, as data: the traceback, the behaviour asked for, the examples given."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One line of a traceback; a part that the ticket does not show is None."""

    path: str
    line: int | None = None
    function: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Crash:
    """An exception and the frames it passed, outermost first."""

    exception: str
    message: str = ""
    frames: tuple[Frame, ...] = ()


INPUT = "<input>"
"""Stands for the value that the function was given."""

ABSENT = "<absent>"
"""Stands for no value at all: a key, variable or argument that is not there."""

_SAID = {INPUT: "the input as it is", ABSENT: "one that is not there"}


class Wish(StrEnum):
    """The kinds of behaviour that a ticket asks for instead of a crash.

    RETURN is a rule ("an empty list gives 0"); RESULT is what one example gives, and its rule must be found.
    """

    RETURN = "return"
    RESULT = "result"
    TREAT_AS = "treat_as"
    RAISE = "raise"
    SKIP = "skip"


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One wish; `value` is Python source, `loose` says that it may mean a part of the result.

    `refers` are words for a value that the code knows ("the default zone") and that must be found there;
    `same` says that `value` is another input that already behaves as wanted; `warns` that it is also to be
    logged, `is_part` that the result must show the value. `about` are the words that lead to the value, such
    as "a discount of", `subject` those before.
    """

    wish: Wish
    value: str = ""
    refers: str = ""
    same: bool = False
    warns: bool = False
    is_part: bool = False
    exception: str = ""
    message: str = ""
    loose: bool = False
    about: str = field(default="", compare=False)
    subject: str = field(default="", compare=False)
    sentence: str = field(default="", compare=False)

    def __str__(self) -> str:
        """A phrase for plans and reasons."""
        value = _SAID.get(self.value, self.value) or f"what the code knows as “{self.refers}”"
        match self.wish:
            case Wish.RETURN | Wish.RESULT:
                return f"the result is {value}"
            case Wish.TREAT_AS if self.same:
                return f"it is handled like {value}"
            case Wish.TREAT_AS:
                return f"the missing value counts as {value}"
            case Wish.RAISE:
                return f"{self.exception} is raised" + (f" saying {self.message!r}" if self.message else "")
            case Wish.SKIP:
                what = "blank entries are" if self.value else "the bad entry is"
                return f"{what} skipped" + (" with a warning" if self.warns else "")


@dataclass(frozen=True, kw_only=True)
class Example:
    """Code from the ticket that ends in one expression, with the result shown for it, if any.

    Where the ticket gives only an input, `argument` is that and the expression is empty.
    """

    expression: str
    statements: tuple[str, ...] = ()
    expected: str | None = None
    argument: str = ""


@dataclass(frozen=True, kw_only=True)
class CrashClaim:
    """Everything a crash ticket says.

    `names` are identifiers it mentions, `wished` those in sentences about what should be, `texts` its
    literals and quotes, `documents` the input files it quotes, `unread` sentences that want something that
    the rules do not understand.
    """

    crash: Crash
    expectations: tuple[Expectation, ...] = ()
    examples: tuple[Example, ...] = ()
    names: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    prose: str = ""
