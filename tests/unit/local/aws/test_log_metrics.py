from __future__ import annotations

import json

import pytest

from local.aws.embedded_metrics import Datum, read_metrics
from local.aws.log_patterns import matches


def embedded(**fields: object) -> str:
    directive = {
        "Namespace": "Slipway",
        "Dimensions": [["Agent"], []],
        "Metrics": [{"Name": "Tokens", "Unit": "Count"}],
    }
    return json.dumps({"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, **fields})


def test_a_metric_is_read_for_each_set_of_dimensions() -> None:
    assert read_metrics(embedded(Agent="planning", Tokens=7)) == [
        Datum("Slipway", "Tokens", 7.0, "Count", {"Agent": "planning"}),
        Datum("Slipway", "Tokens", 7.0, "Count", {}),
    ]


def test_a_list_of_values_is_several_data() -> None:
    assert [datum.value for datum in read_metrics(embedded(Tokens=[1, 2]))] == [1, 2, 1, 2]


@pytest.mark.parametrize("line", ["", "plain text", '{"_aws": 3}', '{"_aws": {', embedded(Tokens="many")])
def test_other_lines_hold_no_metric(line: str) -> None:
    assert read_metrics(line) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("", "anything"),
        ("ERROR", "an ERROR here"),
        ('"two words"', "with two words inside"),
        ("?ERROR ?WARN", "a WARN"),
        ("ERROR -ignored", "an ERROR"),
        ('{ $.level = "ERROR" }', '{"level": "ERROR"}'),
        ("{ $.status >= 500 }", '{"status": 503}'),
        ('{ $.a.b = "x*" }', '{"a": {"b": "xyz"}}'),
        ('{ ($.level = "ERROR") && ($.status > 400) }', '{"level": "ERROR", "status": 401}'),
        ('{ $.level = "A" || $.level = "B" }', '{"level": "B"}'),
        ("{ $.ok = false }", '{"ok": false}'),
    ],
)
def test_a_line_matches(pattern: str, line: str) -> None:
    assert matches(pattern, line)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("ERROR", "all well"),
        ("?ERROR ?WARN", "info"),
        ("ERROR -ignored", "an ignored ERROR"),
        ('{ $.level = "ERROR" }', "no json"),
        ('{ $.level != "ERROR" }', '{"level": "ERROR"}'),
        ("{ $.status > many }", '{"status": 503}'),
        ("{ nonsense }", '{"a": 1}'),
    ],
)
def test_a_line_does_not_match(pattern: str, line: str) -> None:
    assert not matches(pattern, line)
