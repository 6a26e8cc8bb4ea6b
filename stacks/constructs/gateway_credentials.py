"""What AgentCore Identity keeps: the gateway's credentials, and how people let agents act for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import CfnOutput, SecretValue
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.config.model import OAuthService
from stacks.constructs.gateway_targets import RemoteTarget
from stacks.constructs.permissions import allow
from stacks.constructs.retention import removal_policy

SIGN_IN_KEY = "client_secret"
_UNSET = "unset"
_OURS = "EXTERNAL"
"""The value lies in a secret of ours, not in AgentCore's vault."""

_OAuth = agentcore.CfnOAuth2CredentialProvider


@dataclass(frozen=True, kw_only=True)
class TargetCredential:
    """A secret that operators fill, and the provider that hands it to the gateway."""

    secret: secretsmanager.ISecret
    provider_arn: str


@dataclass(frozen=True, kw_only=True)
class OAuthVendor:
    """A service that people can sign in to; `target` is the gateway target whose secret it shares."""

    service: OAuthService
    vendor: str
    target: str


OAUTH_VENDORS = (
    OAuthVendor(service="github", vendor="GithubOauth2", target="github"),
    OAuthVendor(service="atlassian", vendor="AtlassianOauth2", target="jira"),
)


def target_credentials(
    scope: Construct, targets: Sequence[RemoteTarget], *, config: EnvironmentConfig
) -> Mapping[str, TargetCredential]:
    """A credential for each remote target, unset until an operator fills its secret."""
    return {target.name: _credential(scope, target, config=config) for target in targets}


def _credential(scope: Construct, target: RemoteTarget, *, config: EnvironmentConfig) -> TargetCredential:
    place = Construct(scope, names.construct_id(target.name))
    keys = {names.GATEWAY_CREDENTIAL_KEY: target.credential}
    if any(vendor.target == target.name for vendor in OAUTH_VENDORS):
        keys[SIGN_IN_KEY] = "the OAuth app's client secret, if people sign in"
    secret = secretsmanager.Secret(
        place,
        "Credential",
        secret_name=names.gateway_secret(config.name, target.name),
        description="JSON: " + "; ".join(f"{key} = {meaning}" for key, meaning in keys.items()),
        secret_object_value={key: SecretValue.unsafe_plain_text(_UNSET) for key in keys},
        removal_policy=removal_policy(config),
    )
    provider = agentcore.CfnApiKeyCredentialProvider(
        place,
        "Provider",
        name=names.credential_provider(config.name, target.name),
        # Our own secret, so that a new token needs no deploy and no value passes through a template.
        api_key_secret_source=_OURS,
        api_key_secret_config=agentcore.CfnApiKeyCredentialProvider.SecretReferenceProperty(
            secret_id=secret.secret_arn, json_key=names.GATEWAY_CREDENTIAL_KEY
        ),
    )
    return TargetCredential(secret=secret, provider_arn=provider.attr_credential_provider_arn)


def write_credentials(
    credentials: Mapping[str, TargetCredential], targets: Sequence[str]
) -> iam.PolicyStatement:
    """Replace these targets' credentials; reading keeps what else their secrets hold."""
    return allow(
        ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
        [credentials[target].secret.secret_arn for target in targets],
    )


class PeopleSignIn(Construct):
    """OAuth providers with which people let agents act for them, and the identity that agents ask under.

    A provider exists before its OAuth app does: registering the app needs the callback URL, which only the
    provider knows. So the client id starts as "unset" and becomes real in the configuration.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        credentials: Mapping[str, TargetCredential],
    ) -> None:
        super().__init__(scope, construct_id)
        self.workload_identity = agentcore.CfnWorkloadIdentity(
            self, "Identity", name=names.workload_identity(config.name)
        )
        for vendor in OAUTH_VENDORS:
            provider = _OAuth(
                self,
                f"{names.construct_id(vendor.service)}Provider",
                name=names.oauth_provider(config.name, vendor.service),
                credential_provider_vendor=vendor.vendor,
                oauth2_provider_config_input=_configuration(
                    vendor,
                    client_id=config.oauth_clients.get(vendor.service, _UNSET),
                    secret=credentials[vendor.target].secret,
                ),
            )
            CfnOutput(
                self,
                f"{names.construct_id(vendor.service)}CallbackUrl",
                value=provider.attr_callback_url,
                description=f"Callback URL for the OAuth app at {vendor.service}",
            )


def _configuration(
    vendor: OAuthVendor, *, client_id: str, secret: secretsmanager.ISecret
) -> _OAuth.Oauth2ProviderConfigInputProperty:
    reference = _OAuth.SecretReferenceProperty(secret_id=secret.secret_arn, json_key=SIGN_IN_KEY)
    if vendor.service == "github":
        return _OAuth.Oauth2ProviderConfigInputProperty(
            github_oauth2_provider_config=_OAuth.GithubOauth2ProviderConfigInputProperty(
                client_id=client_id, client_secret_source=_OURS, client_secret_config=reference
            )
        )
    return _OAuth.Oauth2ProviderConfigInputProperty(
        atlassian_oauth2_provider_config=_OAuth.AtlassianOauth2ProviderConfigInputProperty(
            client_id=client_id, client_secret_source=_OURS, client_secret_config=reference
        )
    )
