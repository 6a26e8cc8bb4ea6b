"""The OpenAPI 3.1 document, made from the operations and the models that the code itself uses."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from lambdas.openapi.operations import OPERATIONS, Operation, Said
from slipway.domain.problem import CONTENT_TYPE, Problem

_TEMPLATE = "#/components/schemas/{model}"
_HMAC = "HMAC-SHA256 of the raw body with the source's secret"
_PROOFS: dict[str, JsonValue] = {
    "signIn": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "githubSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": f"`sha256=<hex>`: {_HMAC}.",
    },
    "jiraSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature",
        "description": f"`sha256=<hex>`: {_HMAC}.",
    },
    "sentrySignature": {
        "type": "apiKey",
        "in": "header",
        "name": "Sentry-Hook-Signature",
        "description": f"`<hex>`: {_HMAC}.",
    },
    "slackSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Slack-Signature",
        "description": "`v0=<hex>` of `v0:<X-Slack-Request-Timestamp>:<body>`, not older than five minutes.",
    },
}


def document() -> dict[str, JsonValue]:
    """The whole document."""
    paths: dict[str, dict[str, JsonValue]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Slipway",
            "version": "1",
            "description": "Tickets in, pull requests out. Errors are problem documents (RFC 9457).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {**paths},
        "components": {"schemas": _schemas(), "securitySchemes": _PROOFS},
    }


def _operation(operation: Operation) -> dict[str, JsonValue]:
    """One operation object."""
    described: dict[str, JsonValue] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "security": [{operation.proof: []}] if operation.proof else [],
        "responses": {
            **{str(status): _answer(status, said) for status, said in operation.answers.items()},
            **{str(status): _refusal(status, operation) for status in operation.refusals},
        },
    }
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.method == "post":
        described["requestBody"] = {
            "required": True,
            "content": {operation.media_type: {"schema": _body(operation)}},
        }
    return described


def _parameters(operation: Operation) -> list[JsonValue]:
    found: list[JsonValue] = []
    if "{id}" in operation.path:
        schema: JsonValue = {"type": "string", "minLength": 1}
        found.append({"name": "id", "in": "path", "required": True, "schema": schema})
    if operation.states:
        schema = {"type": "string", "enum": [*operation.states]}
        found.append({"name": "state", "in": "query", "required": False, "schema": schema})
    for name, what in operation.headers.items():
        schema = {"type": "string", "minLength": 1}
        found.append({"name": name, "in": "header", "required": True, "description": what, "schema": schema})
    return found


def _body(operation: Operation) -> JsonValue:
    """Ours by its model; another service's by what every one of its bodies has."""
    if operation.body is not None:
        return _reference(operation.body)
    fields: dict[str, JsonValue] = {name: {"type": "string", "minLength": 1} for name in operation.needs}
    return {
        "type": "object",
        "description": operation.statement,
        "required": [*operation.needs],
        "properties": fields,
        "additionalProperties": True,
    }


def _answer(status: int, said: Said) -> JsonValue:
    if isinstance(said, str):
        return {"description": said}
    any_of: list[JsonValue] = [_reference(model) for model in said]
    schema: JsonValue = any_of[0] if len(any_of) == 1 else {"anyOf": any_of}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": schema}},
    }


def _refusal(status: int, operation: Operation) -> JsonValue:
    """Before a person's request reaches us, API Gateway itself refuses a token that is no token."""
    content: dict[str, JsonValue] = {CONTENT_TYPE: {"schema": _reference(Problem)}}
    if status == HTTPStatus.UNAUTHORIZED and operation.proof == "signIn":
        content = {"application/json": {"schema": {"type": "object"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _reference(model: type[BaseModel]) -> JsonValue:
    return {"$ref": _TEMPLATE.format(model=model.__name__)}


def _schemas() -> JsonValue:
    """Bodies as they are read, answers as they are written."""
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for operation in OPERATIONS:
        if operation.body is not None:
            models[operation.body] = "validation"
        for said in operation.answers.values():
            models |= {} if isinstance(said, str) else dict.fromkeys(said, "serialization")
    _, whole = models_json_schema([*models.items()], ref_template=_TEMPLATE)
    schemas: dict[str, JsonValue] = whole["$defs"]
    return dict(sorted(schemas.items()))
