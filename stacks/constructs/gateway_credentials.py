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

_UNSET = "unset"
_OURS = "EXTERNAL"
"""The value lies in a secret of ours, not in AgentCore's vault."""

_OAuth = agentcore.CfnOAuth2CredentialProvider


@dataclass(frozen=True, kw_only=True)
class TargetCredentials:
    """The secret that holds them all, and for each target the provider that hands its own to the gateway."""

    secret: secretsmanager.ISecret
    provider_arns: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OAuthVendor:
    """A service that people can sign in to."""

    service: OAuthService
    vendor: str

    @property
    def key(self) -> str:
        """Of the OAuth app's client secret, in the secret of the targets' credentials."""
        return f"{self.service}_client_secret"


OAUTH_VENDORS = (
    OAuthVendor(service="github", vendor="GithubOauth2"),
    OAuthVendor(service="atlassian", vendor="AtlassianOauth2"),
)


def target_credentials(
    scope: Construct, targets: Sequence[RemoteTarget], *, config: EnvironmentConfig
) -> TargetCredentials:
    """A credential for each remote target, unset until somebody fills in its key: one secret costs less."""
    keys = {target.name: target.credential for target in targets}
    keys |= {vendor.key: f"the {vendor.service} OAuth app's, if people sign in" for vendor in OAUTH_VENDORS}
    secret = secretsmanager.Secret(
        scope,
        "Secret",
        secret_name=names.gateway_secret(config.name),
        description="JSON: " + "; ".join(f"{key} = {meaning}" for key, meaning in keys.items()),
        secret_object_value={key: SecretValue.unsafe_plain_text(_UNSET) for key in keys},
        removal_policy=removal_policy(config),
    )
    return TargetCredentials(
        secret=secret,
        provider_arns={
            target.name: _provider(scope, target.name, secret=secret, config=config) for target in targets
        },
    )


def _provider(
    scope: Construct, target: str, *, secret: secretsmanager.ISecret, config: EnvironmentConfig
) -> str:
    provider = agentcore.CfnApiKeyCredentialProvider(
        scope,
        f"{names.construct_id(target)}Provider",
        name=names.credential_provider(config.name, target),
        # Our own secret, so that a new token needs no deploy and no value passes through a template.
        api_key_secret_source=_OURS,
        api_key_secret_config=agentcore.CfnApiKeyCredentialProvider.SecretReferenceProperty(
            secret_id=secret.secret_arn, json_key=target
        ),
    )
    return provider.attr_credential_provider_arn


def write_credentials(credentials: TargetCredentials) -> iam.PolicyStatement:
    """Replace a target's credential; reading keeps what else the secret holds."""
    return allow(
        ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
        (credentials.secret.secret_arn,),
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
        credentials: TargetCredentials,
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
                    secret=credentials.secret,
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
    reference = _OAuth.SecretReferenceProperty(secret_id=secret.secret_arn, json_key=vendor.key)
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
