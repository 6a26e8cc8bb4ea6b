"""addOrEditJiraIssueComment, listJiraIssueTransitions and transitionJiraIssue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices, BaseModel, Field, JsonValue

from local.gateway.jira.client import ContentFormat, IssueArguments, document_of, readable
from local.gateway.tools import Tool, ToolFailed

if TYPE_CHECKING:
    from local.gateway.jira.client import JiraSite


class AddOrEditComment(IssueArguments):
    """Arguments of addOrEditJiraIssueComment; public clients send the text under either name."""

    commentBody: str = Field(
        validation_alias=AliasChoices("commentBody", "body"), description="The text of the comment"
    )
    commentId: str | None = Field(
        default=None, description="The comment to replace; a new one is added without it"
    )
    contentFormat: ContentFormat | None = Field(
        default=None, description="Format of the text: markdown (default) or adf"
    )


class ListTransitions(IssueArguments):
    """Arguments of listJiraIssueTransitions."""


class TransitionId(BaseModel):
    """A transition by its id."""

    id: str


class TransitionIssue(IssueArguments):
    """Arguments of transitionJiraIssue; public clients send the id in either form."""

    transition: TransitionId | None = Field(default=None, description="The transition, as {id}")
    transitionId: str | None = Field(default=None, description="The transition's id")


def tools(site: JiraSite) -> list[Tool[Any]]:
    """Return the tools that talk on an issue and move it."""

    async def add_or_edit_comment(wanted: AddOrEditComment) -> JsonValue:
        document = document_of(wanted.commentBody, wanted.contentFormat)
        comments = f"{wanted.path}/comment"
        method, path = ("PUT", f"{comments}/{wanted.commentId}") if wanted.commentId else ("POST", comments)
        made = await site.send(method, path, wanted, document={"body": document})
        return readable(made, wanted.contentFormat)

    async def list_transitions(wanted: ListTransitions) -> JsonValue:
        return await site.send("GET", f"{wanted.path}/transitions", wanted)

    async def transition(wanted: TransitionIssue) -> JsonValue:
        chosen = wanted.transition.id if wanted.transition else wanted.transitionId
        if chosen is None:
            raise ToolFailed("missing required parameter: transition; listJiraIssueTransitions has the ids")
        document: dict[str, JsonValue] = {"transition": {"id": chosen}}
        await site.send("POST", f"{wanted.path}/transitions", wanted, document=document)
        return {"issueIdOrKey": wanted.issueIdOrKey, "transitionId": chosen, "success": True}

    return [
        Tool(
            "addOrEditJiraIssueComment",
            "Add a comment to a Jira issue, or replace the text of an existing comment",
            AddOrEditComment,
            add_or_edit_comment,
            read_only=False,
        ),
        Tool(
            "listJiraIssueTransitions",
            "Get the transitions that are available for a Jira issue",
            ListTransitions,
            list_transitions,
        ),
        Tool(
            "transitionJiraIssue",
            "Move a Jira issue to another status",
            TransitionIssue,
            transition,
            read_only=False,
        ),
    ]
