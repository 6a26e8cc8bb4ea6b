"""The words of our messages, by language."""

from __future__ import annotations

from notices.recipients import Recipient

GREETINGS = {"en": "Hello {name},", "de": "Guten Tag {name},", "fr": "Bonjour {name},"}
CLOSINGS = {"en": "Your Acme team", "de": "Ihr Acme-Team", "fr": "Votre équipe Acme"}
UNSUBSCRIBE_HINT = "Reply STOP to end these messages."


def greeting(recipient: Recipient) -> str:
    """The first line of a message, in the recipient's language."""
    return GREETINGS[recipient.locale].format(name=recipient.first_name or "customer")


def closing(recipient: Recipient) -> str:
    """The last line of a message, in English where we lack the language."""
    return CLOSINGS.get(recipient.locale, CLOSINGS["en"])
