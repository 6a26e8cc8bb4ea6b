"""GET /tasks, /tasks/{id}, /tasks/{id}/events and POST /tasks/{id}/approval, for people who signed in."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.edge import check_came_through_the_edge
from lambdas.http import Event, Response, respond
from lambdas.process import platform, settings
from lambdas.tasks_api.answers import decide, list_tasks, show_events, show_task
from slipway.domain.intake.delivery import Delivery
from slipway.domain.people import People, signed_in
from slipway.domain.problem import refuse
from slipway.ports.platform import Platform
from slipway.services.reply import Reply


def handler(event: Event, _context: object) -> Response:
    """One request, whose token the API has checked already."""

    def answer(delivery: Delivery, ports: Platform) -> Reply:
        check_came_through_the_edge(delivery)
        return _answer(event, delivery, ports)

    return respond(event, answer, platform, rejected=None)


def _answer(event: Event, delivery: Delivery, ports: Platform) -> Reply:
    people = People.listed(approvers=settings().approvers, readers=settings().readers)
    person = signed_in(_inner(event, "requestContext", "authorizer", "jwt", "claims"))
    people.check_may_read(person)
    task_id = str(_inner(event, "pathParameters").get("id", ""))
    match event.get("routeKey"):
        case "GET /tasks":
            state = _inner(event, "queryStringParameters").get("state")
            return list_tasks(None if state is None else str(state), ports)
        case "GET /tasks/{id}":
            return show_task(task_id, ports)
        case "GET /tasks/{id}/events":
            return show_events(task_id, ports)
        case "POST /tasks/{id}/approval":
            people.check_may_decide(person)
            return decide(task_id, delivery, actor=person, platform=ports)
    raise refuse(404, "Not found", f"there is no route {event.get('routeKey')}")


def _inner(event: Event, *path: str) -> Mapping[str, object]:
    """A part of the event; what is absent or null is empty."""
    part: Mapping[str, object] = event
    for name in path:
        found = part.get(name)
        part = found if isinstance(found, Mapping) else {}
    return part
