"""A repository's own file is checked kindly; without one, its files show how to work in it."""

from __future__ import annotations

import pytest

from slipway.domain.errors import InvalidInput
from slipway.domain.repository_config import RepositoryConfig, detect, parse, repository_config

PYPROJECT = """
[project]
name = "shop"
dependencies = ["prices @ git+https://github.com/acme/prices.git@main"]
[tool.ruff]
line-length = 100
[tool.ruff.format]
quote-style = "double"
[tool.mypy]
strict = true
"""
WORKFLOW = """
jobs:
  test:
    steps:
      - uses: actions/checkout@v4
        with:
          repository: acme/rates
          path: .deps/rates
      - run: ruff check src tests
      - run: |
          mypy --strict src
          pytest -q
"""


def test_a_full_file_is_read() -> None:
    config = parse(
        "version: 1\ntest: [pytest -q, mypy src]\nlint: ruff check .\nsource: src\n"
        "depends_on: [acme/prices]\nprotected: [migrations]\nbranch: fix/{ticket_id}-{slug}\n"
        "conventions: Say why.\n"
    )
    assert config.test == ("pytest -q", "mypy src")
    assert config.lint == ("ruff check .",)
    assert config.source == ("src",)
    assert config.branch == "fix/{ticket_id}-{slug}"
    assert config.conventions == ("Say why.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 1\ntests_: x\n", r"line 2, tests_: unknown key; did you mean 'tests'\?"),
        ("zzz: 1\n", "line 1, zzz: unknown key; there are version, test"),
        ("version: 2\n", r"line 1, version: Input should be 1"),
        ("depends_on:\n  - acme/a\n  - prices\n", r"line 3, depends_on\[1\]: must be owner/name"),
        ("source: ../up\n", r"line 1, source\[0\]: '../up' must be a path inside the repository"),
        ("test: ''\n", r"line 1, test\[0\]: a command must not be empty"),
        ("branch: '{slug}'\n", "line 1, branch: must contain {ticket_id}"),
        ("branch: '{ticket_id}/{who}'\n", "unknown placeholder {who}; there are {slug}, {ticket_id}"),
        ("branch: 'a b {ticket_id}'\n", "cannot be the name of a git branch"),
        ("test: [a\n", "line 2: not valid YAML"),
        ("- a\n", "line 1: must be a mapping"),
        ("", "line 1: must be a mapping"),
        ("test: &a x\nlint: *a\n", "aliases"),
        ("test: !!python/object/apply:os.system [id]\n", "not valid YAML"),
        ("#" * 40_000, "at most 32000"),
    ],
)
def test_a_mistake_is_named_with_line_and_field(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        parse(text)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"line 1, version.*line 2, zzz"):
        parse("version: 3\nzzz: 1\n")


def test_python_is_detected_from_its_manifest_and_workflow() -> None:
    config = detect(
        {
            "pyproject.toml": PYPROJECT,
            ".github/workflows/ci.yml": WORKFLOW,
            "src/shop/__init__.py": "",
            "tests/test_shop.py": "",
        }
    )
    assert config == RepositoryConfig(
        test=("python -m pytest -q",),
        lint=("ruff check src tests",),
        format=("ruff format --check .",),
        types=("mypy --strict src",),
        fix=("ruff check --fix .", "ruff format ."),
        source=("src",),
        tests=("tests",),
        depends_on=("acme/rates", "acme/prices"),
    )


def test_a_flat_package_is_imported_from_the_root() -> None:
    config = detect(
        {"shop/__init__.py": "", "shop/cart.py": "", "test/test_cart.py": "", "setup.cfg": "[mypy]\n"}
    )
    assert (config.source, config.tests, config.types) == (("shop",), ("test",), ("mypy shop",))
    assert config.environment() == {"PYTHONPATH": "."}


def test_single_modules_with_tests_beside_them_are_detected() -> None:
    config = detect({"tool.py": "", "test_tool.py": ""})
    assert (config.source, config.tests, config.test) == ((".",), (".",), ("python -m pytest -q",))


def test_declared_test_folders_win() -> None:
    ini = {"setup.cfg": "[tool:pytest]\ntestpaths = checks more\n", "tests/a.py": ""}
    toml = {"pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["checks"]\n', "tests/a.py": ""}
    assert detect(ini).tests == ("checks", "more")
    assert detect(toml).tests == ("checks",)


def test_broken_manifests_show_nothing_and_break_nothing() -> None:
    config = detect({"pyproject.toml": "[", "setup.cfg": "x", "a.py": ""})
    assert (config.test, config.lint) == ((), ())
    assert detect({"package.json": "["}) == RepositoryConfig()


def test_node_and_go_are_recognised() -> None:
    node = detect({"package.json": '{"scripts": {"test": "vitest", "lint": "eslint ."}}'})
    assert (node.test, node.lint) == (("npm run --silent test",), ("npm run --silent lint",))
    assert detect({"go.mod": "module x"}).test == ("go test ./...",)


def test_what_the_file_leaves_out_is_filled_from_what_is_seen() -> None:
    config = repository_config(
        {".slipway.yml": "test: make test\nlint: []\n", "pyproject.toml": PYPROJECT, "src/shop/a.py": ""}
    )
    assert config.test == ("make test",)
    assert config.lint == ()
    assert config.source == ("src",)
    assert config.depends_on == ("acme/prices",)


def test_dependencies_are_on_the_path() -> None:
    config = RepositoryConfig(source=("src",), depends_on=("acme/prices", "acme/rates"))
    flat = RepositoryConfig(source=("rates",))
    assert config.environment({"acme/rates": flat}) == {
        "PYTHONPATH": "src:.slipway-deps/prices/src:.slipway-deps/prices:.slipway-deps/rates"
    }


def test_a_command_becomes_one_line_of_shell() -> None:
    config = RepositoryConfig(source=("src", "tool"))
    assert config.shell_line("pytest -q", folder="my repo") == (
        """cd 'my repo' && export PYTHONPATH="$PWD/src:$PWD" && pytest -q"""
    )


def test_workflows_and_the_file_itself_are_always_protected() -> None:
    config = RepositoryConfig(protected=("migrations", "*.lock", "legal/**"))
    refused = [".github/workflows/ci.yml", ".slipway.yml", "migrations/1.py", "a/uv.lock", "legal/x/y.md"]
    assert [path for path in refused if not config.protects(path)] == []
    assert not config.protects("src/migrations.py")
