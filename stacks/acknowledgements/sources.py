"""Rules about our own sources."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement

SOURCES = (
    *(
        Acknowledgement(rules=(rule,), place=place, reason=reason)
        for rule, place, reason in (
            ("B102", "local/aws/patching.py", "Runs the emulator's own module with our patch in it."),
            (
                "B102",
                "slipway/playbooks/crash/sandboxed/attempt.py",
                "Runs inside the sandbox, where the repository's code runs anyway.",
            ),
            (
                "B307",
                "slipway/playbooks/crash/sandboxed/attempt.py",
                "Runs inside the sandbox, where the repository's code runs anyway.",
            ),
            ("B108", "local/sandbox/bubblewrap.py", "A private /tmp inside the sandbox, not this machine's."),
            ("B108", "local/sandbox/isolated.py", "A private /tmp inside the sandbox, not this machine's."),
            (
                "B108",
                "local/sandbox/private_root.py",
                "A private /tmp inside the sandbox, not this machine's.",
            ),
            (
                "B310",
                "local/supervisor/process.py",
                "The address is a loopback port that we chose ourselves.",
            ),
            ("B311", "local/aws/stepfunctions_errors.py", "Jitter of a retry is no secret."),
            ("B405", "local/aws/bucket_lifecycle.py", "Writes XML and reads none."),
            ("B405", "local/aws/cloudformation_encryption.py", "Writes XML and reads none."),
            (
                "B506",
                "local/forge/actions/workflow_file.py",
                "BaseLoader makes strings, lists and mappings only.",
            ),
            ("B105", "local/aws/cloudformation_secrets.py", "The name of a resource type."),
            ("B105", "local/aws/lambda_workers.py", "Empty until a worker has one."),
            ("B105", "local/forge/auth.py", "The user name that git sends beside a token."),
            ("B105", "local/forge/shapes/hook.py", "What GitHub shows instead of a webhook's secret."),
            ("B105", "local/jira/access.py", "Empty: a request without a password."),
            ("B105", "local/aws/child_processes.py", "The emulator accepts any key; this one says so."),
            ("B105", "local/supervisor/loopback.py", "The emulator accepts any key; this one says so."),
            ("B105", "local/slack/events.py", "A field that real Slack sends and that opens nothing here."),
            ("B105", "local/slack/people.py", "A field that real Slack sends and that opens nothing here."),
            (
                "B106",
                "local/aws/cloudformation_buckets.py",
                "The emulator accepts any key; this one says so.",
            ),
            ("B106", "local/gateway/functions.py", "The emulator accepts any key; this one says so."),
            (
                "B106",
                "local/supervisor/emulator_client.py",
                "The emulator accepts any key; this one says so.",
            ),
            ("B106", "slipway/adapters/aws/clients.py", "The emulator accepts any key; this one says so."),
            (
                "B311",
                "scripts/benchmarks/fuzz.py",
                "A seed makes a run that can be repeated; nothing is secret.",
            ),
            (
                "B311",
                "scripts/benchmarks/intake.py",
                "A seed makes a run that can be repeated; nothing is secret.",
            ),
            ("B105", "scripts/deployment/slack_app.py", "A switch of Slack's manifest, not a value."),
            ("B105", "stacks/constructs/sign_in.py", "Names the key of a secret, not its value."),
        )
    ),
)
