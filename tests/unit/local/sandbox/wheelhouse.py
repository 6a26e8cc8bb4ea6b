"""A folder of tiny wheels that stands for a package index, so that no test needs a network."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


def add_wheel(folder: Path, name: str, version: str, *, needs: tuple[str, ...] = ()) -> Path:
    """A wheel with one module that knows its version, and a program `<name>-tool` that prints it."""
    about = f"{name}-{version}.dist-info"
    requires = "".join(f"Requires-Dist: {text}\n" for text in needs)
    files = {
        f"{name}.py": f"__version__ = {version!r}\ndef main():\n    print({name!r}, __version__)\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{name}-tool = {name}:main\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


def serve(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Make uv find wheels in the folder and nowhere else; returns the folder of the wheels."""
    wheels = folder / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_CACHE_DIR", str(folder / "cache"))
    monkeypatch.setenv("UV_LINK_MODE", "copy")
    return wheels


def unplug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no index answer: the only one that is named refuses connections."""
    monkeypatch.delenv("UV_NO_INDEX", raising=False)
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
