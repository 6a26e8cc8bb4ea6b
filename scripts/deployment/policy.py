"""Least-privilege policies for deploying an environment, derived from its synthesized templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from scripts.deployment.assembly import Assembly, Resource
from scripts.deployment.policy_scopes import FOREIGN, HOME_SERVICE, OPERATOR, SCOPES
from scripts.deployment.resource_types import resource_types
from slipway.domain.errors import NotFound

MANAGED_POLICY_LIMIT = 6144
"""Characters of one managed policy, white space not counted."""
Document = dict[str, JsonValue]
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_LINKED_ROLES = "arn:{partition}:iam::{account}:role/aws-service-role/*"
_BOOTSTRAP_ROLES = "arn:{partition}:iam::{account}:role/cdk-*-{kind}-role-{account}-*"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the policies are for; `*` where it is not known."""

    environment: str
    account: str = "*"
    regions: tuple[str, ...] = ()
    partition: str = "aws"

    def arn(self, pattern: str, **more: str) -> str:
        """A pattern of policy_scopes.py, filled in."""
        region = self.regions[0] if len(self.regions) == 1 else "*"
        return pattern.format(
            partition=self.partition, region=region, account=self.account, env=self.environment, **more
        )


def actions_of(assembly: Assembly) -> frozenset[str]:
    """What CloudFormation calls for the resource types of the templates.

    A handler also lists actions of other services, for properties that we may not use (network interfaces,
    file systems): those of a service that the templates hold nothing of are left out.
    """
    known = [kind for kind in assembly.kinds if not kind.startswith(_CUSTOM)]
    homes = {_home(kind) for kind in known}
    listed = {action for kind in known for action in resource_types()[kind].actions}
    if len(known) < len(assembly.kinds):
        listed.add("lambda:InvokeFunction")
    return frozenset(
        action
        for action in listed
        if action != "iam:PassRole" and (action.partition(":")[0] in homes or action in FOREIGN)
    )


def execution_policies(assembly: Assembly, place: Place) -> list[Document]:
    """For `cdk bootstrap --cloudformation-execution-policies`, split by the size that IAM allows."""
    return list(_packed(list(_statements(actions_of(assembly), _passed_to(assembly), place))))


def operator_policy(place: Place) -> Document:
    """For whoever runs `slipway deploy`: assume CDK's roles, check, smoke-test, connect."""
    roles = [
        place.arn(_BOOTSTRAP_ROLES, kind=kind)
        for kind in ("deploy", "file-publishing", "image-publishing", "lookup")
    ]
    by_service: dict[str, list[str]] = {}
    for action in OPERATOR:
        by_service.setdefault(action.partition(":")[0], []).append(action)
    unscoped = resource_types().unscoped | {
        action for action in OPERATOR if action.partition(":")[0] in {"sts", "servicequotas", "bedrock"}
    }
    statements = [_statement("AssumeCdkRoles", ["sts:AssumeRole"], roles)]
    statements += _scoped(by_service, unscoped | _LISTING, place)
    statements += _unscoped(sorted((unscoped | _LISTING) & set(OPERATOR)))
    return _document(statements)


def size(document: Document) -> int:
    """Characters as IAM counts them."""
    return len("".join(json.dumps(document).split()))


def _statements(
    actions: frozenset[str], passed_to: Sequence[str], place: Place
) -> Iterator[dict[str, JsonValue]]:
    unscoped = resource_types().unscoped
    by_service: dict[str, list[str]] = {}
    for action in sorted(actions - {"iam:CreateServiceLinkedRole"}):
        by_service.setdefault(action.partition(":")[0], []).append(action)
    yield from _scoped(by_service, unscoped, place)
    yield from _unscoped(sorted(actions & unscoped))
    if "iam:CreateServiceLinkedRole" in actions:
        yield _statement("LinkedRoles", ["iam:CreateServiceLinkedRole"], [place.arn(_LINKED_ROLES)])
    if passed_to:
        passing = _statement("PassRoles", ["iam:PassRole"], [place.arn(SCOPES["iam"][0])])
        passing["Condition"] = {"StringEquals": {"iam:PassedToService": list(passed_to)}}
        yield passing


def _scoped(
    by_service: dict[str, list[str]], unscoped: frozenset[str], place: Place
) -> Iterator[dict[str, JsonValue]]:
    for service, listed in by_service.items():
        scoped = [action for action in listed if action not in unscoped]
        if not scoped:
            continue
        if service not in SCOPES:
            raise NotFound(
                f"service {service} has no entry in scripts/deployment/policy_scopes.py; add its ARNs"
            )
        name = "".join(part.capitalize() for part in service.split("-"))
        yield _statement(name, scoped, [place.arn(pattern) for pattern in SCOPES[service]])


def _unscoped(actions: Sequence[str]) -> list[dict[str, JsonValue]]:
    return [_statement("WithoutResource", actions, ["*"])] if actions else []


def _statement(name: str, actions: Iterable[str], resources: Sequence[str]) -> dict[str, JsonValue]:
    return {"Sid": name, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _packed(statements: Sequence[dict[str, JsonValue]]) -> Iterator[Document]:
    """First fit, largest first."""
    bins: list[list[dict[str, JsonValue]]] = []
    for statement in sorted(statements, key=lambda each: -len(json.dumps(each))):
        for content in bins:
            if size(_document([*content, statement])) <= MANAGED_POLICY_LIMIT:
                content.append(statement)
                break
        else:
            bins.append([statement])
    yield from (_document(content) for content in bins)


def _document(statements: Iterable[dict[str, JsonValue]]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _passed_to(assembly: Assembly) -> list[str]:
    """Services that the templates' roles trust: the only ones a role may be passed to."""
    return sorted(
        {
            service
            for _, _, resource in assembly.resources()
            if resource.kind == "AWS::IAM::Role"
            for service in _trusted(resource)
        }
    )


def _trusted(role: Resource) -> Iterator[str]:
    trust = role.properties.get("AssumeRolePolicyDocument")
    statements = trust.get("Statement") if isinstance(trust, dict) else None
    for statement in statements if isinstance(statements, list) else ():
        principal = statement.get("Principal") if isinstance(statement, dict) else None
        service = principal.get("Service") if isinstance(principal, dict) else None
        yield from (
            each for each in (service if isinstance(service, list) else [service]) if isinstance(each, str)
        )


def _home(kind: str) -> str:
    namespace = kind.split("::")[1]
    return HOME_SERVICE.get(namespace, namespace.lower())


_LISTING = frozenset(
    {
        "bedrock-agentcore:ListAgentRuntimes",
        "bedrock-agentcore:ListWorkloadIdentities",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
        "secretsmanager:ListSecrets",
        "states:ListStateMachines",
    }
)
