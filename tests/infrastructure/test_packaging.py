"""An asset changes exactly when something that goes into it does."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from stacks.packaging import sources
from stacks.packaging.archive import Entry, write
from stacks.packaging.bundles import PlaceholderBundles
from stacks.packaging.dependencies import AGENTS, LAMBDAS, compile_tree, locked_requirements
from stacks.packaging.pruning import AWS_SERVICES, prune
from stacks.packaging.target import AWS, UnknownTarget, host, target

ROOT = Path(__file__).resolve().parents[2]
AGENT_NAMES = ("planner", "reviewer")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout of the project's shape."""
    for path, text in {
        "slipway/__init__.py": "",
        "slipway/domain/task.py": "STATE = 1\n",
        "slipway/agentkit/app.py": "APP = 1\n",
        "slipway/playbooks/crash.py": "CRASH = 1\n",
        "lambdas/__init__.py": "",
        "lambdas/health/handler.py": "def handler(): ...\n",
        "agents/__init__.py": "",
        "agents/main.py": "print('agent')\n",
        "agents/registry.py": "NAMES = ('planner', 'reviewer')\n",
        **{
            f"agents/{name}/{file}": f"{name} {file}\n"
            for name in AGENT_NAMES
            for file in ("__init__.py", "spec.py", "contract.py", "agent.py", "prompt.md")
        },
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def digests(checkout: Path) -> dict[str, str]:
    return {
        "functions": sources.digest(sources.lambda_sources(checkout)),
        **{name: sources.digest(sources.agent_sources(checkout, name)) for name in AGENT_NAMES},
    }


def changed_by(checkout: Path, path: str) -> set[str]:
    before = digests(checkout)
    with (checkout / path).open("a") as file:
        file.write("changed\n")
    after = digests(checkout)
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("agents/planner/prompt.md", {"planner"}),
        ("agents/planner/agent.py", {"planner"}),
        ("agents/planner/contract.py", {"planner", "functions"}),
        ("agents/registry.py", {"functions"}),
        ("agents/main.py", {"planner", "reviewer"}),
        ("lambdas/health/handler.py", {"functions"}),
        ("slipway/agentkit/app.py", {"planner", "reviewer"}),
        ("slipway/playbooks/crash.py", {"planner", "reviewer"}),
        ("slipway/domain/task.py", {"planner", "reviewer", "functions"}),
    ],
)
def test_a_change_touches_only_the_assets_it_goes_into(checkout: Path, path: str, touched: set[str]) -> None:
    assert changed_by(checkout, path) == touched


def test_bytecode_and_stray_files_change_nothing(checkout: Path) -> None:
    before = digests(checkout)
    (checkout / "slipway" / "__pycache__").mkdir()
    (checkout / "slipway" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"x")
    (checkout / "agents" / "planner" / "notes.txt~").write_text("x")
    assert digests(checkout) == before


def test_an_agent_starts_from_main_at_the_root_of_its_asset(checkout: Path) -> None:
    entries = {entry.path: entry.source for entry in sources.agent_sources(checkout, "planner")}
    assert entries["main.py"] == checkout / "agents" / "main.py"
    assert "agents/planner/prompt.md" in entries
    assert not [path for path in entries if path.startswith("agents/reviewer")]


def test_an_archive_depends_on_nothing_but_what_goes_in(checkout: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(checkout / "slipway", copy / "slipway")
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    write(first, sources.agent_sources(checkout, "planner"))
    entries = sources.agent_sources(checkout, "planner")
    write(second, reversed([Entry(each.path, _moved(each.source, checkout, copy)) for each in entries]))
    assert first.read_bytes() == second.read_bytes()


def _moved(source: Path, root: Path, copy: Path) -> Path:
    other = copy / source.relative_to(root)
    return other if other.exists() else source


def test_compiled_code_runs_without_its_source_being_asked(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "module.py").write_text("VALUE = 1\n")
    compile_tree(tree)
    (compiled,) = tree.rglob("*.pyc")
    # PEP 552: flags 0b01 mean a hash that is never checked against the source.
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"


def test_pruning_keeps_what_a_program_may_read(tmp_path: Path) -> None:
    for path in (
        "botocore/data/s3/service.json",
        "botocore/data/ec2/service.json",
        "botocore/data/endpoints.json",
        "package/module.py",
        "package/tests/test_module.py",
        "package-1.0.dist-info/METADATA",
        "package-1.0.dist-info/entry_points.txt",
        "package-1.0.dist-info/RECORD",
        "bin/package",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    prune(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == {
        "botocore/data/s3/service.json",
        "botocore/data/endpoints.json",
        "package/module.py",
        "package-1.0.dist-info/METADATA",
        "package-1.0.dist-info/entry_points.txt",
    }


# The command line runs from the whole environment, functions with Lambda's own botocore.
NOT_CALLED_BY_AGENTS = {
    "bedrock",
    "bedrock-agentcore-control",
    "cloudformation",
    "dynamodbstreams",
    "events",
    "kms",
    "lambda",
    "logs",
    "s3vectors",
    "service-quotas",
    "sqs",
    "ssm",
}


def test_every_aws_service_that_an_agent_may_call_survives_pruning() -> None:
    called = {
        service
        for module in (ROOT / "slipway").rglob("*.py")
        for service in re.findall(r"""client\(\s*["']([a-z0-9-]+)["']""", module.read_text())
    }
    assert called - NOT_CALLED_BY_AGENTS <= AWS_SERVICES


def test_the_starter_of_telemetry_finds_python_wherever_it_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("opentelemetry-instrument", "uvicorn"):
        (tmp_path / "bin" / name).write_text("#!/home/someone/.venv/bin/python\nrun()\n")
    prune(tmp_path)
    (script,) = (tmp_path / "bin").iterdir()
    assert script.read_text() == "#!/usr/bin/env python3\nrun()\n"
    assert script.stat().st_mode & 0o777 == 0o755


def test_agents_get_the_packages_of_a_provider_only_where_it_is_used() -> None:
    plain, wider = (locked_requirements(ROOT, each) for each in (AGENTS, AGENTS.extended(("openai",))))
    assert "openai==" not in plain
    assert "openai==" in wider
    assert "openai" in host().extras


def test_requirements_come_exact_and_hashed_from_the_lock() -> None:
    agents, functions = locked_requirements(ROOT, AGENTS), locked_requirements(ROOT, LAMBDAS)
    assert "strands-agents==" in agents
    assert "--hash=sha256:" in agents
    assert "strands" not in functions
    assert not [line for line in functions.splitlines() if line.startswith(("boto3==", "botocore=="))]


def test_the_cloud_gets_arm64_wheels_whatever_builds_them() -> None:
    assert target("aws") is AWS
    assert "aarch64-manylinux_2_28" in AWS.install_options
    assert target("host") == host()
    with pytest.raises(UnknownTarget, match="wheels='x86'"):
        target("x86")


def test_placeholders_are_empty_archives_with_a_name_of_their_own(tmp_path: Path) -> None:
    placeholders = PlaceholderBundles(tmp_path)
    assert placeholders.agent("planner").digest != placeholders.functions().digest
    with zipfile.ZipFile(placeholders.agent("planner").path) as bundle:
        assert bundle.namelist() == []
