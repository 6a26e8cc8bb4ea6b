"""Says everything that does not fit in an environment's configuration at once: field, value, remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stacks.config.model import EDGE_REGION, EnvironmentConfig

LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653)
"""What CloudWatch Logs offers."""

_NAME = re.compile(r"[a-z][a-z0-9]{1,11}")
_REGION = re.compile(r"(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d")
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")
_AT_DOMAIN = re.compile(r"@[^@\s,]+\.[^@\s,]+")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:(?P<region>[a-z0-9-]+):\d{12}:certificate/[a-z0-9-]+")
_ZONE = re.compile(r"Z[A-Z0-9]{1,31}")
_CHANNEL = re.compile(r"#?[A-Za-z0-9_-]{1,80}")
_PROFILE = re.compile(r"(?P<geography>[a-z]{2,6})\.[a-z0-9]+\.[A-Za-z0-9:._-]+")
_DISCOVERY = re.compile(r"https://\S+/\.well-known/openid-configuration")
_GOOGLE_CLIENT = re.compile(r"[\w-]+\.apps\.googleusercontent\.com")
_TIERS = ("fast", "standard", "deep")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that does not fit."""

    field: str
    found: object
    remedy: str

    def __str__(self) -> str:
        return f"{self.field} = {self.found!r}: {self.remedy}"


class InvalidEnvironment(ValueError):
    """An environment's configuration does not fit; the message lists everything."""

    def __init__(self, environment: str, found: tuple[Finding, ...]) -> None:
        self.findings = found
        lines = "\n".join(f"  - {each}" for each in found)
        super().__init__(
            f"environment {environment!r} in stacks/config/environments.py has {len(found)} "
            f"{'mistake' if len(found) == 1 else 'mistakes'}:\n{lines}"
        )


def check(config: EnvironmentConfig) -> None:
    """Raise InvalidEnvironment unless everything fits."""
    if found := findings(config):
        raise InvalidEnvironment(config.name, found)


def findings(config: EnvironmentConfig) -> tuple[Finding, ...]:
    """Everything that does not fit, in the order of the fields."""
    return tuple(found for part in _PARTS for found in part(config))


def _identity(config: EnvironmentConfig) -> Iterator[Finding]:
    if not _NAME.fullmatch(config.name):
        yield Finding(
            field="name",
            found=config.name,
            remedy="use 2 to 12 lower-case letters and digits; it becomes part of every resource's name",
        )
    if not _REGION.fullmatch(config.region):
        yield Finding(field="region", found=config.region, remedy="name an AWS region such as eu-west-1")


def _models(config: EnvironmentConfig) -> Iterator[Finding]:
    for tier, profile in config.model_tiers.items():
        field = f"model_tiers[{tier}]"
        if tier not in _TIERS:
            yield Finding(field=field, found=profile, remedy=f"tiers are {', '.join(_TIERS)}")
        match = _PROFILE.fullmatch(profile)
        if config.model_provider == "bedrock" and match is None:
            yield Finding(
                field=field,
                found=profile,
                remedy="name an inference profile, such as eu.anthropic.claude-sonnet-5-5",
            )
        elif match is not None and config.region.startswith("eu-") and match["geography"] != "eu":
            yield Finding(
                field=field,
                found=profile,
                remedy=f"choose an eu. profile: {config.region} is in the EU and its data stays there",
            )


def _evaluation(config: EnvironmentConfig) -> Iterator[Finding]:
    if not 0 <= config.evaluation_percent <= 100:
        yield Finding(field="evaluation_percent", found=config.evaluation_percent, remedy="0 to 100")


def _retention(config: EnvironmentConfig) -> Iterator[Finding]:
    if config.log_days not in LOG_DAYS:
        yield Finding(
            field="log_days",
            found=config.log_days,
            remedy=f"CloudWatch Logs keeps for {', '.join(map(str, LOG_DAYS))} days; choose one",
        )
    yield from _at_least(config, 1, "snapshot_days", "noncurrent_days", "session_days", "event_days")
    if config.archive_days is not None and config.archive_days < 30:
        yield Finding(
            field="archive_days",
            found=config.archive_days,
            remedy="Glacier bills 90 days at least, so archive after 30 days or more, or None for never",
        )


def _limits(config: EnvironmentConfig) -> Iterator[Finding]:
    yield from _at_least(
        config,
        1,
        "max_running_tasks",
        "max_running_per_repository",
        "approval_hours",
        "ci_hours",
        "heartbeat_seconds",
    )
    if config.max_running_per_repository > config.max_running_tasks:
        yield Finding(
            field="max_running_per_repository",
            found=config.max_running_per_repository,
            remedy=f"at most max_running_tasks, which is {config.max_running_tasks}",
        )
    if config.heartbeat_timeout_seconds < 3 * config.heartbeat_seconds:
        yield Finding(
            field="heartbeat_timeout_seconds",
            found=config.heartbeat_timeout_seconds,
            remedy=f"at least three heartbeats of {config.heartbeat_seconds} s, or one lost beat ends a run",
        )
    if not 0 < config.throttle.per_second <= config.throttle.burst:
        yield Finding(
            field="throttle", found=config.throttle, remedy="0 < per_second, and burst not below it"
        )


def _budgets(config: EnvironmentConfig) -> Iterator[Finding]:
    budgets = config.budgets
    if not 0 < budgets.task <= budgets.day <= budgets.month:
        yield Finding(field="budgets", found=budgets, remedy="0 < task, and no less for a day and a month")


def _edge(config: EnvironmentConfig) -> Iterator[Finding]:
    if config.web_acl and not config.edge:
        yield Finding(
            field="web_acl",
            found=True,
            remedy="AWS WAF does not attach to an HTTP API: set edge=True, or web_acl=False",
        )
    if config.google and not _GOOGLE_CLIENT.fullmatch(config.google.client_id):
        yield Finding(
            field="google.client_id",
            found=config.google.client_id,
            remedy="use the OAuth client id of Google's console; it ends in .apps.googleusercontent.com",
        )
    domain = config.domain
    if domain is None:
        return
    if not _HOST.fullmatch(domain.name):
        yield Finding(
            field="domain.name", found=domain.name, remedy="a host name such as slipway.example.com"
        )
    wanted = EDGE_REGION if config.edge else config.region
    certificate = _CERTIFICATE.fullmatch(domain.certificate_arn)
    if certificate is None or certificate["region"] != wanted:
        reader = "CloudFront reads certificates" if config.edge else "the HTTP API reads its certificate"
        yield Finding(
            field="domain.certificate_arn",
            found=domain.certificate_arn,
            remedy=f"the ARN of an ACM certificate in {wanted}: {reader} there",
        )
    if domain.hosted_zone_id and not _ZONE.fullmatch(domain.hosted_zone_id):
        yield Finding(
            field="domain.hosted_zone_id",
            found=domain.hosted_zone_id,
            remedy="the id of a Route 53 zone, such as Z0123456789ABC, or empty to make the record yourself",
        )


def _people(config: EnvironmentConfig) -> Iterator[Finding]:
    for field, addresses in (
        ("people.approvers", config.people.approvers),
        ("people.readers", config.people.readers),
    ):
        for address in addresses:
            if not (_EMAIL.fullmatch(address) or _AT_DOMAIN.fullmatch(address)):
                yield Finding(field=field, found=address, remedy="an e-mail address, or @ and a domain")
    for address in config.alerts.emails:
        if not _EMAIL.fullmatch(address):
            yield Finding(field="alerts.emails", found=address, remedy="an e-mail address")
    if config.alerts.slack_channel and not _CHANNEL.fullmatch(config.alerts.slack_channel):
        yield Finding(
            field="alerts.slack_channel",
            found=config.alerts.slack_channel,
            remedy="a channel's id or name, such as #slipway-alerts",
        )


def _tools(config: EnvironmentConfig) -> Iterator[Finding]:
    sign_in = config.tool_sign_in
    if sign_in is None:
        return
    if not _DISCOVERY.fullmatch(sign_in.discovery_url):
        yield Finding(
            field="tool_sign_in.discovery_url",
            found=sign_in.discovery_url,
            remedy="the provider's https address that ends in /.well-known/openid-configuration",
        )
    if not (sign_in.clients or sign_in.audiences):
        yield Finding(
            field="tool_sign_in.clients",
            found=(),
            remedy="name the client ids or audiences whose tokens count, or any token of the provider would",
        )


def _production(config: EnvironmentConfig) -> Iterator[Finding]:
    if config.tier != "production":
        return
    if not config.keeps_data:
        yield Finding(field="keeps_data", found=False, remedy="production data must outlive its stacks")
    if not config.customer_keys:
        yield Finding(field="customer_keys", found=False, remedy="production encrypts with keys of its own")
    if config.log_days < 90:
        yield Finding(field="log_days", found=config.log_days, remedy="production keeps logs 90 days or more")
    if config.model_provider == "deterministic":
        yield Finding(
            field="model_provider",
            found=config.model_provider,
            remedy="the rule-driven model is for laptops and CI; use bedrock or openai",
        )


def _at_least(config: EnvironmentConfig, least: int, *fields: str) -> Iterator[Finding]:
    for field in fields:
        value = getattr(config, field)
        if value < least:
            yield Finding(field=field, found=value, remedy=f"at least {least}")


_PARTS = (_identity, _models, _evaluation, _retention, _limits, _budgets, _edge, _people, _tools, _production)
