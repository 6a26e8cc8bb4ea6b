"""Turns CloudFormation's property names into the service API's."""

from __future__ import annotations

OPAQUE = frozenset({"EnvironmentVariables", "Tags", "Metadata"})
"""Properties whose keys are the user's and stay as they are."""


def to_api(value: object) -> object:
    """`{"AgentRuntimeName": ..}` -> `{"agentRuntimeName": ..}` at every level but below opaque ones."""
    if isinstance(value, list):
        return [to_api(item) for item in value]
    if isinstance(value, dict):
        return {
            name[:1].lower() + name[1:]: item if name in OPAQUE else to_api(item)
            for name, item in value.items()
        }
    return value


def to_api_mapping(properties: dict[str, object]) -> dict[str, object]:
    """The same for one mapping."""
    translated = to_api(properties)
    return translated if isinstance(translated, dict) else {}
