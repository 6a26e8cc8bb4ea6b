"""Puts messages together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from notices.recipients import Channel, Recipient
from notices.wording import UNSUBSCRIBE_HINT, closing, greeting

SMS_LENGTH = 160
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class MissingValue(LookupError):
    """A template names a value that was not given."""


@dataclass(frozen=True)
class Message:
    recipient: Recipient
    subject: str
    body: str

    @property
    def parts(self) -> list[str]:
        """What is really sent: an e-mail in one piece, a text message in numbered ones."""
        if self.recipient.channel is Channel.EMAIL or len(self.body) <= SMS_LENGTH:
            return [self.body]
        return number_parts(split_words(self.body, SMS_LENGTH - len("(99/99) ")))


def compose(
    template: str, values: Mapping[str, object], *, recipient: Recipient, marketing: bool = False
) -> Message:
    """Fill in a template whose first line is the subject."""
    subject, _, body = fill_in(template, values).partition("\n")
    paragraphs = [greeting(recipient), body.strip(), closing(recipient)]
    if marketing:
        paragraphs.append(UNSUBSCRIBE_HINT)
    return Message(recipient, subject.strip(), "\n\n".join(paragraphs))


def fill_in(template: str, values: Mapping[str, object]) -> str:
    """Replace {{ name }} by its value."""

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise MissingValue(f"the template needs a value for {name!r}")
        return str(values[name])

    return PLACEHOLDER.sub(value_of, template)


def split_words(text: str, length: int) -> list[str]:
    """Pieces of at most `length` characters, broken between words where possible."""
    pieces = [""]
    for word in text.split():
        while len(word) > length:
            pieces.append(word[:length])
            word = word[length:]
        candidate = f"{pieces[-1]} {word}".strip()
        if len(candidate) <= length:
            pieces[-1] = candidate
        else:
            pieces.append(word)
    return [piece for piece in pieces if piece]


def number_parts(pieces: list[str]) -> list[str]:
    return [f"({number}/{len(pieces)}) {piece}" for number, piece in enumerate(pieces, start=1)]
