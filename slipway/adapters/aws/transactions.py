"""Several rows written together or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import code, mapped
from slipway.domain.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_PAUSES_SECONDS = (0.02, 0.06, 0.18, 0.5)


def write_together(
    clients: Clients, writes: Sequence[TransactWriteItemTypeDef], *, doing: str
) -> frozenset[int]:
    """Positions of the writes whose condition failed; empty when all were written.

    Two transactions on one row cancel each other: that is tried again before it is a Conflict.
    """
    for pause in (*_PAUSES_SECONDS, None):
        reasons = _attempt(clients, writes, doing=doing)
        failed = frozenset(i for i, reason in enumerate(reasons) if reason == "ConditionalCheckFailed")
        if failed or not reasons:
            return failed
        if pause is not None:
            time.sleep(pause)
    raise Conflict(f"{doing}: other writers kept changing the same rows; try again")


def _attempt(clients: Clients, writes: Sequence[TransactWriteItemTypeDef], *, doing: str) -> list[str]:
    with mapped(doing):
        try:
            clients.dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if code(error) != "TransactionCanceledException":
                raise
            reasons = error.response.get("CancellationReasons", [])
            if any(reason.get("Code") in _LASTING for reason in reasons):
                raise
            return [str(reason.get("Code", "None")) for reason in reasons] or ["TransactionConflict"]
    return []


_LASTING = {"ValidationError", "ItemCollectionSizeLimitExceeded", "AccessDenied"}
