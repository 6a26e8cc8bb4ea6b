"""REST v3 for issues: create, get, edit, delete, transitions, changelog, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.double import body
from local.jira import edits, jql, views
from local.jira.access import Refusal, caller, issue_or_404
from local.jira.fields import ISSUE_TYPES, PRIORITIES, STATUSES
from local.jira.state import Issue, now

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.double import JsonObject
    from local.jira.state import Change, Project, Site, User
    from local.jira.webhooks import Deliveries

_DEFAULT_SEARCH_FIELDS = ("id",)


class TransitionRequest(BaseModel):
    """The body of a transition: Jira wants the id."""

    transition: edits.NamedValue


class SearchRequest(BaseModel):
    """The body of an enhanced search."""

    jql: str = ""
    fields: list[str] = Field(default_factory=list)
    max_results: int = Field(default=50, alias="maxResults")
    next_page_token: str | None = Field(default=None, alias="nextPageToken")


class IssueApi:
    """The issue endpoints over one site."""

    def __init__(self, site: Site, deliveries: Deliveries) -> None:
        """Serve `site` and tell `deliveries` what happened."""
        self._site = site
        self._deliveries = deliveries

    def routes(self) -> list[BaseRoute]:
        """Return the routes, below `/rest/api/3`."""
        one = "/issue/{issue}"
        return [
            Route("/issue", self.create, methods=["POST"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/transitions", self.transitions, methods=["GET"]),
            Route(f"{one}/transitions", self.transition, methods=["POST"]),
            Route(f"{one}/changelog", self.changelog, methods=["GET"]),
            Route("/search/jql", self.search, methods=["GET", "POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """Create an issue and announce it."""
        user = caller(self._site, request)
        wanted = await body(request, edits.IssueEdit)
        try:
            issue = self._new_issue(wanted, user)
        except edits.FieldError as error:
            raise Refusal(400, errors={error.field: error.message}) from error
        self._site.state.issues[issue.key] = issue
        self._site.save()
        self._announce("jira:issue_created", "issue_created", issue, user, [])
        document = {
            "id": issue.id,
            "key": issue.key,
            "self": f"{self._site.url}/rest/api/3/issue/{issue.id}",
        }
        return JSONResponse(document, status_code=201)

    async def get(self, request: Request) -> Response:
        """Return an issue, with its changelog when `expand` asks for it."""
        caller(self._site, request)
        issue = issue_or_404(self._site, request)
        fields = request.query_params.get("fields")
        document = views.issue(self._site, issue, fields=fields.split(",") if fields else None)
        if "changelog" in request.query_params.get("expand", "").split(","):
            document["changelog"] = self._histories(issue, "histories")
        return JSONResponse(document)

    async def edit(self, request: Request) -> Response:
        """Change fields and labels and announce what really changed."""
        user = caller(self._site, request)
        issue = issue_or_404(self._site, request)
        wanted = await body(request, edits.IssueEdit)
        draft = issue.model_copy(deep=True)
        try:
            changed = edits.apply(self._site, draft, wanted)
        except edits.FieldError as error:
            raise Refusal(400, errors={error.field: error.message}) from error
        assigned = [change for change in changed if change.field == "assignee"]
        self._keep(draft, changed, user, "issue_assigned" if assigned == changed else None)
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Delete an issue for good."""
        user = caller(self._site, request)
        issue = issue_or_404(self._site, request)
        payload: JsonObject = {
            "user": views.user(self._site, user.account_id),
            "issue": views.issue(self._site, issue, version=2),
        }
        del self._site.state.issues[issue.key]
        self._site.save()
        self._deliveries.publish("jira:issue_deleted", issue, payload)
        return Response(status_code=204)

    async def transitions(self, request: Request) -> Response:
        """List the transitions; from every status one can go to every other."""
        caller(self._site, request)
        issue_or_404(self._site, request)
        found = [
            {
                "id": status.transition_id,
                "name": status.name,
                "to": views.status(self._site, status.name),
                "hasScreen": False,
                "isGlobal": True,
                "isInitial": False,
                "isAvailable": True,
                "isConditional": False,
            }
            for status in STATUSES.values()
        ]
        return JSONResponse({"expand": "transitions", "transitions": found})

    async def transition(self, request: Request) -> Response:
        """Move an issue along a transition given by its id."""
        user = caller(self._site, request)
        issue = issue_or_404(self._site, request)
        wanted = (await body(request, TransitionRequest)).transition.id
        status = next((s for s in STATUSES.values() if s.transition_id == wanted), None)
        if status is None:
            raise Refusal(
                400,
                f"It seems that you have tried to perform a workflow operation ({wanted}) that is "
                "not valid for the current state of this issue.",
            )
        self._keep(issue, edits.move(issue, status.name), user, "issue_generic")
        return Response(status_code=204)

    async def changelog(self, request: Request) -> Response:
        """Return an issue's changelog, oldest first."""
        caller(self._site, request)
        document = self._histories(issue_or_404(self._site, request), "values")
        return JSONResponse({**document, "isLast": True})

    async def search(self, request: Request) -> Response:
        """Find issues by JQL; only the fields asked for come back, by default the ids."""
        caller(self._site, request)
        wanted = await self._search_request(request)
        try:
            found = jql.search(self._site, wanted.jql)
        except jql.JqlError as error:
            raise Refusal(400, str(error)) from error
        start = int(wanted.next_page_token or "0")
        page = found[start : start + max(1, min(wanted.max_results, 100))]
        end = start + len(page)
        fields = wanted.fields or _DEFAULT_SEARCH_FIELDS
        document: JsonObject = {
            "issues": [views.issue(self._site, issue, fields=fields) for issue in page],
            "isLast": end >= len(found),
        }
        if end < len(found):
            document["nextPageToken"] = str(end)
        return JSONResponse(document)

    async def _search_request(self, request: Request) -> SearchRequest:
        if request.method == "POST":
            return await body(request, SearchRequest)
        query = request.query_params
        return SearchRequest.model_validate(
            {
                "jql": query.get("jql", ""),
                "fields": [name for name in query.get("fields", "").split(",") if name],
                "maxResults": query.get("maxResults", "50"),
                "nextPageToken": query.get("nextPageToken"),
            }
        )

    def _new_issue(self, wanted: edits.IssueEdit, user: User) -> Issue:
        fields = wanted.fields
        edits.check(fields)
        project = self._project(fields.project)
        moment = now()
        issue = Issue(
            id=self._site.next_id(),
            key=f"{project.key}-{project.issues + 1}",
            project=project.key,
            issue_type=edits.named(
                "issuetype", fields.issuetype or edits.NamedValue(name="Task"), ISSUE_TYPES
            ).name,
            summary=edits.checked_summary(fields.summary),
            description=edits.checked_description(fields.description),
            labels=edits.checked_labels(fields.labels or []),
            priority=edits.named(
                "priority", fields.priority or edits.NamedValue(name="Medium"), PRIORITIES
            ).name,
            creator=user.account_id,
            reporter=user.account_id,
            created=moment,
            updated=moment,
        )
        if fields.assignee is not None:
            chosen = edits.Fields(assignee=fields.assignee)
            edits.apply(self._site, issue, edits.IssueEdit(fields=chosen))
        project.issues += 1
        return issue

    def _project(self, wanted: edits.ProjectValue | None) -> Project:
        for project in self._site.state.projects.values():
            if wanted is not None and (project.key == wanted.key or project.id == wanted.id):
                return project
        raise edits.FieldError("project", "Specify a valid project ID or key")

    def _keep(self, issue: Issue, changed: list[Change], user: User, event_type: str | None) -> None:
        """Keep a changed issue; an edit that changes nothing leaves no trace, as in Jira."""
        if not changed:
            return
        edits.record(self._site, issue, changed, author=user.account_id)
        self._site.state.issues[issue.key] = issue
        self._site.save()
        self._announce("jira:issue_updated", event_type or "issue_updated", issue, user, changed)

    def _announce(self, event: str, event_type: str, issue: Issue, user: User, changed: list[Change]) -> None:
        payload: JsonObject = {
            "issue_event_type_name": event_type,
            "user": views.user(self._site, user.account_id),
            "issue": views.issue(self._site, issue, version=2),
        }
        if changed:
            payload["changelog"] = {
                "id": issue.history[-1].id,
                "items": views.changes(changed),
            }
        self._deliveries.publish(event, issue, payload)

    def _histories(self, issue: Issue, name: str) -> JsonObject:
        return {
            "startAt": 0,
            "maxResults": max(len(issue.history), 100),
            "total": len(issue.history),
            name: [views.history(self._site, entry) for entry in issue.history],
        }
