"""A domain name of your own: on the HTTP API where nothing is before it, and its DNS records."""

from __future__ import annotations

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.config import Domain

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution, as AWS documents it."""


def name_api(
    scope: Construct, *, domain: Domain, api: apigateway.IHttpApi, stage: apigateway.IHttpStage
) -> apigateway.DomainName:
    """Serve the API under the domain."""
    named = apigateway.DomainName(
        scope,
        "DomainName",
        domain_name=domain.name,
        certificate=certificates.Certificate.from_certificate_arn(
            scope, "Certificate", domain.certificate_arn
        ),
        security_policy=apigateway.SecurityPolicy.TLS_1_2,
    )
    apigateway.ApiMapping(scope, "ApiMapping", api=api, domain_name=named, stage=stage)
    return named


def point_at(scope: Construct, *, domain: Domain, host: str, zone: str) -> None:
    """Records for the domain in its hosted zone, when there is one."""
    if not domain.hosted_zone_id:
        return
    for kind in ("A", "AAAA"):
        route53.CfnRecordSet(
            scope,
            f"{kind}Record",
            hosted_zone_id=domain.hosted_zone_id,
            name=f"{domain.name}.",
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(dns_name=host, hosted_zone_id=zone),
        )
