from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from local.aws.alarm_evaluation import Series, judge, statistic_of
from local.aws.metric_math import UnsupportedExpression, evaluate

NOW = 6000


def data(**metrics: list[float | None]) -> Series:
    """Each metric's values, newest period first."""

    def series(
        metric: Mapping[str, Any], period: int, stat: str, starts: Sequence[int]
    ) -> list[float | None]:
        values = metrics[metric["MetricName"]]
        return [
            values[(NOW - start) // period] if (NOW - start) // period < len(values) else None
            for start in starts
        ]

    return series


def alarm(**more: Any) -> dict[str, Any]:
    return {
        "Namespace": "N",
        "MetricName": "errors",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Statistic": "Sum",
        **more,
    }


def state(definition: dict[str, Any], series: Series) -> str | None:
    verdict = judge(definition, series, now=NOW)
    return verdict.state if verdict else None


def test_an_alarm_fires_when_enough_periods_breach() -> None:
    definition = alarm(DatapointsToAlarm=2)
    assert state(definition, data(errors=[1, 0, 1])) == "ALARM"
    assert state(definition, data(errors=[1, 0, 0])) == "OK"


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("ignore", None), ("breaching", "ALARM"), ("notBreaching", "OK")],
)
def test_missing_data_is_treated_as_told(treatment: str, expected: str | None) -> None:
    assert state(alarm(TreatMissingData=treatment), data(errors=[None, None, None])) == expected


def math_alarm(*expressions: str) -> dict[str, Any]:
    metrics: list[dict[str, Any]] = [
        {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {"Metric": {"Namespace": "N", "MetricName": name}, "Period": 60, "Stat": "Sum"},
        }
        for name in ("errors", "calls")
    ]
    for index, expression in enumerate(expressions):
        is_last = index == len(expressions) - 1
        metrics.append({"Id": f"e{index}", "Expression": expression, "ReturnData": is_last})
    return alarm(Metrics=metrics, EvaluationPeriods=1, Threshold=10)


def test_an_alarm_watches_an_expression() -> None:
    definition = math_alarm("100 * errors / calls")
    assert state(definition, data(errors=[2], calls=[10])) == "ALARM"
    assert state(definition, data(errors=[0], calls=[10])) == "OK"
    assert state(definition, data(errors=[2], calls=[None])) == "INSUFFICIENT_DATA"


def test_an_expression_may_use_a_later_one() -> None:
    definition = math_alarm("e1 * 2", "errors + calls")
    definition["Metrics"][2]["ReturnData"], definition["Metrics"][3]["ReturnData"] = True, False
    assert state(definition, data(errors=[2], calls=[4])) == "ALARM"


def test_a_value_outside_its_usual_band_fires() -> None:
    definition = math_alarm("ANOMALY_DETECTION_BAND(errors, 2)")
    usual: list[float | None] = [10, 11, 9, 10, 11, 9]
    assert state(definition, data(errors=[100, *usual], calls=[])) == "ALARM"
    assert state(definition, data(errors=[10, *usual], calls=[])) == "OK"
    assert state(definition, data(errors=[10], calls=[])) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("IF(a > 1, a, 0)", 3.0),
        ("FILL(b, 0) + a", 3.0),
        ("MAX(a, 7)", 7.0),
        ("-a", -3.0),
        ("a / 0", None),
        ("a + b", None),
    ],
)
def test_metric_math(expression: str, value: float | None) -> None:
    assert evaluate(expression, {"a": 3.0, "b": None}) == value


@pytest.mark.parametrize("expression", ["__import__('os')", "a.real", "SEARCH('x')", "a if a else 1", "((("])
def test_other_expressions_are_refused(expression: str) -> None:
    with pytest.raises(UnsupportedExpression):
        evaluate(expression, {"a": 1.0})


def test_statistics_of_a_period() -> None:
    values = [4.0, 1.0, 3.0, 2.0]
    wanted = {"Sum": 10, "Average": 2.5, "Minimum": 1, "Maximum": 4, "SampleCount": 4, "p50": 3}
    assert {name: statistic_of(values, name) for name in wanted} == wanted
    assert statistic_of([], "Sum") is None


SILENCE = alarm(EvaluationPeriods=1, ComparisonOperator="LessThanThreshold", TreatMissingData="breaching")


def test_a_period_that_has_only_begun_is_not_silence_yet() -> None:
    verdict = judge(SILENCE, data(errors=[None, 5]), now=NOW)
    assert verdict is not None
    assert verdict.state == "OK"


def test_a_whole_period_without_data_is_silence() -> None:
    verdict = judge(SILENCE, data(errors=[None, None]), now=NOW)
    assert verdict is not None
    assert verdict.state == "ALARM"


def test_silence_from_before_an_alarm_was_made_does_not_count() -> None:
    young = {**SILENCE, "AlarmConfigurationUpdatedTimestamp": NOW - 90}
    assert judge(young, data(errors=[None, None]), now=NOW) is None
