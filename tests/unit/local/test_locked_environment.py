"""A locked environment is trusted only when its stamp is the lock's."""

from __future__ import annotations

from pathlib import Path

from local.locked_environment import STAMP, LockedEnvironment


def test_an_environment_without_the_locks_stamp_is_not_ready(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("")
    environment = LockedEnvironment(lock=lock, directory=tmp_path / "environment")
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    assert not environment.is_ready()
    (environment.directory / STAMP).write_text("another lock")
    assert not environment.is_ready()


def test_an_environment_of_another_lock_is_made_again(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("")
    environment = LockedEnvironment(lock=lock, directory=tmp_path / "environment")
    environment.ensure()
    assert environment.is_ready()
    lock.write_text("# changed\n")
    assert not environment.is_ready()
    environment.ensure()
    assert environment.is_ready()
