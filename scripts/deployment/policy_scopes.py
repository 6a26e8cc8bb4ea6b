"""How far each service's actions may reach: ARN patterns that follow from our names."""

from __future__ import annotations

from collections.abc import Mapping

HOME_SERVICE: Mapping[str, str] = {
    "ApiGateway": "apigateway",
    "ApiGatewayV2": "apigateway",
    "BedrockAgentCore": "bedrock-agentcore",
    "CertificateManager": "acm",
    "Cognito": "cognito-idp",
    "StepFunctions": "states",
}
"""IAM prefix of a CloudFormation namespace, where it is not its name in lower case."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "acm": ("arn:{partition}:acm:{region}:{account}:certificate/*",),
    "apigateway": ("arn:{partition}:apigateway:{region}::/*",),
    "bedrock": ("arn:{partition}:bedrock:{region}:{account}:guardrail/*",),
    "bedrock-agentcore": ("arn:{partition}:bedrock-agentcore:{region}:{account}:*",),
    "budgets": ("arn:{partition}:budgets::{account}:budget/slipway-{env}-*",),
    "ce": ("arn:{partition}:ce::{account}:anomaly*/*",),
    "cloudformation": ("arn:{partition}:cloudformation:{region}:{account}:stack/Slipway-{env}-*/*",),
    "cloudfront": ("arn:{partition}:cloudfront::{account}:*",),
    "cloudtrail": ("arn:{partition}:cloudtrail:{region}:{account}:trail/slipway-{env}*",),
    "cloudwatch": (
        "arn:{partition}:cloudwatch:{region}:{account}:alarm:slipway-{env}-*",
        "arn:{partition}:cloudwatch::{account}:dashboard/slipway-{env}*",
    ),
    "cognito-idp": ("arn:{partition}:cognito-idp:{region}:{account}:userpool/*",),
    "dynamodb": ("arn:{partition}:dynamodb:{region}:{account}:table/Slipway-{env}-*",),
    "events": (
        "arn:{partition}:events:{region}:{account}:rule/*lipway-{env}-*",
        "arn:{partition}:events:{region}:{account}:event-bus/*lipway-{env}*",
    ),
    "guardduty": ("arn:{partition}:guardduty:{region}:{account}:detector/*",),
    "iam": (
        "arn:{partition}:iam::{account}:role/Slipway-{env}-*",
        "arn:{partition}:iam::{account}:policy/Slipway-{env}-*",
    ),
    "kms": (
        "arn:{partition}:kms:{region}:{account}:key/*",
        "arn:{partition}:kms:{region}:{account}:alias/slipway*",
    ),
    "lambda": (
        "arn:{partition}:lambda:{region}:{account}:function:slipway-{env}-*",
        # Functions that CDK makes for itself get their stack's name.
        "arn:{partition}:lambda:{region}:{account}:function:Slipway-{env}-*",
        "arn:{partition}:lambda:{region}:{account}:event-source-mapping:*",
    ),
    "logs": (
        "arn:{partition}:logs:{region}:{account}:log-group:*lipway-{env}*",
        "arn:{partition}:logs:{region}:{account}:log-group:*/slipway/{env}/*",
        "arn:{partition}:logs:{region}:{account}:log-group:/aws/bedrock-agentcore/*",
        "arn:{partition}:logs:{region}:{account}:delivery*:*",
    ),
    "route53": ("arn:{partition}:route53:::hostedzone/*",),
    "s3": (
        "arn:{partition}:s3:::slipway-{env}-*",
        "arn:{partition}:s3:::cdk-*-assets-{account}-*/*",
    ),
    "s3vectors": ("arn:{partition}:s3vectors:{region}:{account}:bucket/slipway-{env}*",),
    "scheduler": ("arn:{partition}:scheduler:{region}:{account}:schedule*/*lipway-{env}*",),
    "secretsmanager": (
        "arn:{partition}:secretsmanager:{region}:{account}:secret:slipway/{env}/*",
        "arn:{partition}:secretsmanager:{region}:{account}:secret:bedrock-agentcore-identity*",
    ),
    "sns": ("arn:{partition}:sns:{region}:{account}:*lipway-{env}-*",),
    "sqs": ("arn:{partition}:sqs:{region}:{account}:*lipway-{env}-*",),
    "ssm": (
        "arn:{partition}:ssm:{region}:{account}:parameter/slipway/{env}/*",
        "arn:{partition}:ssm:{region}:{account}:parameter/cdk/*",
        "arn:{partition}:ssm:{region}:{account}:parameter/cdk-bootstrap/*",
    ),
    "states": ("arn:{partition}:states:{region}:{account}:stateMachine:slipway-{env}-*",),
    "wafv2": (
        "arn:{partition}:wafv2:{region}:{account}:*/webacl/*lipway-{env}*/*",
        "arn:{partition}:wafv2:{region}:{account}:*/managedruleset/*/*",
        "arn:{partition}:wafv2:{region}:{account}:*/ipset/*/*",
    ),
    "xray": ("*",),
}
"""`{region}` is `*` for an environment in several regions. X-Ray's resource policies have no ARN."""

FOREIGN = frozenset(
    {"ec2:DescribeNetworkInterfaces", "iam:CreateServiceLinkedRole", "s3:GetObject", "s3:GetObjectVersion"}
)
"""Actions outside a type's own service that are needed whatever its properties say: CloudFormation reads
code from the asset bucket, deletes functions, and lets services make their linked roles."""

OPERATOR = (
    "bedrock-agentcore:GetAgentRuntimeEndpoint",
    "bedrock-agentcore:InvokeAgentRuntime",
    "bedrock-agentcore:ListAgentRuntimes",
    "bedrock-agentcore:ListWorkloadIdentities",
    "bedrock:GetFoundationModelAvailability",
    "bedrock:GetInferenceProfile",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "dynamodb:DeleteTable",
    "dynamodb:DescribeTable",
    "dynamodb:UpdateTable",
    "kms:DescribeKey",
    "kms:ListAliases",
    "lambda:GetFunctionConfiguration",
    "logs:DeleteLogGroup",
    "logs:DescribeLogGroups",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
    "s3:DeleteObject",
    "s3:ListBucketVersions",
    "secretsmanager:DeleteSecret",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecrets",
    "secretsmanager:PutSecretValue",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "ssm:GetParameter",
    "states:DescribeStateMachine",
    "states:ListStateMachines",
    "sts:GetCallerIdentity",
)
"""What `slipway deploy`, `destroy` and `connect` call with the operator's own credentials."""
