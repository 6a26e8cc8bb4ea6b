"""Local means local."""

import pytest

from local.supervisor.loopback import (
    NotLoopback,
    aws_environment,
    check_environment,
    clean_environment,
    require_loopback,
)

REAL = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "GITHUB_TOKEN": "ghp_x",
    "OPENAI_API_KEY": "sk-x",
    "PATH": "/bin",
}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost:80/x", "http://[::1]:9"])
def test_this_machine_is_accepted(url: str) -> None:
    assert require_loopback("X", url) == url


@pytest.mark.parametrize(
    "url", ["https://sts.amazonaws.com", "http://127.0.0.1.example.com", "http://10.0.0.1", "not a url"]
)
def test_any_other_host_is_refused_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(NotLoopback, match="MY_SETTING"):
        require_loopback("MY_SETTING", url)


def test_an_endpoint_override_to_aws_stops_the_laptop_before_it_starts() -> None:
    with pytest.raises(NotLoopback, match="AWS_ENDPOINT_URL_S3"):
        check_environment({"AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com"})


def test_no_credential_of_the_caller_reaches_a_child() -> None:
    assert clean_environment(REAL) == {"PATH": "/bin"}


def test_a_child_can_only_find_the_emulator() -> None:
    child = aws_environment("http://127.0.0.1:4566", REAL)
    assert child["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert child["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert "AWS_PROFILE" not in child
    assert "AWS_SESSION_TOKEN" not in child
    assert child["AWS_EC2_METADATA_DISABLED"] == "true"
