"""The dependency rule of CONTRIBUTING.md holds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANNED = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_module_has_a_name_that_says_nothing() -> None:
    roots = ("slipway", "agents", "lambdas", "stacks", "local", "scripts")
    named = {path for root in roots for path in (ROOT / root).rglob("*.py") if path.stem in BANNED}
    assert not {path for path in named if "sample_org" not in path.parts}


def test_lambda_handlers_stay_thin() -> None:
    long = {
        str(handler.relative_to(ROOT)): lines
        for handler in (ROOT / "lambdas").glob("*/handler.py")
        if (lines := len(handler.read_text().splitlines())) > 60
    }
    assert not long
