"""The caller's AWS settings do not exist for the laptop."""

import pytest

from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.loopback import NotLoopback


def test_a_profile_and_keys_of_the_caller_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-is-not-there")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    client = emulator_session().client("s3", endpoint_url=checked("http://127.0.0.1:4566"))
    credentials = emulator_session().get_credentials()
    assert credentials is not None
    assert credentials.access_key == "000000000000"
    assert (client.meta.region_name, client.meta.endpoint_url) == ("eu-west-1", "http://127.0.0.1:4566")
    client.close()


def test_an_emulator_elsewhere_is_refused() -> None:
    with pytest.raises(NotLoopback):
        checked("https://sts.amazonaws.com")
