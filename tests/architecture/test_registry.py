"""One folder and one line make an agent; reading the registry stays cheap."""

import subprocess
import sys
from pathlib import Path

from agents.registry import AGENTS, NAMES

ROOT = Path(__file__).resolve().parents[2]


def test_every_agent_folder_is_registered_and_the_reverse() -> None:
    folders = {spec.parent.name for spec in (ROOT / "agents").glob("*/spec.py")}
    assert folders == set(NAMES)


def test_every_agent_is_known_by_its_folder_name() -> None:
    assert all(spec.name == name for name, spec in AGENTS.items())


def test_every_agent_has_the_same_files() -> None:
    wanted = {"spec.py", "contract.py", "agent.py", "prompt.md"}
    for name in NAMES:
        assert wanted <= {path.name for path in (ROOT / "agents" / name).iterdir()}, name


def test_reading_the_registry_loads_no_framework() -> None:
    heavy = "{'boto3', 'botocore', 'aws_cdk', 'strands', 'bedrock_agentcore', 'libcst'}"
    code = f"import sys, agents.registry; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
