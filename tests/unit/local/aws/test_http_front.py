from __future__ import annotations

import re
from typing import Any

import pytest

from local.aws.context import Route
from local.aws.http_front import find, is_from_this_machine, problem
from local.aws.retention import STREAMS_PER_GROUP, drop_old_streams


def route(method: str, path: str) -> Route:
    return Route(method, re.compile(path), lambda match, headers, body, query: (200, {}, b""))


def test_a_route_is_found_by_method_and_whole_path() -> None:
    routes = [route("GET", "/a"), route("POST", "/a/(?P<id>.+)")]
    assert find(routes, "GET", "/a/b") is None
    found = find(routes, "POST", "/a/arn:x/y")
    assert found is not None
    assert found[1]["id"] == "arn:x/y"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, True),
        ("http://localhost:3000", True),
        ("http://127.0.0.1", True),
        ("https://evil.example", False),
        ("null", False),
    ],
)
def test_pages_of_other_hosts_are_told_from_ours(origin: str | None, expected: bool) -> None:
    assert is_from_this_machine(origin) is expected


def test_a_problem_has_a_title_and_a_detail() -> None:
    status, headers, body = problem(404, "no agent")
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert b'"title": "Not Found"' in body


def test_the_oldest_streams_of_a_group_are_dropped() -> None:
    streams: dict[str, Any] = {f"s{n}": {"lastEventTimestamp": n} for n in range(STREAMS_PER_GROUP + 2)}
    drop_old_streams(streams)
    assert len(streams) == STREAMS_PER_GROUP
    assert "s0" not in streams
    assert "s1" not in streams
