"""CloudFormation's AgentCore Gateway family: the deployed stack is the truth, nothing else is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from local.aws.cloudformation import (
    Attributes,
    DeployedResource,
    Properties,
    Provisioned,
    ResourceHandler,
    Status,
    deployed_resources,
    keep_nothing,
    physical_name,
    register,
)
from local.aws.context import Context
from local.aws.property_names import to_api

PREFIX = "AWS::BedrockAgentCore::"


@dataclass(frozen=True)
class Kind:
    """How resources of one type are named and which attributes say so."""

    name: str
    path: str
    id_attribute: str
    arn_attribute: str
    ref: Literal["id", "arn", "name"]
    status: Status = "emulated"


KINDS = (
    Kind("Gateway", "gateway", "GatewayIdentifier", "GatewayArn", "id"),
    Kind("GatewayTarget", "gateway-target", "TargetId", "TargetArn", "id"),
    Kind("PolicyEngine", "policy-engine", "PolicyEngineId", "PolicyEngineArn", "arn"),
    Kind("Policy", "policy", "PolicyId", "PolicyArn", "arn"),
    Kind("CodeInterpreterCustom", "code-interpreter-custom", "CodeInterpreterId", "CodeInterpreterArn", "id"),
    Kind(
        "WorkloadIdentity",
        "workload-identity",
        "WorkloadIdentityId",
        "WorkloadIdentityArn",
        "name",
        "recorded",
    ),
    Kind(
        "ApiKeyCredentialProvider",
        "apikeycredentialprovider",
        "Id",
        "CredentialProviderArn",
        "arn",
        "recorded",
    ),
    Kind(
        "OAuth2CredentialProvider",
        "oauth2credentialprovider",
        "Id",
        "CredentialProviderArn",
        "arn",
        "recorded",
    ),
)
SECRET_ATTRIBUTES = {
    "ApiKeyCredentialProvider": "ApiKeySecretArn",
    "OAuth2CredentialProvider": "ClientSecretArn",
}


def install(context: Context) -> None:
    """Register the types."""
    for kind in KINDS:
        register(f"{PREFIX}{kind.name}", handler(kind, gateway_url=context.configuration.gateway_url))


def handler(kind: Kind, *, gateway_url: str) -> ResourceHandler:
    """A handler whose resource keeps its id as long as it keeps its name."""

    def provision(properties: Properties, resource_id: str) -> Provisioned:
        from ministack.core.responses import get_account_id, get_region, now_iso

        prefix = f"arn:aws:bedrock-agentcore:{get_region()}:{get_account_id()}"
        arn = f"{prefix}:{kind.path}/{resource_id}"
        now = now_iso()
        attributes: Attributes = {
            kind.id_attribute: resource_id,
            kind.arn_attribute: arn,
            "CreatedAt": now,
            "CreatedTime": now,
            "LastUpdatedAt": now,
            "LastUpdatedTime": now,
            "Status": "READY",
            "UpdatedAt": now,
        }
        if kind.name == "Gateway":
            identity = f"{prefix}:workload-identity-directory/default/workload-identity/{resource_id}"
            attributes["GatewayUrl"] = f"{gateway_url}/gateways/{resource_id}/mcp"
            attributes["WorkloadIdentityDetails"] = {"WorkloadIdentityArn": identity}
            attributes["WorkloadIdentityDetails.WorkloadIdentityArn"] = identity
        if kind.name == "OAuth2CredentialProvider":
            attributes["CallbackUrl"] = f"{gateway_url}/identities/oauth2/callback/{resource_id}"
        if kind.name in SECRET_ATTRIBUTES:
            secret = f"arn:aws:secretsmanager:{get_region()}:{get_account_id()}:secret:{resource_id}"
            attributes[SECRET_ATTRIBUTES[kind.name]] = {"SecretArn": secret}
            attributes[f"{SECRET_ATTRIBUTES[kind.name]}.SecretArn"] = secret
        refs = {"id": resource_id, "arn": arn, "name": str(properties.get("Name", resource_id))}
        return refs[kind.ref], attributes

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        name = str(properties.get("Name") or physical_name(stack, logical_id, limit=37))
        digest = hashlib.sha256(f"{stack}/{logical_id}/{name}".encode()).hexdigest()
        return provision(properties, f"{name if kind.path == 'policy' else name.lower()}-{digest[:10]}")

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del stack, old
        existing = next(r for r in of_kind(kind.name) if r.physical_id == physical_id)
        return provision(new, str(existing.attributes[kind.id_attribute]))

    return ResourceHandler(create, update, keep_nothing, status=kind.status)


def of_kind(name: str) -> list[DeployedResource]:
    """The deployed resources of one of these types."""
    return [found for found in deployed_resources() if found.resource_type == f"{PREFIX}{name}"]


def gateways() -> list[dict[str, object]]:
    """Every deployed gateway with its targets and policies: what a server of its tools needs."""
    targets, engines, policies = of_kind("GatewayTarget"), of_kind("PolicyEngine"), of_kind("Policy")
    return [describe(gateway, targets, engines, policies) for gateway in of_kind("Gateway")]


def describe(
    gateway: DeployedResource,
    targets: list[DeployedResource],
    engines: list[DeployedResource],
    policies: list[DeployedResource],
) -> dict[str, object]:
    """One gateway as `GET /_slipway/gateways/{id}` shows it."""
    attachment = gateway.properties.get("PolicyEngineConfiguration")
    engine_arn, mode = (
        (attachment.get("Arn"), attachment.get("Mode", "ENFORCE"))
        if isinstance(attachment, dict)
        else (None, "NONE")
    )
    engine_ids = {
        e.attributes["PolicyEngineId"] for e in engines if e.attributes["PolicyEngineArn"] == engine_arn
    }
    return {
        "gateway_id": gateway.physical_id,
        "arn": gateway.attributes["GatewayArn"],
        "name": gateway.properties.get("Name", gateway.physical_id),
        "url": gateway.attributes["GatewayUrl"],
        "authorizer": gateway.properties.get("AuthorizerType", "AWS_IAM"),
        "mode": mode,
        "interceptors": to_api(gateway.properties.get("InterceptorConfigurations", [])),
        "targets": [
            {
                "name": target.properties.get("Name", target.physical_id),
                "target_id": target.attributes["TargetId"],
                "target_configuration": to_api(target.properties.get("TargetConfiguration", {})),
            }
            for target in targets
            if target.properties.get("GatewayIdentifier")
            in (gateway.physical_id, gateway.attributes["GatewayArn"])
        ],
        "policies": [
            {"name": policy.properties["Name"], "statement": statement(policy.properties)}
            for policy in policies
            if policy.properties.get("PolicyEngineId") in engine_ids
        ],
    }


def statement(properties: Properties) -> str:
    """The Cedar text of a policy."""
    definition = properties.get("Definition")
    for form in ("Cedar", "Policy"):
        body = definition.get(form) if isinstance(definition, dict) else None
        if isinstance(body, dict):
            return str(body.get("Statement", ""))
    return ""
