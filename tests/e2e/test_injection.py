"""What a model that obeys every injected instruction cannot do."""

from __future__ import annotations

import pytest

from local.sandbox import open_executor
from local.supervisor.layout import layout
from scripts.eval_injection import evaluate

pytestmark = pytest.mark.e2e


def test_every_attack_is_contained_by_the_control_that_is_counted_for_it() -> None:
    report = evaluate(open_executor(layout().toolchain))
    assert {each.id: each.problem for each in report.missed} == {}
    assert len(report.verdicts) >= 60
