"""What a repository needs is read from each of the usual files, and never by running one."""

from __future__ import annotations

import pytest

from local.sandbox.manifest_paths import is_manifest
from local.sandbox.manifests import declared, project_name
from local.sandbox.poetry_constraints import poetry_requirements, specifier

PYPROJECT = """
[project]
name = "Shop_Front"
dependencies = ["requests>=2", "shop-front[test]", "acme-pricing", "pip"]
[project.optional-dependencies]
test = ["freezegun"]
docs = ["sphinx"]
[dependency-groups]
dev = ["black", {include-group = "more"}]
more = ["isort", {include-group = "dev"}]
release = ["twine"]
"""


def needed(**files: str) -> tuple[str, ...]:
    return declared({name.replace("__", "."): text for name, text in files.items()}).requirements


def test_a_project_declares_what_it_imports_and_its_development_extras_and_groups() -> None:
    need = declared({"pyproject.toml": PYPROJECT}, ours=["acme.pricing"])
    assert need.requirements == ("black", "freezegun", "isort", "requests>=2")
    assert project_name({"pyproject.toml": PYPROJECT}) == "shop-front"


def test_poetry_and_uv_declare_in_tables_of_their_own() -> None:
    text = """
    [tool.poetry]
    name = "shop"
    [tool.poetry.dependencies]
    python = "^3.11"
    click = "^8.1"
    pricing = {path = "../pricing"}
    [tool.poetry.dev-dependencies]
    mock = "*"
    [tool.poetry.group.dev.dependencies]
    black = {version = "24.1", extras = ["d"], python = ">=3.9,<4"}
    [tool.poetry.group.docs.dependencies]
    sphinx = "*"
    [tool.uv]
    dev-dependencies = ["nox"]
    """
    marker = 'python_version >= "3.9" and python_version < "4"'
    assert needed(pyproject__toml=text) == (f"black[d]==24.1; {marker}", "click<9,>=8.1", "mock", "nox")


def test_poetry_keeps_the_newest_of_alternatives() -> None:
    listed = poetry_requirements(
        {"numpy": [{"version": "^1"}, {"version": "^2 || ^3", "markers": "'a'=='a'"}]}
    )
    assert list(listed) == ["numpy>=1,<2", "numpy>=3,<4 ; ('a'=='a')"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("^1.2", ">=1.2,<2"),
        ("^0.3.1", ">=0.3.1,<0.4"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.4", "~=1.4"),
        ("1.4", "==1.4"),
        ("=1.0", "==1.0"),
        ("1.*", "==1.*"),
        ("*", ""),
        (">=1 <2", ">=1,<2"),
        ("!=1.5", "!=1.5"),
        ("===1.5", "===1.5"),
    ],
)
def test_constraints_of_poetry_become_specifiers(written: str, meant: str) -> None:
    assert specifier(written) == meant


def test_setup_files_are_read_without_running_them() -> None:
    code = (
        "import no_such_module\nsetup(install_requires=['a>1'], extras_require={'dev': ['b'], 'docs': ['c']})"
    )
    cfg = "[metadata]\nname = shop\n[options]\ninstall_requires =\n  d\n"
    cfg += "[options.extras_require]\ntest = e\nx = f\n"
    assert needed(setup__py=code, setup__cfg=cfg) == ("a>1", "b", "d", "e")


def test_requirements_files_keep_names_and_pins_and_nothing_else() -> None:
    text = (
        "# tools\n-r base.txt\n--index-url http://x\n-e .\n./lib\nclick==8.1.7 --hash=sha256:0 # why\n"
        "six ; python_version < '3' \\\n  and os_name == 'x'\nhttp://x/y.whl\nlib @ git+https://x/y\n"
    )
    need = declared({"requirements-dev.txt": text})
    assert [line.split(";")[0] for line in need.requirements] == ["click==8.1.7", "six"]
    assert need.left_out == ("lib @ git+https://x/y",)


def test_constraints_limit_versions_and_ask_for_nothing() -> None:
    need = declared({"constraints.txt": "click==8\n", "requirements.txt": "click\n"})
    assert (need.requirements, need.constraints) == (("click",), ("click==8",))


def test_what_a_workflow_installs_by_name_is_needed() -> None:
    text = """
      - run: python -m pip install --upgrade pip
      - run: |
          pip install flake8 'pytest>=7' -r requirements.txt && pip install .[test]
          pip install $EXTRA
    """
    assert declared({".github/workflows/ci.yml": text}).requirements == ("flake8", "pytest>=7")


def test_of_a_dependency_only_what_its_code_imports_counts() -> None:
    prefix = ".slipway-deps/pricing"
    manifests = {
        "pyproject.toml": '[project]\nname="orders"\ndependencies=["acme-pricing"]',
        f"{prefix}/pyproject.toml": (
            '[project]\nname="acme-pricing"\ndependencies=["attrs"]\n[dependency-groups]\ndev=["black"]'
        ),
        f"{prefix}/.github/workflows/ci.yml": "run: pip install flake8",
    }
    assert declared(manifests).requirements == ("attrs",)


def test_broken_files_declare_nothing() -> None:
    assert needed(pyproject__toml="[", setup__py="(", setup__cfg="nothing") == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pyproject.toml", True),
        ("requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements/test.txt", True),
        ("constraints.txt", True),
        (".github/workflows/ci.yml", True),
        (".slipway-deps/pricing/pyproject.toml", True),
        ("docs/pyproject.toml", False),
        ("README.txt", False),
        ("tests/setup.py", False),
    ],
)
def test_manifests_are_known_by_their_path(path: str, expected: bool) -> None:
    assert is_manifest(path) is expected
