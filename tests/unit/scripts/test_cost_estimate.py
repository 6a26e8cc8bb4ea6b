from __future__ import annotations

from pathlib import Path

import pytest

from scripts.deployment.cost_estimate import estimate
from scripts.deployment.idle_cost import MINUTES_A_MONTH, QUEUE_POLLS, REMOTE_TOOLS, IdleUse, idle_use
from scripts.deployment.ticket_cost import TicketLine
from slipway.domain.errors import InvalidInput, NotFound
from slipway.domain.prices import prices, ticket_use
from tests.unit.scripts.assemblies import Resources, assembly, resource

PRICES = prices()


def quantities(folder: Path, resources: Resources) -> dict[str, float]:
    """By rate, of one stack."""
    return {use.rate: use.quantity for use in idle_use(assembly(folder, Data=resources), PRICES)}


def idle(rate: str, quantity: float) -> IdleUse:
    return IdleUse(resource_type="AWS::Any::Thing", resources=1, rate=rate, quantity=quantity)


def line(rate: str, low: float, high: float) -> TicketLine:
    usd = PRICES.rates[rate].usd
    return TicketLine(what="any", rate=rate, quantity=(low, high), unit="", usd=(low * usd, high * usd))


def test_an_alarm_costs_by_the_metrics_it_reads(tmp_path: Path) -> None:
    plain = resource("AWS::CloudWatch::Alarm", MetricName="Errors")
    metrics = [{"Id": "a", "MetricStat": {}}, {"Id": "b", "MetricStat": {}}, {"Id": "c", "Expression": "a/b"}]
    ratio = resource("AWS::CloudWatch::Alarm", Metrics=metrics)
    band = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(a, 2)"}
    anomaly = resource("AWS::CloudWatch::Alarm", Metrics=[metrics[0], band])
    found = quantities(tmp_path, {"Plain": plain, "Ratio": ratio, "Anomaly": anomaly})
    assert found == {"cloudwatch.alarm_metric": 1 + 2 + 3}


def test_a_schedule_costs_the_calls_of_its_function(tmp_path: Path) -> None:
    function = resource("AWS::Lambda::Function", MemorySize=1024)
    target = {"Arn": {"Fn::GetAtt": ["Function", "Arn"]}, "Id": "Target0"}
    rule = resource("AWS::Events::Rule", ScheduleExpression="rate(5 minutes)", Targets=[target])
    found = quantities(tmp_path, {"Function": function, "Rule": rule})
    assert found["lambda.request"] == pytest.approx(MINUTES_A_MONTH / 5)
    assert found["lambda.gb_second"] == pytest.approx(MINUTES_A_MONTH / 5 * 0.5)


@pytest.mark.parametrize(
    ("schedule", "calls"),
    [("cron(0 3 * * ? *)", 30.4), ("cron(*/15 * * * ? *)", 4 * 24 * 30.4), ("cron(0 9 ? * MON-FRI *)", 21.7)],
)
def test_cron_schedules_are_counted(tmp_path: Path, schedule: str, calls: float) -> None:
    target = {"Arn": {"Fn::GetAtt": ["Function", "Arn"]}, "Id": "Target0"}
    resources = {
        "Function": resource("AWS::Lambda::Function"),
        "Rule": resource("AWS::Events::Rule", ScheduleExpression=schedule, Targets=[target]),
    }
    assert quantities(tmp_path, resources)["lambda.request"] == pytest.approx(calls, rel=0.01)


def test_a_rule_that_waits_for_events_costs_nothing_while_idle(tmp_path: Path) -> None:
    rule = resource("AWS::Events::Rule", EventPattern={"source": ["slipway"]})
    assert set(quantities(tmp_path, {"Rule": rule}).values()) == {0}


def test_queues_are_polled_and_streams_are_not(tmp_path: Path) -> None:
    stream = resource("AWS::Lambda::EventSourceMapping", StartingPosition="LATEST")
    queue = resource("AWS::Lambda::EventSourceMapping", BatchSize=1)
    assert quantities(tmp_path, {"Stream": stream, "Queue": queue}) == {"sqs.request": QUEUE_POLLS}


def test_a_gateway_target_costs_by_its_tools(tmp_path: Path) -> None:
    inline = {"Mcp": {"Lambda": {"ToolSchema": {"InlinePayload": [{"Name": "a"}, {"Name": "b"}]}}}}
    ours = resource("AWS::BedrockAgentCore::GatewayTarget", TargetConfiguration=inline)
    remote = resource("AWS::BedrockAgentCore::GatewayTarget", TargetConfiguration={"Mcp": {"McpServer": {}}})
    found = quantities(tmp_path, {"Ours": ours, "Remote": remote})
    assert found == {"agentcore.indexed_tool": 2 + REMOTE_TOOLS}


def test_a_type_that_the_price_file_does_not_know_is_refused(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Gateway": resource("AWS::EC2::NatGateway")})
    with pytest.raises(NotFound, match=r"AWS::EC2::NatGateway .*prices\.toml"):
        idle_use(made, PRICES)


def test_a_monthly_allowance_serves_idle_use_first_and_tickets_with_the_rest() -> None:
    found = estimate(
        [idle("stepfunctions.transition", 3000)],
        [line("stepfunctions.transition", 10, 100)],
        tickets=200,
        prices=PRICES,
        region="eu-west-1",
    )
    assert found.idle_usd == 0
    assert found.tickets_usd == pytest.approx((1000 * 0.000025, 19_000 * 0.000025))
    assert found.month_usd == found.tickets_usd
    assert found.per_ticket_usd == pytest.approx((10 * 0.000025, 100 * 0.000025))


def test_no_tickets_cost_nothing_beside_the_idle_cost() -> None:
    found = estimate(
        [idle("kms.key", 2)], [line("s3.put", 1, 2)], tickets=0, prices=PRICES, region="eu-west-1"
    )
    assert found.month_usd == (2.0, 2.0)


def test_virginia_has_its_own_prices() -> None:
    assert PRICES.rates["cloudwatch.log_gb"].in_region("us-east-1") == 0.50
    assert PRICES.rates["cloudwatch.log_gb"].in_region("eu-west-1") == 0.57


def test_an_operator_overrides_single_rates(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[rates]\n"kms.key" = { usd = 0.9, unit = "key-month", source = "our contract" }\n')
    changed = prices(own)
    assert changed.rates["kms.key"].usd == 0.9
    assert changed.rates["waf.rule"] == PRICES.rates["waf.rule"]


def test_an_override_of_a_rate_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[rates]\n"kms.keys" = { usd = 0.9, unit = "key-month", source = "our contract" }\n')
    with pytest.raises(InvalidInput, match=r"kms\.keys"):
        prices(own)


def test_every_rate_that_a_line_refers_to_has_a_price() -> None:
    used = {fixed.rate for entries in PRICES.fixed.values() for fixed in entries}
    used |= ticket_use().counts.keys() | PRICES.allowances.keys()
    assert used <= PRICES.rates.keys()


def test_no_type_is_charged_in_two_ways() -> None:
    kinds = [*PRICES.fixed, *PRICES.usage, *PRICES.free.types]
    assert len(kinds) == len(set(kinds))


def test_the_low_end_of_every_assumption_is_not_above_the_high_end() -> None:
    use = ticket_use()
    intervals = [*use.counts.values(), use.sandbox_gb_hours, use.sandbox_vcpu_hours]
    for agent in use.agents.values():
        intervals += [agent.runs, agent.minutes, agent.cpu_share, agent.memory_gb]
        intervals += [agent.input_tokens, agent.output_tokens]
    assert all(low <= high for low, high in intervals)
