"""Where people sign in: a Cognito user pool, and Google when it is configured."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.config import EnvironmentConfig, GoogleSignIn
from stacks.constructs.retention import removal_policy

CONSOLE_ON_A_LAPTOP = "http://localhost:8400/"
_GOOGLE_SECRET_KEY = "client_secret"
_SCOPES = (cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE)


class SignIn(Construct):
    """Nobody signs up: operators invite people, or Google vouches; `People` says what they may do."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        home: str,
        secrets: Mapping[str, secretsmanager.ISecret],
    ) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._pool(config)
        google = self._google(config.google, secrets["google"]) if config.google else None
        home_pages = [home, CONSOLE_ON_A_LAPTOP] if config.tier == "development" else [home]
        supported = [cognito.UserPoolClientIdentityProvider.COGNITO]
        if google:
            supported.append(cognito.UserPoolClientIdentityProvider.GOOGLE)
        self.client = self.pool.add_client(
            "Console",
            user_pool_client_name=f"slipway-{config.name}-console",
            # A page cannot keep a secret; the authorization code flow with PKCE needs none.
            generate_secret=False,
            # The second is for operators with the right in IAM, such as a smoke test.
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=list(_SCOPES),
                callback_urls=home_pages,
                logout_urls=home_pages,
            ),
            supported_identity_providers=supported,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            id_token_validity=Duration.hours(1),
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(1),
        )
        if google:
            self.client.node.add_dependency(google)
        domain = self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"slipway-{config.name}-{Aws.ACCOUNT_ID}"
            ),
        )
        self.authorizer = authorizers.HttpUserPoolAuthorizer(
            "People", self.pool, user_pool_clients=[self.client], authorizer_name="people"
        )
        self.outputs = {
            "SignInUrl": domain.base_url(),
            "UserPoolId": self.pool.user_pool_id,
            "ClientId": self.client.user_pool_client_id,
        }

    def _pool(self, config: EnvironmentConfig) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "People",
            user_pool_name=f"slipway-{config.name}",
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            mfa=cognito.Mfa.REQUIRED if config.tier == "production" else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                temp_password_validity=Duration.days(3),
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=config.keeps_data,
            removal_policy=removal_policy(config),
        )

    def _google(
        self, google: GoogleSignIn, secret: secretsmanager.ISecret
    ) -> cognito.UserPoolIdentityProviderGoogle:
        return cognito.UserPoolIdentityProviderGoogle(
            self,
            "Google",
            user_pool=self.pool,
            client_id=google.client_id,
            client_secret_value=secret.secret_value_from_json(_GOOGLE_SECRET_KEY),
            scopes=["openid", "email", "profile"],
            attribute_mapping=cognito.AttributeMapping(
                email=cognito.ProviderAttribute.GOOGLE_EMAIL,
                email_verified=cognito.ProviderAttribute.other("email_verified"),
                fullname=cognito.ProviderAttribute.GOOGLE_NAME,
            ),
        )
