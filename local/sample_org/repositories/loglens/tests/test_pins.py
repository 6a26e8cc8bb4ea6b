"""What pyproject.toml asks for and what constraints.txt pins must be the same versions."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)$")


def pins(lines: list[str]) -> dict[str, str]:
    found = [PIN.match(line.strip()) for line in lines]
    return {match["name"]: match["version"] for match in found if match}


def test_pins_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = pins(project["dependencies"])
    assert wanted.items() <= pins((ROOT / "constraints.txt").read_text().splitlines()).items()
