"""The topic of alerts: what CloudWatch says of an alarm becomes a message that people understand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lambdas.process import logger, platform, settings
from slipway import bootstrap
from slipway.domain.alarm import AlarmChange
from slipway.domain.intake.delivery import is_object, objects, text
from slipway.ports.alarms import AlarmChannel, AlarmLog
from slipway.services.tell_alarm import tell_alarm


@cache
def people() -> tuple[AlarmLog, AlarmChannel]:
    """Made on the first message."""
    return bootstrap.alarms(settings(), secrets=platform().secrets)


def handler(event: Mapping[str, object], _context: object) -> dict[str, int]:
    """How many of the messages were news."""
    log, channel = people()
    told = 0
    for record in objects(event, "Records") if is_object(event) else ():
        change = AlarmChange.model_validate_json(text(record, "Sns", "Message"))
        is_news = tell_alarm(change, log=log, channel=channel)
        logger().info("alarm=<%s>, state=<%s>, news=<%s> | told", change.name, change.state, is_news)
        told += is_news
    return {"told": told}
