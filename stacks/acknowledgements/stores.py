"""Rules about tables, buckets and secrets."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement, both

_DEV = ("dev",)

STORES = (
    Acknowledgement(
        rules=both("DynamoDBInBackupPlan"),
        place="Data/{table}",
        reason="Point-in-time recovery restores any second of 35 days; AWS Backup would copy the same rows.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-S1", *both("S3BucketLoggingEnabled"), "CKV_AWS_18"),
        place="Data/{bucket}",
        reason="Only roles of ours reach the bucket; who read what is CloudTrail's data events, which a "
        "regulated account switches on, and not best-effort log files in one more bucket.",
    ),
    Acknowledgement(
        rules=both("S3BucketReplicationEnabled"),
        place="Data/{bucket}",
        reason="Versioned; what a task needs again can be fetched or done again, and data must stay in its "
        "region.",
    ),
    Acknowledgement(
        rules=both("S3DefaultEncryptionKMS"),
        place="Data/{bucket}",
        environments=_DEV,
        reason="Encrypted with S3's own key: dev keeps no customer keys, to idle under 5 USD a month.",
    ),
    Acknowledgement(
        rules=both("S3DefaultEncryptionKMS"),
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
        rules=(*both("SecretsManagerUsingKMSKey"), "CKV_AWS_149"),
        place="Data/{service}",
        environments=_DEV,
        reason="Encrypted with Secrets Manager's own key: dev keeps no customer keys.",
    ),
    Acknowledgement(
        rules=(*both("SecretsManagerUsingKMSKey"), "CKV_AWS_149"),
        place="Agents/Credentials/Secret",
        reason="Read by AgentCore Identity's own service role, which a customer key would have to trust too.",
    ),
    *(
        Acknowledgement(
            rules=("AwsSolutions-SMG4", *both("SecretsManagerRotationEnabled")),
            place=place,
            reason="The value belongs to another company's service, which has no interface to rotate it; the "
            "deployment guide says how a person does.",
        )
        for place in ("Data/{service}", "Agents/Credentials/Secret")
    ),
)
