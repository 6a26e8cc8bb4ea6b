from __future__ import annotations

import pytest

from tests.emulator.emulator_process import Emulator
from tests.emulator.functions import ensure_function, invoke

pytestmark = pytest.mark.emulator


def test_an_event_beyond_the_limit_is_refused(emulator: Emulator) -> None:
    ensure_function(emulator, "limits")
    client = emulator.client("lambda")
    with pytest.raises(client.exceptions.RequestTooLargeException):
        invoke(emulator, "limits", {"filler": "x" * 6_400_000})


def test_an_answer_beyond_the_limit_is_an_error(emulator: Emulator) -> None:
    ensure_function(emulator, "large", source="def handler(e, c): return 'x' * 6_400_000\n")
    payload, error = invoke(emulator, "large", {})
    assert (error, payload["errorType"]) == ("Unhandled", "Function.ResponseSizeTooLarge")


def test_an_answer_that_is_no_json_is_an_error(emulator: Emulator) -> None:
    ensure_function(emulator, "unmarshallable", source="def handler(e, c): return {1, 2}\n")
    payload, error = invoke(emulator, "unmarshallable", {})
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.MarshalError")
