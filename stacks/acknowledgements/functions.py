"""Rules about Lambda functions."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement, both

FUNCTIONS = (
    Acknowledgement(
        rules=(*both("LambdaInsideVPC"), "CKV_AWS_117"),
        place="{stack}/{function}/Function",
        reason="Functions speak to AWS and to SaaS over TLS only; a VPC would add a NAT gateway, which idles "
        "at tens of dollars a month, and nothing private to reach.",
    ),
    Acknowledgement(
        rules=(*both("LambdaConcurrency"), "CKV_AWS_115"),
        place="{stack}/{function}/Function",
        reason="The dispatcher caps running tasks and the HTTP API throttles requests; a reservation in each "
        "function would take the account's shared concurrency, which is 10 in a new account.",
    ),
    Acknowledgement(
        rules=(*both("LambdaDLQ"), "CKV_AWS_116"),
        place="{stack}/{function}/Function",
        reason="Called synchronously: the caller sees the error and retries it. Functions that are called "
        "asynchronously have a dead-letter queue (FunctionSpec.asynchronous).",
    ),
    Acknowledgement(
        rules=("CKV_AWS_173",),
        place="{stack}/{function}/Function",
        reason="The environment holds names, ARNs and limits; what is secret is read from Secrets Manager.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-L1",),
        place="{stack}/{function}/Function",
        reason="Python 3.13 is the newest that the project's tests run on; agents and functions share it.",
    ),
    Acknowledgement(
        rules=("CKV_AWS_27",),
        place="{stack}/{function}/DeadLetters",
        reason="Encrypted with SQS' own key, which this check does not look for; messages are ids.",
    ),
)
