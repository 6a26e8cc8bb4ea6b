"""REST v3 for what hangs on an issue: comments, attachments, remote links."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from local.double import JsonObject, body
from local.jira import adf, edits, views
from local.jira.access import Refusal, caller, issue_or_404
from local.jira.state import Attachment, Change, Comment, RemoteLink, now

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.jira.state import Issue, Site, User
    from local.jira.webhooks import Deliveries


class CommentBody(BaseModel):
    """The body of a comment; REST v3 takes ADF only."""

    body: JsonObject = Field(default_factory=dict)


class RemoteLinkBody(BaseModel):
    """The body of a remote link; the same global id updates the link."""

    global_id: str | None = Field(default=None, alias="globalId")
    relationship: str | None = None
    object: JsonObject = Field(default_factory=dict)


class CommentApi:
    """The endpoints below one issue."""

    def __init__(self, site: Site, deliveries: Deliveries) -> None:
        """Serve `site` and tell `deliveries` what happened."""
        self._site = site
        self._deliveries = deliveries

    def routes(self) -> list[BaseRoute]:
        """Return the routes, below `/rest/api/3`."""
        comments, one = "/issue/{issue}/comment", "/issue/{issue}/comment/{comment}"
        return [
            Route(comments, self.list_comments, methods=["GET"]),
            Route(comments, self.create_comment, methods=["POST"]),
            Route(one, self.get_comment, methods=["GET"]),
            Route(one, self.edit_comment, methods=["PUT"]),
            Route(one, self.delete_comment, methods=["DELETE"]),
            Route("/issue/{issue}/attachments", self.attach, methods=["POST"]),
            Route("/attachment/content/{attachment}", self.content, methods=["GET"]),
            Route("/attachment/{attachment}", self.attachment, methods=["GET"]),
            Route("/issue/{issue}/remotelink", self.list_links, methods=["GET"]),
            Route("/issue/{issue}/remotelink", self.link, methods=["POST"]),
        ]

    async def list_comments(self, request: Request) -> Response:
        """Return an issue's comments, oldest first."""
        caller(self._site, request)
        issue = issue_or_404(self._site, request)
        start = int(request.query_params.get("startAt", "0"))
        limit = int(request.query_params.get("maxResults", "100"))
        ordered = issue.comments
        if request.query_params.get("orderBy") == "-created":
            ordered = ordered[::-1]
        page = [views.comment(self._site, issue, c) for c in ordered[start : start + limit]]
        total = len(issue.comments)
        return JSONResponse({"startAt": start, "maxResults": limit, "total": total, "comments": page})

    async def create_comment(self, request: Request) -> Response:
        """Add a comment and announce it."""
        user = caller(self._site, request)
        issue = issue_or_404(self._site, request)
        moment = now()
        comment = Comment(
            id=self._site.next_id(),
            author=user.account_id,
            update_author=user.account_id,
            body=_document(await body(request, CommentBody)),
            created=moment,
            updated=moment,
        )
        issue.comments.append(comment)
        self._commented("comment_created", issue, comment)
        return JSONResponse(views.comment(self._site, issue, comment), status_code=201)

    async def get_comment(self, request: Request) -> Response:
        """Return one comment."""
        caller(self._site, request)
        issue, comment = self._comment(request)
        return JSONResponse(views.comment(self._site, issue, comment))

    async def edit_comment(self, request: Request) -> Response:
        """Replace a comment's body; an edit keeps the id, which is how a status stays in place."""
        user = caller(self._site, request)
        issue, comment = self._comment(request)
        comment.body = _document(await body(request, CommentBody))
        comment.update_author, comment.updated = user.account_id, now()
        self._commented("comment_updated", issue, comment)
        return JSONResponse(views.comment(self._site, issue, comment))

    async def delete_comment(self, request: Request) -> Response:
        """Delete a comment."""
        caller(self._site, request)
        issue, comment = self._comment(request)
        issue.comments.remove(comment)
        self._commented("comment_deleted", issue, comment)
        return Response(status_code=204)

    async def attach(self, request: Request) -> Response:
        """Keep the uploaded files; Jira wants its anti-forgery header on uploads."""
        user = caller(self._site, request)
        issue = issue_or_404(self._site, request)
        if request.headers.get("x-atlassian-token") != "no-check":
            raise Refusal(403, "XSRF check failed")
        added: list[Attachment] = []
        async with request.form() as form:
            for part in form.getlist("file"):
                if isinstance(part, UploadFile):
                    added.append(self._keep_file(part.filename, await part.read(), user))
        if not added:
            raise Refusal(400, "No file was given; send it as the multipart field 'file'.")
        issue.attachments.extend(added)
        changes = [
            Change(field="Attachment", field_id="attachment", to_id=a.id, to_string=a.filename) for a in added
        ]
        entry = edits.record(self._site, issue, changes, author=user.account_id)
        self._site.save()
        payload: JsonObject = {
            "issue_event_type_name": "issue_updated",
            "user": views.user(self._site, user.account_id),
            "issue": views.issue(self._site, issue, version=2),
            "changelog": {"id": entry.id, "items": views.changes(changes)},
        }
        self._deliveries.publish("jira:issue_updated", issue, payload)
        return JSONResponse([views.attachment(self._site, a) for a in added])

    async def attachment(self, request: Request) -> Response:
        """Return an attachment's metadata."""
        caller(self._site, request)
        return JSONResponse(views.attachment(self._site, self._attachment(request)))

    async def content(self, request: Request) -> Response:
        """Return an attachment's bytes."""
        caller(self._site, request)
        found = self._attachment(request)
        return FileResponse(
            self._site.attachments / found.id, media_type=found.mime_type, filename=found.filename
        )

    async def list_links(self, request: Request) -> Response:
        """Return an issue's links to pages elsewhere."""
        caller(self._site, request)
        issue = issue_or_404(self._site, request)
        return JSONResponse(
            [
                {
                    "id": link.id,
                    "self": f"{self._site.url}/rest/api/3/issue/{issue.key}/remotelink/{link.id}",
                    "globalId": link.global_id,
                    "relationship": link.relationship,
                    "object": link.object,
                }
                for link in issue.remote_links
            ]
        )

    async def link(self, request: Request) -> Response:
        """Add a link, or update the one with the same global id."""
        caller(self._site, request)
        issue = issue_or_404(self._site, request)
        wanted = await body(request, RemoteLinkBody)
        if not {"url", "title"} <= wanted.object.keys():
            raise Refusal(400, errors={"object": "'url' and 'title' are required."})
        found = next((x for x in issue.remote_links if x.global_id and x.global_id == wanted.global_id), None)
        if found is None:
            found = RemoteLink(id=int(self._site.next_id()), object={})
            issue.remote_links.append(found)
            status = 201
        else:
            status = 200
        found.global_id, found.object = wanted.global_id, wanted.object
        found.relationship = wanted.relationship
        self._site.save()
        address = f"{self._site.url}/rest/api/3/issue/{issue.key}/remotelink/{found.id}"
        return JSONResponse({"id": found.id, "self": address}, status_code=status)

    def _commented(self, event: str, issue: Issue, comment: Comment) -> None:
        issue.updated = comment.updated
        self._site.save()
        payload: JsonObject = {
            "comment": views.comment(self._site, issue, comment, version=2),
            "issue": views.reduced_issue(self._site, issue),
        }
        self._deliveries.publish(event, issue, payload)

    def _comment(self, request: Request) -> tuple[Issue, Comment]:
        issue = issue_or_404(self._site, request)
        for comment in issue.comments:
            if comment.id == request.path_params["comment"]:
                return issue, comment
        raise Refusal(404, f"Can not find a comment for the id: {request.path_params['comment']}.")

    def _attachment(self, request: Request) -> Attachment:
        wanted = request.path_params["attachment"]
        for issue in self._site.state.issues.values():
            for found in issue.attachments:
                if found.id == wanted:
                    return found
        raise Refusal(404, f"The attachment with id '{wanted}' does not exist")

    def _keep_file(self, filename: str | None, content: bytes, user: User) -> Attachment:
        name = filename or "attachment"
        attachment = Attachment(
            id=self._site.next_id(),
            filename=name,
            mime_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=len(content),
            author=user.account_id,
            created=now(),
        )
        self._site.attachments.mkdir(parents=True, exist_ok=True)
        (self._site.attachments / attachment.id).write_bytes(content)
        return attachment


def _document(given: CommentBody) -> JsonObject:
    if not adf.is_document(given.body):
        raise Refusal(400, errors={"comment": "Comment body is not valid!"})
    return given.body
