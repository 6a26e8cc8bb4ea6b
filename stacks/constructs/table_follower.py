"""A function that follows a table: it is told of rows that were added or changed."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources

from stacks.constructs.alarm import FIVE_MINUTES, Watch, add_alarm
from stacks.constructs.python_function import PythonFunction

LATE = Duration.minutes(5)


def follow(table: dynamodb.ITable, *, rows: str, by: PythonFunction) -> None:
    """Send `by` the changes of the rows whose sort key is `rows`; what it cannot handle is kept."""
    assert by.dead_letters
    by.function.add_event_source(
        sources.DynamoEventSource(
            table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=25,
            bisect_batch_on_error=True,
            retry_attempts=5,
            max_record_age=Duration.hours(12),
            on_failure=sources.SqsDlq(by.dead_letters),
            filters=[
                lambda_.FilterCriteria.filter(
                    {
                        "eventName": lambda_.FilterRule.or_("INSERT", "MODIFY"),
                        "dynamodb": {"Keys": {"sk": {"S": lambda_.FilterRule.is_equal(rows)}}},
                    }
                )
            ],
        )
    )
    if by.is_watched:
        add_alarm(
            by,
            "StreamLagAlarm",
            Watch(
                name=f"{by.name}-stream-lag",
                says=f"{by.name} reads changes of its table {LATE.to_minutes():g} minutes late or more.",
                runbook="stream-lag",
                metric=by.function.metric("IteratorAge", period=FIVE_MINUTES, statistic="Maximum"),
                threshold=LATE.to_milliseconds(),
            ),
        )
