"""A table's stream outlives the emulator, as its table and the positions of its readers do.

Stock saves how far each event source mapping has read, but not the stream: after a restart the stream
counts from zero again, every mapping stands beyond its end, and what is written until the stream has caught
up reaches no function.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from local.aws import patching
from local.aws.context import Context
from local.aws.table_streams import reads_a_table, table_of

logger = logging.getLogger(__name__)

State = dict[str, Any]
"""What a service of ministack saves: names of its stores and their contents."""
RECORDS, TRIMMED, SEQUENCE = "stream_records", "stream_trimmed", "stream_sequence"


def install(context: Context) -> None:
    """Save streams with the tables, and restore them before anything is read."""
    del context
    from ministack.services import dynamodb, lambda_svc

    saved_by_stock: Callable[[], State] = dynamodb.get_state
    tables_by_stock: Callable[[State], None] = dynamodb.load_persisted_state
    mappings_by_stock: Callable[[State], None] = lambda_svc.load_persisted_state

    def load_tables(state: State) -> None:
        tables_by_stock(state)
        restore(state)
        bring_positions_within()

    def load_mappings(state: State) -> None:
        mappings_by_stock(state)
        bring_positions_within()

    patching.replace([dynamodb], "get_state", lambda: {**saved_by_stock(), **unread()})
    patching.replace([dynamodb], "load_persisted_state", load_tables)
    patching.replace([lambda_svc], "load_persisted_state", load_mappings)


def unread() -> State:
    """The records that some mapping must still read; those before count as trimmed: files stay small."""
    from ministack.core.responses import AccountRegionScopedDict
    from ministack.services import dynamodb

    records, trimmed = AccountRegionScopedDict(), AccountRegionScopedDict()
    needed_from = oldest_positions()
    for (account, region, table), live in dynamodb._stream_records.all_items():
        before = int(dynamodb._stream_trimmed.get_scoped(account, region, table, 0))
        end = before + len(live)
        start = min(end, max(before, needed_from.get((account, region, table), end)))
        records.set_scoped(account, region, table, list(live[start - before :]))
        trimmed.set_scoped(account, region, table, start)
    return {RECORDS: records, TRIMMED: trimmed, SEQUENCE: dynamodb._stream_seq_counter}


def oldest_positions() -> dict[tuple[str, str, str], int]:
    """For each table that mappings read (account, region, table): where the slowest of them stands."""
    from ministack.services import lambda_svc

    oldest: dict[tuple[str, str, str], int] = {}
    for account, region, mapping in lambda_svc._iter_all_esms():
        if not reads_a_table(mapping):
            continue
        key = (account, region, table_of(mapping))
        position = int(lambda_svc._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"], 0))
        oldest[key] = min(position, oldest.get(key, position))
    return oldest


def restore(state: State) -> None:
    """Put saved streams back; a state of before streams were saved holds none."""
    from ministack.services import dynamodb

    dynamodb._stream_records.update(state.get(RECORDS, {}))
    dynamodb._stream_trimmed.update(state.get(TRIMMED, {}))
    dynamodb._stream_seq_counter = max(dynamodb._stream_seq_counter, int(state.get(SEQUENCE, 0)))


def bring_positions_within() -> None:
    """Set a mapping back to its stream's end when it stands beyond it.

    The files of a killed emulator are of different moments: a position can be younger than its stream.
    The table is then as old as the stream, so nothing that is beyond the end has happened.
    """
    from ministack.services import dynamodb, lambda_svc

    for account, region, mapping in lambda_svc._iter_all_esms():
        if not reads_a_table(mapping):
            continue
        end = int(dynamodb.stream_end_position(table_of(mapping), account_id=account, region=region))
        positions = lambda_svc._dynamodb_stream_positions
        position = positions.get_scoped(account, region, mapping["UUID"], None)
        if position is not None and int(position) > end:
            logger.info("mapping=<%s> | set back from %s to %d", mapping["UUID"], position, end)
            positions.set_scoped(account, region, mapping["UUID"], end)
