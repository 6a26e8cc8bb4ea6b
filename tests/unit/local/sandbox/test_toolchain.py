"""The toolchain is made once, and made again when what it was made from changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.sandbox import toolchain


def test_a_toolchain_that_fits_is_left_alone(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "_uv", lambda *arguments: pytest.fail(f"ran uv {arguments}"))
    assert toolchain.ensure_toolchain(installed) == installed


def test_another_lock_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def uv(*arguments: str) -> None:
        calls.append(arguments[0])
        (tmp_path / "tools" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "tools" / "bin" / "python").touch()

    lock = tmp_path / "some.lock"
    monkeypatch.setattr(toolchain, "_uv", uv)
    monkeypatch.setattr(toolchain, "LOCK", lock)
    for content in ("one", "one", "two"):
        lock.write_text(content)
        toolchain.ensure_toolchain(tmp_path / "tools")
    assert calls == ["venv", "pip", "venv", "pip"]


def test_an_interrupted_one_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*arguments: str) -> None:
        (tmp_path / "tools" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "tools" / "bin" / "python").touch()
        if arguments[0] == "pip":
            raise KeyboardInterrupt

    calls: list[str] = []
    monkeypatch.setattr(toolchain, "_uv", killed)
    with pytest.raises(KeyboardInterrupt):
        toolchain.ensure_toolchain(tmp_path / "tools")
    monkeypatch.setattr(toolchain, "_uv", lambda *arguments: calls.append(arguments[0]))
    with pytest.raises(FileNotFoundError):  # This uv makes nothing, so there is no folder to stamp.
        toolchain.ensure_toolchain(tmp_path / "tools")
    assert calls == ["venv", "pip"]


def test_every_requirement_is_locked_with_hashes() -> None:
    wanted = {line for line in toolchain.LOCK.with_suffix(".in").read_text().splitlines() if line[:1] != "#"}
    locked = toolchain.LOCK.read_text()
    assert {name for name in wanted if f"\n{name}==" not in f"\n{locked}"} == set()
    assert "--hash=sha256:" in locked
    assert "://" not in locked
