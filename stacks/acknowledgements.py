"""Every rule that a validator reports and that we decided against, with the place and the reason."""

from __future__ import annotations

from stacks.acknowledgement import Acknowledgement

_IAM_WILDCARD = ("AwsSolutions-IAM5",)
_DEV = ("dev",)
_FUNCTION_ROLE = "{stack}/{function}/Role/DefaultPolicy"


def _both(rule: str) -> tuple[str, str]:
    """The same control, as HIPAA Security and as NIST 800-53 count it."""
    return f"HIPAA.Security-{rule}", f"NIST.800.53.R5-{rule}"


_FUNCTIONS = (
    Acknowledgement(
        rules=(*_both("LambdaInsideVPC"), "CKV_AWS_117"),
        place="{stack}/{function}/Function",
        reason="Functions speak to AWS and to SaaS over TLS only; a VPC would add a NAT gateway that idles at "
        "tens of dollars a month and nothing private to reach.",
    ),
    Acknowledgement(
        rules=(*_both("LambdaConcurrency"), "CKV_AWS_115"),
        place="{stack}/{function}/Function",
        reason="The dispatcher caps running tasks and the HTTP API throttles requests; a reservation in each "
        "function would take the account's shared concurrency, which is 10 in a new account.",
    ),
    Acknowledgement(
        rules=(*_both("LambdaDLQ"), "CKV_AWS_116"),
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

_ROLES = (
    *(
        Acknowledgement(
            rules=_both("IAMNoInlinePolicy"),
            place=place,
            reason="The policy is made for this one role, lives and dies with it, and cannot be attached to "
            "anything else: that is what least privilege wants.",
        )
        for place in (
            _FUNCTION_ROLE,
            "Agents/{agent}/Role",
            "Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
            "Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        )
    ),
    *(
        Acknowledgement(
            rules=_IAM_WILDCARD, place=place, resource="<Artifacts.Arn>/*", reason="Reads any body of a task."
        )
        for place in (_FUNCTION_ROLE, "Agents/{agent}/Role")
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="<Artifacts.Arn>/tasks/*/runs/*",
        reason="An agent writes what its runs produced, in whichever task; it cannot write plans or evidence.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="<Artifacts.Arn>/tasks/*",
        reason="Writes bodies below the task that it works on; which task is known at run time only.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/RepositoriesTool/Role/DefaultPolicy",
        resource="<Artifacts.Arn>/snapshots/*",
        reason="Keeps snapshots by repository and commit, which are known at run time only.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="<Tasks.Arn>/index/*",
        reason="Every index of the one table whose rows the function may read anyway.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="arn:aws:logs:<region>:<AWS::AccountId>:log-group:/aws/bedrock-agentcore/runtimes/"
        "<env>_{agent_name}-*",
        reason="AgentCore appends an id of its own to the runtime's name: these are the agent's own groups.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="arn:aws:bedrock:{geography}-*::foundation-model/{model}",
        reason="An inference profile sends a call to any region of its geography; the model is exact.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/InvokeAgent/Role/DefaultPolicy",
        resource="<{agent}Runtime.AgentRuntimeArn>/runtime-endpoint/*",
        reason="Tasks go to the endpoint that the release chose: live or candidate of this one runtime.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="arn:aws:states:<region>:<AWS::AccountId>:execution:slipway-<env>-ticket:*",
        reason="An execution is named after its task, which is known at run time only; the workflow is exact.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        resource="<{function}Function.Arn>:*",
        reason="CDK's grant for the versions of a function that the workflow calls.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        resource="*",
        reason="Log delivery and X-Ray know no resource: their actions can be granted on everything only.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/DispatchTasks/Role/DefaultPolicy",
        resource="*",
        reason="dynamodb:ListStreams knows no resource; Lambda's poller needs it.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="<{function}Function.Arn>:*",
        reason="CDK's grant for the versions of the one function behind a target.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="arn:aws:bedrock-agentcore:<region>:<AWS::AccountId>:workload-identity-directory/default/"
        "workload-identity/slipway-<env>-*",
        reason="AgentCore appends an id of its own to the gateway's name: this is the gateway's own identity.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="arn:aws:secretsmanager:<region>:<AWS::AccountId>:secret:bedrock-agentcore-identity!*",
        reason="Secrets that AgentCore Identity creates and owns; no other secret can have this prefix.",
    ),
)

_DATA = (
    Acknowledgement(
        rules=_both("DynamoDBInBackupPlan"),
        place="Data/{table}",
        reason="Point-in-time recovery restores any second of 35 days; AWS Backup would copy the same rows.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-S1", *_both("S3BucketLoggingEnabled"), "CKV_AWS_18"),
        place="Data/{bucket}",
        reason="Only roles of ours reach the bucket; who read what is CloudTrail's data events, which a regulated "
        "account switches on, and not best-effort log files in one more bucket.",
    ),
    Acknowledgement(
        rules=_both("S3BucketReplicationEnabled"),
        place="Data/{bucket}",
        reason="Versioned; what a task needs again can be fetched or done again, and data must stay in its "
        "region.",
    ),
    Acknowledgement(
        rules=_both("S3DefaultEncryptionKMS"),
        place="Data/{bucket}",
        environments=_DEV,
        reason="Encrypted with S3's own key: dev keeps no customer keys so that it idles under 5 USD a month.",
    ),
    Acknowledgement(
        rules=_both("S3DefaultEncryptionKMS"),
        place="Data/Console",
        environments=("staging", "prod"),
        reason="Holds the web page that everybody downloads, encrypted with S3's own key.",
    ),
    Acknowledgement(
        rules=("CKV_AWS_119",),
        place="Data/{table}",
        environments=_DEV,
        reason="Encrypted with DynamoDB's own key: dev keeps no customer keys.",
    ),
    Acknowledgement(
        rules=(*_both("SecretsManagerUsingKMSKey"), "CKV_AWS_149"),
        place="Data/{service}",
        environments=_DEV,
        reason="Encrypted with Secrets Manager's own key: dev keeps no customer keys.",
    ),
    Acknowledgement(
        rules=(*_both("SecretsManagerUsingKMSKey"), "CKV_AWS_149"),
        place="Agents/Tools/{target}/Credential",
        reason="Read by AgentCore Identity's own service role, which a customer key would have to trust too.",
    ),
    *(
        Acknowledgement(
            rules=("AwsSolutions-SMG4", *_both("SecretsManagerRotationEnabled")),
            place=place,
            reason="The value belongs to another company's service, which has no interface to rotate it; the "
            "deployment guide says how a person does.",
        )
        for place in ("Data/{service}", "Agents/Tools/{target}/Credential")
    ),
)

_OPERATIONS = (
    *(
        Acknowledgement(
            rules=(*_both("CloudWatchLogGroupEncrypted"), "CKV_AWS_158"),
            place=place,
            reason="CloudWatch Logs encrypts with its own key. Lines carry ids and measures, never bodies: those "
            "are in the bucket, under its key.",
        )
        for place in (
            "{stack}/{function}/Logs",
            "Agents/{agent}/{logs}",
            "Workflow/Ticket/Logs",
            "Intake/Http/AccessLogs",
        )
    ),
    Acknowledgement(
        rules=("AwsSolutions-APIG4",),
        place="Intake/Http/Api/{route}",
        reason="The caller is a machine of GitHub, Jira or Slack: the function verifies its signature over the "
        "raw body before anything else. GET /health says nothing but that it runs.",
    ),
)

_SOURCES = (
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
            ("B405", "local/aws/bucket_lifecycle.py", "Parses what the emulator itself wrote."),
            ("B506", "local/forge/actions/workflow_file.py", "The loader is a SafeLoader without booleans."),
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
            ("B106", "local/gateway/lambda_target.py", "The emulator accepts any key; this one says so."),
            (
                "B106",
                "local/supervisor/emulator_client.py",
                "The emulator accepts any key; this one says so.",
            ),
            ("B106", "slipway/adapters/aws/clients.py", "The emulator accepts any key; this one says so."),
            ("B106", "stacks/constructs/gateway.py", "Says where the secret lies, not what it is."),
        )
    ),
)

_UNTIL_THERE_ARE_ALERTS = tuple(
    Acknowledgement(
        rules=_both("CloudWatchAlarmAction"),
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

ACKNOWLEDGEMENTS = (*_FUNCTIONS, *_ROLES, *_DATA, *_OPERATIONS, *_SOURCES, *_UNTIL_THERE_ARE_ALERTS)
