"""Rules about the front door and sign-in."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement, both

_BEHIND_EDGE = ("staging", "prod")

EDGE = (
    Acknowledgement(
        rules=("AwsSolutions-CFR1",),
        place="Intake/FrontDoor/Distribution",
        environments=_BEHIND_EDGE,
        reason="Webhooks come from wherever GitHub, Atlassian and Slack run; the web ACL limits their rate.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-CFR3", "CKV_AWS_86"),
        place="Intake/FrontDoor/Distribution",
        environments=_BEHIND_EDGE,
        reason="The web ACL and the API behind it log every request; a third log would hold the same lines.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-CFR4", "CKV_AWS_174"),
        place="Intake/FrontDoor/Distribution",
        environments=_BEHIND_EDGE,
        reason="Without a domain of one's own CloudFront's certificate decides the protocol; configure a "
        "domain to require TLS 1.2.",
    ),
    Acknowledgement(
        rules=(*both("CloudWatchLogGroupEncrypted"), "CKV_AWS_158"),
        place="Edge/Log",
        environments=_BEHIND_EDGE,
        reason="CloudWatch Logs encrypts with its own key; the lines hold no bodies.",
    ),
    Acknowledgement(
        rules=(*both("SecretsManagerUsingKMSKey"), "CKV_AWS_149"),
        place="Data/Edge",
        environments=_BEHIND_EDGE,
        reason="CloudFormation itself resolves the value into the distribution; it opens only the way "
        "round the web ACL.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-COG2",),
        place="Intake/SignIn/People",
        environments=("dev", "staging"),
        reason="Nobody's data but developers' is behind it there; prod requires a second factor.",
    ),
    Acknowledgement(
        rules=("AwsSolutions-COG8",),
        place="Intake/SignIn/People",
        reason="The plus plan is charged for every person a month; the identity provider guards sign-in.",
    ),
)
