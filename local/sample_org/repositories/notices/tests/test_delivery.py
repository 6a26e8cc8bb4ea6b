from notices.delivery import TransportDown, deliver
from notices.messages import Message
from notices.recipients import Recipient


class FlakyTransport:
    """Fails so many times for each address before it works."""

    def __init__(self, failures: dict[str, int]) -> None:
        self.failures = failures
        self.sent: list[str] = []

    def __call__(self, address: str, text: str) -> None:
        if self.failures.get(address, 0) > 0:
            self.failures[address] -= 1
            raise TransportDown(address)
        self.sent.append(address)


def a_message(address: str) -> Message:
    return Message(Recipient("Someone", address), "Subject", "Body")


def test_a_failure_is_tried_again_with_growing_pauses() -> None:
    transport, pauses = FlakyTransport({"a": 2}), []
    report = deliver([a_message("a")], transport=transport, pause=pauses.append)
    assert (report.delivered, pauses) == (1, [2.0, 4.0])


def test_one_failure_does_not_hold_up_the_others() -> None:
    transport = FlakyTransport({"a": 99})
    report = deliver(
        [a_message("a"), a_message("b")], transport=transport, pause=lambda _seconds: None
    )
    assert (report.given_up, transport.sent) == (["a"], ["b"])
