"""AgentCore Memory's long-term side: what strategies make of events, by rules instead of a model.

A semantic or preference strategy keeps what people said as records of its namespace; a summary strategy
keeps one record for each session. Records appear with the event, not some seconds later as in AWS.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping

from local.aws import patching
from local.aws.context import Context

logger = logging.getLogger(__name__)

SUMMARY_LINES = 20
LINE_CHARACTERS = 200
RECORD_CHARACTERS = 16_000
_BY_MESSAGE = {"SEMANTIC", "USER_PREFERENCE"}
_VARIABLE = re.compile(r"\{(\w+)\}")
Reply = tuple[int, Mapping[str, str], bytes]


def install(context: Context) -> None:
    """Extract from each created event, and answer questions about a part of a hierarchy."""
    del context
    from ministack.services import bedrock_agentcore as service

    stock_create = service._create_event
    stock_matches = service._namespace_matches

    def create_event(raw_memory_id: str, body: bytes) -> Reply:
        known = event_ids(raw_memory_id)
        reply: Reply = stock_create(raw_memory_id, body)
        if reply[0] == 201 and service._parse_body(body).get("extractionMode") != "SKIP":
            event = json.loads(reply[2])["event"]
            # A repeated client token is answered with the event that exists already.
            if event["eventId"] not in known:
                extract(raw_memory_id, event)
        return reply

    def below(pattern: str, namespaces: list[str]) -> bool:
        if not pattern.endswith("/**"):
            return bool(stock_matches(pattern, namespaces))
        parent = pattern.removesuffix("/**")
        return any(each == parent or each.startswith(f"{parent}/") for each in namespaces)

    patching.replace([service], "_create_event", create_event)
    patching.replace([service], "_namespace_matches", below)
    for name in ("_list_memory_records", "_retrieve_memory_records"):
        patching.rewrite(
            service,
            name,
            old='data.get("namespace") or data.get("namespacePath")',
            new='data.get("namespace") or (data["namespacePath"].rstrip("/") + "/**" '
            'if data.get("namespacePath") else None)',
        )


def extract(raw_memory_id: str, event: Mapping[str, object]) -> None:
    """Write the records that the memory's strategies make of one event."""
    from ministack.services import bedrock_agentcore as service

    memory_id, scope, error = service._resolve_memory(raw_memory_id)
    if error:
        return
    memory = service._mem_get(service._memories, memory_id, scope)
    records = dict(service._records_bucket(memory_id, scope))
    for strategy in memory.get("strategies", []):
        namespace = resolved(strategy, event)
        if strategy["type"] in _BY_MESSAGE:
            _remember_messages(records, strategy["strategyId"], namespace, event)
        elif strategy["type"] == "SUMMARIZATION":
            _summarise(records, strategy["strategyId"], namespace, event)
        else:
            logger.warning("strategy=<%s> | its kind extracts nothing on the laptop", strategy["type"])
    service._mem_set(service._memory_records, memory_id, scope, records)


def event_ids(raw_memory_id: str) -> set[str]:
    """The events that a memory holds."""
    from ministack.services import bedrock_agentcore as service

    memory_id, scope, error = service._resolve_memory(raw_memory_id)
    if error:
        return set()
    return {
        str(event["eventId"])
        for sessions in service._events_bucket(memory_id, scope).values()
        for session in sessions.values()
        for event in session["events"]
    }


def resolved(strategy: Mapping[str, object], event: Mapping[str, object]) -> str:
    """The strategy's namespace for the actor and session of an event."""
    templates = strategy.get("namespaceTemplates") or strategy.get("namespaces")
    template = str(templates[0]) if isinstance(templates, list) and templates else "/"
    values = {"memoryStrategyId": strategy.get("strategyId"), **event}
    return _VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), template)


def messages(event: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Role and text of each conversational part."""
    payload = event.get("payload")
    for part in payload if isinstance(payload, list) else ():
        said = part.get("conversational") if isinstance(part, dict) else None
        content = said.get("content") if isinstance(said, dict) else None
        if isinstance(said, dict) and isinstance(content, dict) and content.get("text"):
            yield str(said.get("role", "OTHER")), str(content["text"])


def _remember_messages(
    records: dict[str, dict[str, object]], strategy_id: str, namespace: str, event: Mapping[str, object]
) -> None:
    known = {_text(record) for record in records.values() if record["namespaces"] == [namespace]}
    for role, text in messages(event):
        if role == "USER" and text[:RECORD_CHARACTERS] not in known:
            _add(records, strategy_id, namespace, event, text)


def _summarise(
    records: dict[str, dict[str, object]], strategy_id: str, namespace: str, event: Mapping[str, object]
) -> None:
    before = next(
        (
            record
            for record in records.values()
            if record["namespaces"] == [namespace] and record["memoryStrategyId"] == strategy_id
        ),
        None,
    )
    said = [f"{role.lower()}: {' '.join(text.split())[:LINE_CHARACTERS]}" for role, text in messages(event)]
    if not said:
        return
    if before is None:
        _add(records, strategy_id, namespace, event, "\n".join(said[-SUMMARY_LINES:]))
    else:
        before["content"] = {"text": "\n".join([*_text(before).split("\n"), *said][-SUMMARY_LINES:])}


def _add(
    records: dict[str, dict[str, object]],
    strategy_id: str,
    namespace: str,
    event: Mapping[str, object],
    text: str,
) -> None:
    from ministack.services import bedrock_agentcore as service

    record_id = str(service._record_id())
    records[record_id] = {
        "memoryRecordId": record_id,
        "content": {"text": text[:RECORD_CHARACTERS]},
        "memoryStrategyId": strategy_id,
        "namespaces": [namespace],
        "createdAt": event["eventTimestamp"],
    }


def _text(record: Mapping[str, object]) -> str:
    content = record.get("content")
    return str(content.get("text", "")) if isinstance(content, dict) else ""
