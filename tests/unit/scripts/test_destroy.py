from __future__ import annotations

import pytest
from typer.testing import CliRunner

from scripts.cli import app
from scripts.deployment.losses import losses, slow_parts
from scripts.deployment.naming import footprint
from slipway.domain.errors import InvalidInput, PolicyRefused
from slipway.ports.account import HeldResource


def refused(*arguments: str) -> BaseException | None:
    return CliRunner().invoke(app, ["destroy", *arguments]).exception


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_an_environment_that_keeps_its_data_is_not_destroyed_by_mistake(environment: str) -> None:
    error = refused("--env", environment, "--confirm", environment)
    assert isinstance(error, PolicyRefused)
    assert "--really" in str(error)


def test_an_unknown_environment_is_refused_with_those_that_exist() -> None:
    error = refused("--env", "production")
    assert isinstance(error, InvalidInput)
    assert "dev, staging, prod" in str(error)


def test_the_laptop_holds_one_environment_only() -> None:
    error = refused("--env", "prod", "--really", "--laptop")
    assert isinstance(error, InvalidInput)
    assert "dev" in str(error)


def test_what_holds_data_is_told_by_type_before_it_is_lost() -> None:
    held = [
        HeldResource(kind="AWS::DynamoDB::Table", logical_id="Tasks", physical_id="tasks-1"),
        HeldResource(kind="AWS::DynamoDB::Table", logical_id="Chat", physical_id="chat-1"),
        HeldResource(kind="AWS::IAM::Role", logical_id="Role", physical_id="role-1"),
    ]
    [loss] = losses(held)
    assert loss.ids == ("tasks-1", "chat-1")


def test_what_takes_long_is_told_only_where_it_exists() -> None:
    table = HeldResource(kind="AWS::DynamoDB::Table", logical_id="Tasks", physical_id="tasks-1")
    edge = HeldResource(kind="AWS::CloudFront::Distribution", logical_id="Edge", physical_id="E1")
    assert slow_parts([table]) == {}
    assert list(slow_parts([table, edge])) == ["AWS::CloudFront::Distribution"]


def test_the_footprint_of_dev_touches_no_other_environment() -> None:
    dev, other = footprint("dev", ["discovery"]), footprint("dev2", ["discovery"])
    assert not any(name.startswith(dev.log_groups) for name in other.log_groups)
    assert not set(other.log_group_names) & set(dev.log_group_names)
    assert not any(name.startswith(dev.identities) for name in other.identities)
    assert not other.key_alias_prefix.startswith(dev.key_alias_prefix)
    assert not other.secret_prefix.startswith(dev.secret_prefix)
    assert not other.stack_prefix.startswith(dev.stack_prefix)
    assert not set(dev.runtimes) & set(other.runtimes)
