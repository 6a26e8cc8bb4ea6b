"""Labels of a repository, and on its issues and pull requests."""

from __future__ import annotations

import json
from dataclasses import replace

from pydantic import Field
from starlette.responses import Response

from local.forge.errors import Refused, invalid, not_found
from local.forge.records import Label
from local.forge.rest.issues import ensure_labels, issue_event, the_issue
from local.forge.shapes import pull_request as shapes
from local.forge.web import Body, Call, Endpoint, created, ok


class LabelsBody(Body):
    """Label names."""

    labels: list[str] = Field(default_factory=list)


class NewLabelBody(Body):
    """A label to make."""

    name: str
    color: str = "ededed"
    description: str | None = None


def list_repository_labels(call: Call) -> Response:
    """List the labels of a repository."""
    here = call.repository.id
    found = call.forge.store.labels.where(lambda label: label.repository_id == here)
    return call.listing(found, lambda label: shapes.label(call.forge, call.repository, label))


def create_label(call: Call) -> Response:
    """Make a label."""
    asked, here = call.parse(NewLabelBody), call.repository.id
    if any(
        label.name == asked.name for label in call.forge.store.labels.where(lambda x: x.repository_id == here)
    ):
        raise invalid("Label", "name", "already_exists")
    label = call.forge.store.labels.put(
        Label(call.forge.store.next_id(), here, asked.name, asked.color, asked.description)
    )
    return created(shapes.label(call.forge, call.repository, label))


def get_label(call: Call) -> Response:
    """Describe a label."""
    here, name = call.repository.id, call.text("name")
    label = call.forge.store.labels.first(lambda x: x.repository_id == here and x.name == name)
    if label is None:
        raise not_found()
    return ok(shapes.label(call.forge, call.repository, label))


def list_labels(call: Call) -> Response:
    """List the labels of an issue."""
    return ok(shapes.labels(call.forge, call.repository, the_issue(call).labels))


def add_labels(call: Call) -> Response:
    """Label an issue; a bare list is accepted too, as GitHub does."""
    issue = the_issue(call)
    names = _label_names(call)
    for name in names:
        if name not in issue.labels:
            issue = replace(issue, labels=(*issue.labels, *ensure_labels(call, [name])))
            issue_event(call, call.forge.store.issues.put(issue), "labeled")
    return list_labels(call)


def set_labels(call: Call) -> Response:
    """Replace an issue's labels."""
    issue = replace(the_issue(call), labels=ensure_labels(call, _label_names(call)))
    call.forge.store.issues.put(issue)
    return list_labels(call)


def remove_label(call: Call) -> Response:
    """Take a label off an issue."""
    issue, name = the_issue(call), call.text("name")
    if name not in issue.labels:
        raise Refused(404, "Label does not exist")
    issue = replace(issue, labels=tuple(label for label in issue.labels if label != name))
    issue_event(call, call.forge.store.issues.put(issue), "unlabeled")
    return list_labels(call)


def _label_names(call: Call) -> list[str]:
    try:
        raw = json.loads(call.body or b"{}")
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error
    return [str(name) for name in raw] if isinstance(raw, list) else call.parse(LabelsBody).labels


_REPOSITORY = "/repos/{owner}/{repo}"
_LABELS = f"{_REPOSITORY}/labels"
_ON_ISSUE = f"{_REPOSITORY}/issues/{{number}}/labels"
_WRITE = "issues"
ENDPOINTS = (
    Endpoint("GET", _LABELS, list_repository_labels),
    Endpoint("POST", _LABELS, create_label, access="write", permission=_WRITE),
    Endpoint("GET", f"{_LABELS}/{{name}}", get_label),
    Endpoint("GET", _ON_ISSUE, list_labels),
    Endpoint("POST", _ON_ISSUE, add_labels, access="write", permission=_WRITE),
    Endpoint("PUT", _ON_ISSUE, set_labels, access="write", permission=_WRITE),
    Endpoint("DELETE", f"{_ON_ISSUE}/{{name}}", remove_label, access="write", permission=_WRITE),
)
