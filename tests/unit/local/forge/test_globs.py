"""The filter patterns of workflow triggers."""

from __future__ import annotations

import pytest

from local.forge.actions.globs import any_passes, passes, selects


@pytest.mark.parametrize(
    ("pattern", "name", "is_selected"),
    [
        ("main", "main", True),
        ("main", "maintenance", False),
        ("releases/*", "releases/10", True),
        ("releases/*", "releases/10/hotfix", False),
        ("releases/**", "releases/10/hotfix", True),
        ("**.py", "src/a/b.py", True),
        ("**/docs/**", "docs/a.md", True),
        ("*", "feature/x", False),
        ("v[12].[0-9]+", "v1.10", True),
        ("src/?ain.py", "src/ain.py", True),
        ("a.b", "aXb", False),
    ],
)
def test_a_pattern_selects_as_github_documents(pattern: str, name: str, is_selected: bool) -> None:
    assert selects([pattern], name) is is_selected


def test_a_later_negation_takes_a_name_back() -> None:
    assert not selects(["releases/**", "!releases/**-alpha"], "releases/1-alpha")
    assert selects(["!releases/**-alpha", "releases/**"], "releases/1-alpha")


def test_ignored_names_do_not_pass_and_no_filter_lets_everything_pass() -> None:
    assert not passes("docs", only=None, ignore=["docs"])
    assert passes("docs", only=None, ignore=None)


def test_one_file_outside_the_ignored_paths_is_enough() -> None:
    assert any_passes(["README.md", "src/a.py"], only=None, ignore=["**.md"])
    assert not any_passes(["README.md"], only=None, ignore=["**.md"])
