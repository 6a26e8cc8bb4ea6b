"""CloudFront before the HTTP API, and the secret without which the API answers nobody."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from slipway.domain.origin_proof import HEADER
from stacks.config import EnvironmentConfig


def edge_authorizer(function: lambda_.IFunction) -> authorizers.HttpLambdaAuthorizer:
    """Asks `function` once an hour; without the header a request is refused before that."""
    return authorizers.HttpLambdaAuthorizer(
        "Edge",
        function,
        authorizer_name="edge",
        identity_source=[f"$request.header.{HEADER}"],
        response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
        results_cache_ttl=Duration.hours(1),
    )


class FrontDoor(Construct):
    """A distribution that caches nothing and adds the secret to every request."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        api_host: str,
        secret: secretsmanager.ISecret,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        domain = config.domain
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            # A changed comment has CloudFormation read the secret again: raise `edge_secret_round` for that.
            comment=f"Slipway {config.name}, secret {config.edge_secret_round}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    api_host,
                    custom_headers={HEADER: secret.secret_value.unsafe_unwrap()},
                    protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                    origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                    read_timeout=Duration.seconds(30),
                ),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                # Everything but Host, by which API Gateway finds the API; signatures cover body and headers.
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                compress=False,
            ),
            web_acl_id=web_acl_arn,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            # CloudFront's own certificate has CloudFront's own minimum.
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None,
            domain_names=[domain.name] if domain else None,
            certificate=certificates.Certificate.from_certificate_arn(
                self, "Certificate", domain.certificate_arn
            )
            if domain
            else None,
        )

    @property
    def host(self) -> str:
        """CloudFront's own name for the distribution."""
        return self.distribution.distribution_domain_name
