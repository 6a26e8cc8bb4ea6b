"""From where a repository's packages are imported is seen in its tree, not guessed from folder names."""

from __future__ import annotations

import pytest

from slipway.domain.repository_config import repository_config
from slipway.domain.repository_roots import import_roots

TREES = {
    "a folder of packages is a root": (("lib",), {"lib/cards/__init__.py": ""}, ("lib",)),
    "a package called lib is imported from its parent": (("lib",), {"lib/__init__.py": ""}, (".",)),
    "a package called src is imported from its parent": (("src",), {"src/__init__.py": ""}, (".",)),
    "a package inside of packages": (
        ("python/shop/api",),
        {"python/shop/__init__.py": "", "python/shop/api/__init__.py": ""},
        ("python",),
    ),
    "modules in a plain folder": (("jobs",), {"jobs/nightly.py": ""}, ("jobs", ".")),
    "the root itself": ((".",), {"one.py": ""}, (".",)),
    "what setuptools is told counts": (
        ("code",),
        {"pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["code"]\n', "code/a.py": ""},
        ("code",),
    ),
    "what setup.cfg says counts": (
        ("code",),
        {"setup.cfg": "[options]\npackage_dir =\n    = code\n", "code/a.py": ""},
        ("code",),
    ),
}


@pytest.mark.parametrize(("source", "files", "roots"), TREES.values(), ids=TREES.keys())
def test_import_roots_follow_the_tree(
    source: tuple[str, ...], files: dict[str, str], roots: tuple[str, ...]
) -> None:
    assert import_roots(source, files) == roots


def test_broken_packaging_files_declare_nothing() -> None:
    files = {"pyproject.toml": "[tool", "setup.cfg": "no section", "lib/__init__.py": ""}
    assert import_roots(("lib",), files) == (".",)


def test_a_repository_is_configured_with_the_roots_of_its_tree() -> None:
    config = repository_config({"lib/__init__.py": "", ".slipway.yml": "source: lib\n"})
    assert config.environment() == {"PYTHONPATH": "."}
