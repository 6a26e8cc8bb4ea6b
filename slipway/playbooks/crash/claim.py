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

    `about` are the words that lead to the value, such as "a discount of".
    """

    wish: Wish
    value: str = ""
    exception: str = ""
    message: str = ""
    loose: bool = False
    about: str = field(default="", compare=False)

    def __str__(self) -> str:
        """A phrase for plans and reasons."""
        match self.wish:
            case Wish.RETURN | Wish.RESULT:
                return f"the result is {self.value}"
            case Wish.TREAT_AS:
                return f"the missing value counts as {self.value}"
            case Wish.RAISE:
                return f"{self.exception} is raised" + (f" saying {self.message!r}" if self.message else "")
            case Wish.SKIP:
                return "blank entries are skipped" if self.value else "the bad entry is skipped"


@dataclass(frozen=True, kw_only=True)
class Example:
    """Code from the ticket that ends in one expression, with the result shown for it, if any."""

    expression: str
    statements: tuple[str, ...] = ()
    expected: str | None = None


@dataclass(frozen=True, kw_only=True)
class CrashClaim:
    """Everything a crash ticket says.

    `names` are identifiers it mentions, `wished` those in sentences about what should be, `texts` its
    literals and quotes, `documents` the input files it quotes.
    """

    crash: Crash
    expectations: tuple[Expectation, ...] = ()
    examples: tuple[Example, ...] = ()
    names: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    prose: str = ""
