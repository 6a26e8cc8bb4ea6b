import pytest

from notices.messages import Message, MissingValue, compose, fill_in, split_words
from notices.recipients import Channel, Recipient
from notices.wording import UNSUBSCRIBE_HINT, closing, greeting

ADA = Recipient("Ada Lovelace", "ada@example.com")
TEMPLATE = "Order {{ number }}\nYour order {{number}} is on its way."


def test_a_message_is_put_together() -> None:
    message = compose(TEMPLATE, {"number": 17}, recipient=ADA)
    assert message.subject == "Order 17"
    assert message.body == "Hello Ada,\n\nYour order 17 is on its way.\n\nYour Acme team"


def test_marketing_says_how_to_end_it() -> None:
    message = compose(TEMPLATE, {"number": 17}, recipient=ADA, marketing=True)
    assert message.body.endswith("Reply STOP to end these messages.")
    assert UNSUBSCRIBE_HINT in message.body


def test_a_missing_value_is_named() -> None:
    with pytest.raises(MissingValue, match="number"):
        fill_in(TEMPLATE, {})


@pytest.mark.parametrize(
    ("locale", "first", "last"),
    [("de", "Guten Tag Ada,", "Ihr Acme-Team"), ("fr", "Bonjour Ada,", "Votre équipe Acme")],
)
def test_messages_speak_the_recipient_s_language(locale: str, first: str, last: str) -> None:
    recipient = Recipient("Ada Lovelace", "ada@example.com", locale=locale)
    assert (greeting(recipient), closing(recipient)) == (first, last)


def test_a_nameless_recipient_is_a_customer() -> None:
    assert greeting(Recipient(" ", "x@example.com")) == "Hello customer,"


def test_a_long_text_message_comes_in_numbered_parts() -> None:
    recipient = Recipient("Ada", "+4917012345", Channel.SMS)
    parts = Message(recipient, "", "word " * 60).parts
    assert [part[:6] for part in parts] == ["(1/2) ", "(2/2) "]
    assert all(len(part) <= 160 for part in parts)


def test_an_e_mail_comes_in_one_piece() -> None:
    assert len(Message(ADA, "", "word " * 60).parts) == 1


def test_words_that_are_too_long_are_cut() -> None:
    assert split_words("a bbbbbbb c", 3) == ["a", "bbb", "bbb", "b c"]
