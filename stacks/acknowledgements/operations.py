"""Rules about logs, alarms and what the HTTP API lets in."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement, both

_DEV = ("dev",)

OPERATIONS = (
    *(
        Acknowledgement(
            rules=(*both("CloudWatchLogGroupEncrypted"), "CKV_AWS_158"),
            place=place,
            reason="CloudWatch Logs encrypts with its own key. Lines carry ids and measures, never bodies: "
            "those are in the bucket, under its key.",
        )
        for place in (
            "{stack}/{function}/Logs",
            "Agents/{agent}/{logs}",
            "Workflow/Ticket/Logs",
            "Intake/Http/AccessLogs",
            "Agents/Telemetry/Usage",
        )
    ),
    Acknowledgement(
        rules=("AwsSolutions-APIG4",),
        place="Intake/Http/Api/{route}",
        reason="The caller is a machine of GitHub, Jira or Slack: the function verifies its signature over "
        "the raw body before anything else. Larger environments also ask for the edge's own secret.",
        environments=_DEV,
    ),
)

UNTIL_THERE_ARE_ALERTS = tuple(
    Acknowledgement(
        rules=both("CloudWatchAlarmAction"),
        place=place,
        reason="Alarms are seen on the dashboards and in `slipway status`; nobody subscribed to them yet.",
    )
    for place in (
        "{stack}/{function}/ErrorsAlarm",
        "{stack}/{function}/DeadLettersAlarm",
        "Agents/{agent}/{alarm}",
        "Workflow/Ticket/FailedAlarm",
    )
)
