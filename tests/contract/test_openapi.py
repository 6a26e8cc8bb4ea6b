"""What the OpenAPI document says is what the deployed handlers do."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lambdas import edge
from lambdas.openapi.document import document
from lambdas.openapi.handler import handler as serve
from lambdas.openapi.operations import OPERATIONS
from scripts.benchmarks.deliveries import WAITING_TASK, WELL_FORMED
from scripts.benchmarks.fuzzed_platform import NOW, footprint, fuzzed_platform
from scripts.benchmarks.signing import SECRETS, SIGN
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.settings import Settings
from tests.contract.api_in_process import TOKEN, Api, Route

PERSON = "ada@example.com"
SOURCES = {sent.path: sent.source for sent in WELL_FORMED}
FOLDERS = {sent.path: sent.handler for sent in WELL_FORMED} | {
    "/health": "health",
    "/openapi.json": "openapi",
}
ROUTES = tuple(
    Route(
        method=one.method.upper(),
        path=one.path,
        folder=FOLDERS.get(one.path, "tasks_api"),
        people=one.proof == "signIn",
    )
    for one in OPERATIONS
)
CLAIMS = {"token_use": "id", "email": PERSON, "email_verified": "true"}
CONFORMS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def prove(path: str, body: bytes) -> dict[str, str]:
    """What a sender adds to its request: the source's signature, or a person's token."""
    if path not in SOURCES:
        return {"authorization": f"Bearer {TOKEN}"}
    source = SOURCES[path]
    return SIGN[source](body, SECRETS[source][0], int(NOW.timestamp()))


def contract(api: Api, *, proven: bool) -> schemathesis.BaseSchema:
    """Where the sender proves itself, what is generated is only what it sends, never its proof."""
    described = json.loads(json.dumps(document()))
    for methods in described["paths"].values():
        for operation in methods.values():
            if proven:
                del operation["security"]
    loaded = schemathesis.openapi.from_dict(described)
    loaded.app = api
    return loaded


signed = contract(Api(routes=ROUTES, claims=CLAIMS, prove=prove), proven=True)
unsigned = contract(Api(routes=ROUTES, claims=CLAIMS), proven=False)
people = signed.include(path_regex="^/tasks")
thorough = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[*HealthCheck],
)


class Held:
    """The platform of one test."""

    def __init__(self) -> None:
        self.platform = fuzzed_platform()

    def __call__(self) -> MemoryPlatform:
        return self.platform


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    chosen = Settings(environment="dev", approvers=PERSON)
    for folder in {route.folder for route in ROUTES}:
        module = importlib.import_module(f"lambdas.{folder}.handler")
        for name, value in (("platform", held), ("settings", lambda: chosen)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(edge, "settings", lambda: chosen)
    logging.disable(logging.CRITICAL)
    yield held
    logging.disable(logging.NOTSET)


@signed.parametrize()
@thorough
def test_what_is_proven_is_answered_as_the_document_says(case: Case) -> None:
    case.call_and_validate(checks=CONFORMS)


@unsigned.parametrize()
@thorough
def test_what_is_unproven_is_refused_as_the_document_says(case: Case, held: Held) -> None:
    before = footprint(held.platform)
    answer = case.call()
    case.validate_response(answer, checks=CONFORMS[:5])
    if case.operation.definition.raw["security"]:
        # What is not routed, such as another method, is answered by the gateway itself.
        assert answer.status_code == 401 or answer.json() == {"message": "Not Found"}
    assert footprint(held.platform) == before


@people.parametrize()
@thorough
def test_what_the_document_allows_people_to_send_is_taken(case: Case) -> None:
    if case.path_parameters:
        case.path_parameters["id"] = WAITING_TASK
    case.call_and_validate(checks=[*CONFORMS, positive_data_acceptance])


def test_the_document_is_served_as_it_is_kept() -> None:
    answer = serve({}, None)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == document()
