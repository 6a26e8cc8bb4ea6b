"""What the OpenAPI document describes is exactly what is routed."""

from __future__ import annotations

from lambdas.openapi.operations import OPERATIONS
from stacks.routes import PEOPLE_ROUTES, ROUTES


def test_every_route_is_described_and_every_description_is_routed() -> None:
    described = {f"{one.method.upper()} {one.path}" for one in OPERATIONS}
    assert described == {f"{method.value} {path}" for method, path, _ in (*ROUTES, *PEOPLE_ROUTES)}


def test_exactly_the_routes_of_people_ask_for_their_sign_in() -> None:
    signed_in = {f"{one.method.upper()} {one.path}" for one in OPERATIONS if one.proof == "signIn"}
    assert signed_in == {f"{method.value} {path}" for method, path, _ in PEOPLE_ROUTES}
