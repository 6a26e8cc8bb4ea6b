"""Reading workflow files."""

from __future__ import annotations

import pytest

from local.forge.actions.workflow_file import InvalidWorkflow, Trigger, parse_workflow

WORKFLOW = """
name: CI
on:
  push:
    branches: [main]
    paths-ignore: ["**.md"]
  pull_request:
  workflow_dispatch:
    inputs:
      level: {default: info}
jobs:
  test:
    name: Unit tests
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {path: code}
      - id: lint
        run: |
          ruff check .
          ruff format --check .
      - name: Tests
        run: pytest
"""


def trigger(event: str) -> Trigger:
    found = parse_workflow("ci.yml", WORKFLOW).trigger(event)
    assert found is not None
    return found


def test_the_key_on_is_not_taken_for_a_boolean() -> None:
    events = [found.event for found in parse_workflow("ci.yml", WORKFLOW).triggers]
    assert events == ["push", "pull_request", "workflow_dispatch"]


@pytest.mark.parametrize(("text", "events"), [("push", ["push"]), ("[push, release]", ["push", "release"])])
def test_on_may_be_a_word_or_a_list(text: str, events: list[str]) -> None:
    flow = parse_workflow("a.yml", f"on: {text}\njobs: {{a: {{steps: []}}}}")
    assert [found.event for found in flow.triggers] == events


def test_a_push_filter_looks_at_branch_and_files() -> None:
    assert trigger("push").accepts(branch="main", changed=["src/a.py"])
    assert not trigger("push").accepts(branch="other", changed=["src/a.py"])
    assert not trigger("push").accepts(branch="main", changed=["README.md"])


def test_a_pull_request_runs_for_the_usual_actions_only() -> None:
    assert trigger("pull_request").accepts(branch="main", changed=[], action="synchronize")
    assert not trigger("pull_request").accepts(branch="main", changed=[], action="ready_for_review")


def test_steps_show_the_names_that_github_shows() -> None:
    steps = parse_workflow("ci.yml", WORKFLOW).jobs[0].steps
    assert [(step.key, step.shown) for step in steps] == [
        ("0", "Run actions/checkout@v4"),
        ("lint", "Run ruff check ."),
        ("2", "Tests"),
    ]


def test_dispatch_inputs_have_their_defaults() -> None:
    assert trigger("workflow_dispatch").inputs == {"level": "info"}


@pytest.mark.parametrize("text", ["jobs: [", "name: x", "[]", "on: push\njobs: {a: 1}"])
def test_a_broken_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidWorkflow, match=r"ci\.yml|job 'a'"):
        parse_workflow("ci.yml", text)
