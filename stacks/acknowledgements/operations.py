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
        rules=(*both("SNSEncryptedKMS"), "CKV_AWS_26"),
        place="Operations/Alerts/Topic",
        environments=_DEV,
        reason="Messages are names of alarms and numbers. AWS's own key for SNS does not let alarms publish, "
        "and dev keeps no customer keys.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-APIG4",),
        place="Intake/Http/Api/{route}",
        reason="The caller is a machine of GitHub, Jira or Slack: the function verifies its signature over "
        "the raw body before anything else. Larger environments also ask for the edge's own secret.",
        environments=_DEV,
    ),
)
