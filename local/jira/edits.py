"""Changes to an issue's fields, each with the changelog item that Jira records for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from local.double import JsonObject
from local.jira import adf, markup
from local.jira.fields import ISSUE_TYPES, PRIORITIES, STATUSES
from local.jira.state import Change, History, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.jira.fields import Named
    from local.jira.state import Issue, Site


class FieldError(Exception):
    """A field that Jira would refuse, by name, with Jira's words for it."""

    def __init__(self, field: str, message: str) -> None:
        """Say which field is wrong and why."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class NamedValue(BaseModel):
    """A value given by name, or by id."""

    name: str | None = None
    id: str | None = None


class Account(BaseModel):
    """A user given by account id; null is nobody."""

    account_id: str | None = Field(default=None, alias="accountId")
    id: str | None = None


class ProjectValue(BaseModel):
    """A project given by key, or by id."""

    key: str | None = None
    id: str | None = None


class Fields(BaseModel):
    """The fields that create and edit take; another one is refused by name, as Jira does."""

    model_config = ConfigDict(extra="allow")

    project: ProjectValue | None = None
    issuetype: NamedValue | None = None
    summary: str | None = None
    description: JsonValue = None
    labels: list[str] | None = None
    priority: NamedValue | None = None
    assignee: Account | None = None


class LabelOperation(BaseModel):
    """One operation of an edit's `update.labels`."""

    add: str | None = None
    remove: str | None = None
    set: list[str] | None = None


class Update(BaseModel):
    """The operations of an edit."""

    labels: list[LabelOperation] = Field(default_factory=list)


class IssueEdit(BaseModel):
    """The body of create issue and of edit issue."""

    fields: Fields = Field(default_factory=Fields)
    update: Update = Field(default_factory=Update)


def check(fields: Fields) -> None:
    """Refuse what this site's issues do not have."""
    for name in fields.model_extra or {}:
        raise FieldError(
            name,
            f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.",
        )


def apply(site: Site, issue: Issue, edit: IssueEdit) -> list[Change]:
    """Make an edit and return what it changed; a value that stays the same is no change."""
    check(edit.fields)
    given = edit.fields.model_fields_set
    found: list[Change | None] = []
    if "summary" in given:
        found.append(_summary(issue, edit.fields.summary))
    if "description" in given:
        found.append(_description(issue, edit.fields.description))
    if "priority" in given:
        found.append(_priority(issue, edit.fields.priority))
    if "issuetype" in given:
        found.append(_issue_type(issue, edit.fields.issuetype))
    if "assignee" in given:
        found.append(_assignee(site, issue, edit.fields.assignee))
    if "labels" in given or edit.update.labels:
        found.append(_labels(issue, edit))
    return [change for change in found if change is not None]


def move(issue: Issue, status: str) -> list[Change]:
    """Put an issue into a status; entering or leaving Done sets or clears the resolution."""
    before, after = STATUSES[issue.status], STATUSES[status]
    if before is after:
        return []
    issue.status = status
    changed = [_change("status", before, after)]
    was_done, is_done = (s.category.key == "done" for s in (before, after))
    if is_done and not was_done:
        changed.insert(0, Change(field="resolution", field_id="resolution", to_id="10000", to_string="Done"))
    elif was_done and not is_done:
        changed.insert(
            0,
            Change(field="resolution", field_id="resolution", from_id="10000", from_string="Done"),
        )
    return changed


def record(site: Site, issue: Issue, changed: list[Change], *, author: str) -> History:
    """Add changes to an issue's changelog."""
    entry = History(id=site.next_id(), author=author, created=now(), items=changed)
    issue.history.append(entry)
    issue.updated = entry.created
    return entry


def named(field: str, value: NamedValue | None, catalogue: Mapping[str, Named]) -> Named:
    """Return the catalogue's entry for a value given by name or id."""
    for entry in catalogue.values():
        if value is not None and (value.name == entry.name or value.id == entry.id):
            return entry
    raise FieldError(field, f"Specify a valid value; this site has {', '.join(catalogue)}")


def checked_summary(summary: str | None) -> str:
    """Return a summary that Jira accepts."""
    if not summary or not summary.strip():
        raise FieldError("summary", "You must specify a summary of the issue.")
    if "\n" in summary:
        raise FieldError("summary", "The summary is invalid because it contains newline characters.")
    if len(summary) > 255:
        raise FieldError("summary", "Summary can't exceed 255 characters.")
    return summary


def checked_description(description: JsonValue) -> JsonObject | None:
    """Return a description that REST v3 accepts: an ADF document or nothing."""
    if description is None:
        return None
    if not isinstance(description, dict) or not adf.is_document(description):
        raise FieldError("description", "Operation value must be an Atlassian Document")
    return description


def checked_labels(labels: list[str]) -> list[str]:
    """Return labels once each, in Jira's alphabetical order."""
    for label in labels:
        if not label or " " in label:
            raise FieldError("labels", f"The label '{label}' contains spaces which is invalid.")
    return sorted(set(labels))


def _summary(issue: Issue, summary: str | None) -> Change | None:
    before, issue.summary = issue.summary, checked_summary(summary)
    return _text_change("summary", before, issue.summary)


def _description(issue: Issue, description: JsonValue) -> Change | None:
    before, issue.description = issue.description, checked_description(description)
    return _text_change("description", markup.wiki_markup(before), markup.wiki_markup(issue.description))


def _priority(issue: Issue, value: NamedValue | None) -> Change | None:
    before, after = PRIORITIES[issue.priority], named("priority", value, PRIORITIES)
    issue.priority = after.name
    return None if before is after else _change("priority", before, after)


def _issue_type(issue: Issue, value: NamedValue | None) -> Change | None:
    before, after = ISSUE_TYPES[issue.issue_type], named("issuetype", value, ISSUE_TYPES)
    issue.issue_type = after.name
    return None if before is after else _change("issuetype", before, after)


def _assignee(site: Site, issue: Issue, value: Account | None) -> Change | None:
    wanted = None if value is None else value.account_id or value.id
    if wanted is not None and wanted not in site.state.users:
        raise FieldError("assignee", f"User '{wanted}' does not exist.")
    before, issue.assignee = issue.assignee, wanted
    if before == wanted:
        return None
    old, new = site.state.users.get(before or ""), site.state.users.get(wanted or "")
    return Change(
        field="assignee",
        field_id="assignee",
        from_id=before,
        from_string=old.display_name if old else None,
        to_id=wanted,
        to_string=new.display_name if new else None,
    )


def _labels(issue: Issue, edit: IssueEdit) -> Change | None:
    labels = issue.labels if edit.fields.labels is None else edit.fields.labels
    for operation in edit.update.labels:
        if operation.set is not None:
            labels = operation.set
        if operation.add is not None:
            labels = [*labels, operation.add]
        labels = [label for label in labels if label != operation.remove]
    before, issue.labels = issue.labels, checked_labels(labels)
    # Labels have no ids: Jira puts both lists into the strings, parted by single spaces.
    return _text_change("labels", " ".join(before), " ".join(issue.labels))


def _text_change(field: str, before: str | None, after: str | None) -> Change | None:
    if before == after:
        return None
    return Change(field=field, field_id=field, from_string=before, to_string=after)


def _change(field: str, before: Named, after: Named) -> Change:
    return Change(
        field=field,
        field_id=field,
        from_id=before.id,
        from_string=before.name,
        to_id=after.id,
        to_string=after.name,
    )
