from __future__ import annotations

import json
from pathlib import Path

from local.aws.snapshots import Snapshots


def encode(name: str, state: object) -> str:
    return json.dumps(state)


def test_only_changed_services_are_written(tmp_path: Path) -> None:
    states: dict[str, object] = {"sqs": [1], "sns": [2]}
    services = {"sqs": lambda: states["sqs"], "sns": lambda: states["sns"]}
    snapshots = Snapshots(tmp_path)
    assert snapshots.save(services, encode=encode) == ["sqs", "sns"]
    states["sns"] = [3]
    assert snapshots.save(services, encode=encode) == ["sns"]
    assert (tmp_path / "sns.json").read_text() == "[3]"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sns.json", "sqs.json"]


def test_state_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    attempts = iter([RuntimeError("dictionary changed size during iteration"), None])

    def state() -> object:
        if (failure := next(attempts)) is not None:
            raise failure
        return "whole"

    assert Snapshots(tmp_path).save({"sqs": state}, encode=encode) == ["sqs"]


def test_state_that_never_holds_still_keeps_the_last_file(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    snapshots.save({"sqs": lambda: "good"}, encode=encode)

    def state() -> object:
        raise RuntimeError("dictionary changed size during iteration")

    assert snapshots.save({"sqs": state}, encode=encode) == []
    assert (tmp_path / "sqs.json").read_text() == '"good"'
