"""A Sentry webhook from raw bytes to answer: one write, since Sentry waits a second; the rest follows it."""

from __future__ import annotations

from slipway.domain.intake import sentry
from slipway.domain.intake.decisions import Ack, Ignore, Ingest, IssueChange, Reject
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, check_content_type, check_size, read_object
from slipway.domain.intake.signatures import check_sentry_signature
from slipway.domain.problem import refuse
from slipway.ports.platform import Platform
from slipway.services.reply import Reply, ignored


def receive_sentry(delivery: Delivery, platform: Platform) -> Reply:
    """202 when something was recorded, 200 with the reason when not."""
    check_size(delivery)
    connection = platform.secrets.sentry()
    check_sentry_signature(
        delivery,
        [secret.get_secret_value() for secret in connection.webhook_secrets],
        header=sentry.SIGNATURE_HEADER,
        unsigned=sentry.LEGACY,
    )
    check_content_type(delivery, JSON_TYPE)
    decision = sentry.decide(delivery, read_object(delivery.body))
    match decision:
        case Ignore(reason=reason) | Ack(reason=reason):
            return ignored(reason)
        case Reject(reason=reason):
            raise refuse(400, "Not a Sentry webhook", reason)
        case IssueChange():
            return _change(decision, platform)
        case Ingest():
            return _record(decision, platform, starts_work=decision.alert.kind in connection.starts_work)


def _record(ingest: Ingest, platform: Platform, *, starts_work: bool) -> Reply:
    record = platform.alerts.record(
        ingest.alert, delivery_id=ingest.delivery_id, at=platform.clock(), starts_work=starts_work
    )
    if record is None:
        return ignored("this delivery was recorded before")
    return Reply(
        status=202, body={"subject": record.subject, "state": str(record.state), "count": record.count}
    )


def _change(change: IssueChange, platform: Platform) -> Reply:
    if change.status is None or not platform.alerts.set_status(change.subject, change.status):
        return ignored(change.reason)
    return Reply(status=202, body={"subject": change.subject, "status": change.status})
