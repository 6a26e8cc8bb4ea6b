from __future__ import annotations

from pathlib import Path

import pytest

from local.aws.configuration import Configuration, InvalidConfiguration, without_cloud_settings


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    configuration = Configuration.from_environment(
        {
            "SLIPWAY_EMULATOR_PORT": "4601",
            "SLIPWAY_STATE_DIR": str(tmp_path),
            "SLIPWAY_GATEWAY_URL": "http://127.0.0.1:8/",
            "AWS_REGION": "eu-central-1",
        }
    )
    assert configuration.endpoint_url == "http://127.0.0.1:4601"
    assert configuration.gateway_url == "http://127.0.0.1:8"
    variables = configuration.ministack_environment()
    assert variables["BIND_HOST"] == "127.0.0.1"
    assert variables["MINISTACK_REGION"] == "eu-central-1"
    assert variables["STATE_DIR"].startswith(str(tmp_path))


def test_a_port_that_is_no_number_is_named() -> None:
    with pytest.raises(InvalidConfiguration, match="SLIPWAY_EMULATOR_PORT='many'"):
        Configuration.from_environment({"SLIPWAY_EMULATOR_PORT": "many"})


def test_the_overlay_is_read_afresh(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.json"
    configuration = Configuration.from_environment({"SLIPWAY_OVERLAY": str(overlay)})
    assert configuration.overlay("agent") == {}
    overlay.write_text('{"agent": {"N": 1}}')
    assert configuration.overlay("agent") == {"N": "1"}
    assert configuration.overlay("lambda") == {}


def test_an_unreadable_overlay_is_named(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.json"
    overlay.write_text("[]")
    with pytest.raises(InvalidConfiguration, match=r"overlay\.json"):
        Configuration.from_environment({"SLIPWAY_OVERLAY": str(overlay)}).overlay("agent")


def test_nothing_that_leads_to_a_real_account_is_kept() -> None:
    kept = without_cloud_settings(
        {
            "AWS_PROFILE": "prod",
            "AWS_SESSION_TOKEN": "t",
            "AWS_ENDPOINT_URL": "https://x",
            "HTTPS_PROXY": "http://p",
            "HOME": "/home/me",
        }
    )
    assert {name for name in kept if name.startswith("AWS_")} == {
        "AWS_CONFIG_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_SHARED_CREDENTIALS_FILE",
    }
    assert kept["HOME"] == "/home/me"
    assert "HTTPS_PROXY" not in kept
